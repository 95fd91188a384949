"""Reports of commands that read files line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import ExitCode
from .options import Format, Output
from .output import DRAWN, chosen_format, deliver, drawing_renderer, renderer_of
from .process import Process

if TYPE_CHECKING:
    from ..render.sheet import Sheet
    from ..tally import Skipped

__all__ = ["deliver_sheets", "mention_lines"]

_MOST_WARNINGS = 20


def deliver_sheets(sheets: Sequence[Sheet], rows: Sheet, output: Output, process: Process) -> None:
    """Write several sheets one below the other.

    Args:
        sheets: the tables for people; the first also has the JSON document and the lines for ``--quiet``.
        rows: the table for CSV, which has only one.
        output: the options about the report.
        process: the process, which writes the report.
    """
    chosen = chosen_format(Format, output, process)
    write = renderer_of(chosen, output, process)
    if output.quiet:
        text = "".join(f"{line}\n" for line in sheets[0].quiet)
    elif chosen in DRAWN:
        text = drawing_renderer(chosen, output).sheets(sheets)
    elif chosen is Format.JSON:
        text = write.sheet(sheets[0])
    elif chosen is Format.CSV:
        text = write.sheet(rows)
    else:
        text = "\n".join(write.sheet(sheet) for sheet in sheets)
    deliver(text, output, process)


def mention_lines(skipped: Sequence[Skipped], process: Process) -> ExitCode:
    """Print warnings about lines that could not be counted, and return the exit code for them."""
    for one in skipped[:_MOST_WARNINGS]:
        process.warn(f"{one.path}: {one.reason}")
    if len(skipped) > _MOST_WARNINGS:
        process.warn(f"{len(skipped) - _MOST_WARNINGS:,} more lines could not be counted; --json lists every one")
    if any(one.reason.startswith("unknown model") for one in skipped):
        process.hint("a name of your own is given with --alias 'NAME=gpt-4.1' or [alias] in the project file")
    return ExitCode.INCOMPLETE if skipped else ExitCode.OK
