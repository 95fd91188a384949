"""Options about the report: its file, format and colours."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from .choices import CheckFormat, Colour, Format
from .group import OptionGroup

__all__ = ["CheckOutput", "Delivery", "Output"]


class Delivery(OptionGroup):
    """Options about where a report is written, and how it looks."""

    json: Annotated[bool, Option("--json", help="The same as --format json.")] = False
    output: Annotated[
        str | None, Option("-o", "--output", metavar="FILE", help="Write the report to FILE instead.")
    ] = None
    quiet: Annotated[
        bool,
        Option("-q", "--quiet", help="Print only the answer, as a bare number or name."),
    ] = False
    explain: Annotated[
        bool,
        Option("--explain", help="Say what the numbers rest on, too: sources, ratios, tiers, dates, reading quality."),
    ] = False
    color: Annotated[Colour, Option("--color", "--colour", help="Use colour.")] = Colour.AUTO
    no_color: Annotated[bool, Option("--no-color", "--no-colour", help="The same as --color never.")] = False
    no_progress: Annotated[bool, Option("--no-progress", help="Show no progress bar.")] = False
    raw_csv: Annotated[
        bool, Option("--raw-csv", help="In CSV, do not guard names that a spreadsheet may take for formulas.")
    ] = False

    @property
    def colour(self) -> str:
        """When to use colour: ``auto``, ``always`` or ``never``."""
        return Colour.NEVER if self.no_color else self.color

    @property
    def file(self) -> str | None:
        """The file to write. None for standard output, also if ``-`` is given."""
        return None if self.output == "-" else self.output


_FORMAT = Option(
    "-f", "--format", help="How to write the report. Default: table on a terminal, else plain.", show_default=False
)


class Output(Delivery):
    """Options about the report of most commands."""

    format: Annotated[
        Format | None,
        _FORMAT,
    ] = None


class CheckOutput(Delivery):
    """Options about the report of ``check``, which has more formats."""

    format: Annotated[
        CheckFormat | None,
        _FORMAT,
    ] = None
