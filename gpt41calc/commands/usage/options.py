"""Options of ``usage``."""

from __future__ import annotations

from typing import Annotated

import typer

from ...cli.group import OptionGroup
from ...cli.options import Aliases, FeesARequest, PricingFile, Tier, Uplifts
from .row_keys import By

__all__ = ["TypedUsage"]


class TypedUsage(OptionGroup):
    """Options about the answers of a run."""

    input: Annotated[
        list[str] | None,
        typer.Option(
            "--input",
            metavar="FILE",
            help="The requests, as a Batch input file: matched by custom_id, estimate is compared with actual. "
            "Repeatable.",
        ),
    ] = None
    calibrate: Annotated[
        str | None,
        typer.Option(
            "--calibrate",
            metavar="FILE",
            help="Write what was learned, for --calibration: how long answers are, and with --input by how much "
            "prompts differ from their estimate.",
        ),
    ] = None
    output_tokens: Annotated[
        str | None,
        typer.Option(
            "--output-tokens",
            metavar="N",
            help="Output tokens to estimate with; p50, p90 and p99 are of the calibration. Default: 1000, or p50.",
        ),
    ] = None
    invoice: Annotated[
        list[str] | None,
        typer.Option(
            "--invoice",
            metavar="FILE",
            help="What the provider charged, as it exports it (CSV or JSON): compared with the answers by day and "
            "model. Repeatable.",
        ),
    ] = None
    row_keys: Annotated[
        list[By] | None,
        typer.Option(
            "--by",
            help="What a row stands for. Repeatable. Default: model, day and tier. kind, with --input: how good the "
            "estimates are by kind of request.",
            show_default=False,
        ),
    ] = None
    timezone: Annotated[
        str | None,
        typer.Option(
            "--timezone",
            metavar="NAME",
            help="Time zone of days, weeks and months, such as Europe/Berlin; prices are those of the day in UTC. "
            "Default: UTC.",
        ),
    ] = None
    unnamed_model: Annotated[
        str | None,
        typer.Option("-m", "--model", metavar="ID", help="Model of answers that do not name theirs."),
    ] = None
    tier: Annotated[
        Tier | None,
        typer.Option(
            "--tier",
            help="Price list of answers that do not say theirs. Default: batch for a Batch output file, else standard.",
            show_default=False,
        ),
    ] = None
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="YYYY-MM-DD",
            help="Day of answers that do not say when they were made. Default: today.",
        ),
    ] = None
    pricing: PricingFile = None
    alias: Aliases = None
    uplift: Uplifts = None
    fee: FeesARequest = None
