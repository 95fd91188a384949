"""Options that only ``estimate`` has."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Option

from ...cli.group import OptionGroup
from ...cli.image_options import ImageOptions
from ...cli.options import Partial, RequestsPerMonth, Sort, Strings
from ...requests.content_kind import Kind

__all__ = ["Content", "Migrating"]


class Content(ImageOptions):
    """Options about the kind of the inputs."""

    kind: Annotated[
        Kind | None,
        typer.Option("--kind", help="What a named file holds. Default: what its content says.", show_default=False),
    ] = None
    images: Annotated[
        bool, typer.Option("--images", help="Count pictures in folders, too, each as a part of the request.")
    ] = False
    full: Annotated[
        bool, typer.Option("--full", help="For Claude, count all of more than 1 MB of text, not a sample.")
    ] = False
    partial: Partial = False
    string: Strings = None
    sort: Sort = None
    input_tokens: Annotated[
        str | None,
        Option("--input-tokens", metavar="N", help="Price a request of N input tokens, and read nothing: 12k, 1.5M."),
    ] = None


class Migrating(OptionGroup):
    """Options about the migration from deprecated models."""

    migrate: Annotated[
        bool,
        typer.Option("--migrate", help="Add what to move to from models that end, and what moving costs or saves."),
    ] = False
    reasoning_tokens: Annotated[
        str | None,
        typer.Option(
            "--reasoning-tokens",
            metavar="N",
            help="With --migrate: tokens of each request that a replacement thinks in. Default: 1000.",
        ),
    ] = None
    requests_per_month: RequestsPerMonth = None
