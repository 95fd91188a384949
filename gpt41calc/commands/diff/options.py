"""Options that ``diff`` and ``log`` share."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from ...cli.options import Choice

__all__ = ["Past"]


class Past(Choice):
    """The files of a repository to examine."""

    path: Annotated[
        list[str] | None,
        Option("--path", metavar="PATH", help="Only this file or folder; the same as PATHS after --. Repeatable."),
    ] = None
