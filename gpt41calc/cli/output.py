"""Write results: choose the renderer, print warnings, and return the exit code."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol, TypeVar

from ..errors import ExitCode, UsageError
from .options import CheckFormat, CheckOutput, Delivery, Format, Output
from .process import Process, write_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..calculator.estimate import Estimate
    from ..render.escape import Syntax
    from ..render.page import HtmlRenderer
    from ..render.sheet import Sheet
    from ..render.svg import SvgRenderer
    from ..tally import Skipped, Tally

__all__ = [
    "DRAWN",
    "Renderer",
    "chosen_format",
    "deliver",
    "deliver_as",
    "deliver_sheet",
    "drawing_renderer",
    "is_short_report",
    "mention_lost",
    "renderer",
    "renderer_of",
    "require_counted",
    "require_file_name",
    "require_no_input",
    "verdict",
    "write_report",
]

AnyFormat = TypeVar("AnyFormat", Format, CheckFormat)

DRAWN = frozenset({Format.HTML, Format.SVG})
"""Formats with pictures."""

_NO_NAME = "-o: expected the name of a file"

_MOST_WARNINGS = 20
"""Most warnings that are printed; further ones are summed up, and the report lists all."""


class Renderer(Protocol):
    """Turns results into text, in one format."""

    def estimate(self, estimate: Estimate) -> str:
        """Write an estimate."""

    def sheet(self, sheet: Sheet) -> str:
        """Write rows under headings."""


def deliver_sheet(sheet: Sheet, output: Output, process: Process) -> None:
    """Write a table; with ``--quiet``, only its quiet lines."""
    text = "".join(f"{line}\n" for line in sheet.quiet) if output.quiet else renderer(output, process).sheet(sheet)
    deliver(text, output, process)


def require_file_name(output: Delivery) -> None:
    """Raise an error for an empty ``--output``, before anything is counted.

    Raises:
        UsageError: the name is empty.
    """
    if output.output == "":
        raise UsageError(_NO_NAME)


def require_no_input(path: str | None, read: Iterable[str]) -> None:
    """Raise an error if a report would replace a file that was read.

    Args:
        path: the file to write. None for standard output.
        read: the paths of the files that were read, those found in folders among them.

    Raises:
        UsageError: the file was read.
    """
    if path is not None:
        from .output_file import require_not_read

        require_not_read(path, read)


def deliver(text: str, output: Output | CheckOutput, process: Process) -> None:
    """Write a report to the file given with ``--output``, else to standard output."""
    deliver_as("json" if output.json else output.format, text, output.file, process)


def deliver_as(chosen: str | None, text: str, path: str | None, process: Process) -> None:
    """Write a report to a file or to standard output.

    Args:
        chosen: its format; None if it is a table or plain text.
        text: the report.
        path: the file. None or ``-`` for standard output.
        process: the process.

    Raises:
        CannotWrite: the report cannot be written.
        UsageError: the name of the file is empty.
    """
    if path == "":
        raise UsageError(_NO_NAME)
    if path is None or path == "-":
        syntax = _SYNTAX.get(chosen or "", "text")
        process.emit(text, as_utf8=chosen not in {None, "table", "plain"}, syntax=syntax)
    else:
        write_report(path, text, chosen, process)


def write_report(path: str, text: str, chosen: str | None, process: Process) -> None:
    """Write a report to a file, which may be a device or a pipe that a CI service reads along.

    Args:
        path: the file.
        text: the report.
        chosen: its format; None if it is a table or plain text.
        process: the process, which knows whether it runs in a CI service.

    Raises:
        CannotWrite: the file cannot be written.
    """
    syntax = _SYNTAX.get(chosen or "", "text")
    write_file(path, text, for_stream=lambda written: process.for_log(written, syntax))


_SYNTAX: dict[str, Syntax] = {
    **dict.fromkeys(("json", "sarif", "gitlab"), "json"),
    **dict.fromkeys(("junit", "html", "svg"), "xml"),
    "github": "commands",
}
"""Syntax of each format, by which a report is made safe for CI logs; all others are plain text."""


def renderer(output: Output, process: Process, *, default: Format | None = None) -> Renderer:
    """Return the renderer of the requested format."""
    return renderer_of(chosen_format(Format, output, process, default), output, process)


def renderer_of(chosen: Format, delivery: Delivery, process: Process) -> Renderer:
    """Return the renderer of a format; only its own modules are imported."""
    if chosen is Format.JSON:
        from ..render.json import JsonRenderer

        return JsonRenderer()
    if chosen is Format.CSV:
        from ..render.csv import CsvRenderer

        return CsvRenderer(raw=delivery.raw_csv)
    if chosen is Format.MARKDOWN:
        from ..render.markdown import MarkdownRenderer

        return MarkdownRenderer()
    if chosen in DRAWN:
        return drawing_renderer(chosen, delivery)
    to_file = delivery.file is not None
    encoding = "utf-8" if to_file else sys.stdout.encoding or "utf-8"
    if chosen is Format.TABLE:
        from ..render.table import TableRenderer

        return TableRenderer(
            width=process.width(),
            colour=not to_file and process.uses_colour(delivery.colour),
            encoding=encoding,
            explain=delivery.explain,
        )
    from ..render.plain import PlainRenderer

    return PlainRenderer(explain=delivery.explain, encoding=encoding)


def is_short_report(output: Output, process: Process) -> bool:
    """Return whether a report leaves out what only ``--explain`` shows."""
    return not output.explain and chosen_format(Format, output, process) in {Format.TABLE, Format.PLAIN}


def drawing_renderer(chosen: Format, delivery: Delivery) -> HtmlRenderer | SvgRenderer:
    """Return the renderer of a format with pictures, which can write several sheets as one report.

    Raises:
        MissingExtra: jinja2 is not installed.
    """
    if chosen is Format.HTML:
        from ..render.page import HtmlRenderer

        return HtmlRenderer()
    from ..render.svg import SvgRenderer

    return SvgRenderer(explain=delivery.explain)


def chosen_format(
    formats: type[AnyFormat], output: Output | CheckOutput, process: Process, default: AnyFormat | None = None
) -> AnyFormat:
    """Return the requested format, else table on a terminal and plain text elsewhere."""
    if output.json:
        if output.format not in {None, "json"}:
            message = f"--json and --format {output.format} contradict each other"
            raise UsageError(message)
        return formats("json")
    if output.format is not None:
        return formats(output.format)
    if default is not None:
        return default
    return formats("table" if output.file is None and process.is_terminal(sys.stdout) else "plain")


def verdict(inputs: Tally, process: Process) -> ExitCode:
    """Print warnings about inputs that could not be counted, and return the exit code for them."""
    lost = mention_lost(inputs.skipped, process)
    for path in inputs.lossy[:_MOST_WARNINGS]:
        process.warn(f"{path}: bytes that are no text, counted as U+FFFD")
    if not inputs.counted and not lost:
        process.warn("nothing to count")
    return ExitCode.INCOMPLETE if lost else ExitCode.OK


def require_counted(inputs: Tally) -> None:
    """Raise an error if every input was skipped.

    Raises:
        NothingCounted: every input was skipped; the message has the reason.
    """
    # A limit of size is the user's own: then nothing is what was asked for.
    if inputs.counted or all(one.expected and one.reason.startswith("larger than ") for one in inputs.skipped):
        return
    from ..errors import NothingCounted
    from ..render.skipped import skipped_sentence

    only = inputs.skipped[0] if len(inputs.skipped) == 1 else None
    what = (
        f"{only.path}: not counted: {only.reason}"
        if only
        else f"nothing was counted; skipped {skipped_sentence(inputs.skipped)}"
    )
    is_binary = all(one.reason == "binary" for one in inputs.skipped)
    raise NothingCounted(what, hint="--text counts binary files as if they were text" if is_binary else "")


def mention_lost(skipped: Sequence[Skipped], process: Process) -> list[Skipped]:
    """Print warnings about inputs that could not be counted, and return these inputs."""
    lost = [one for one in skipped if not one.expected]
    for one in lost[:_MOST_WARNINGS]:
        process.warn(f"{one.path}: not counted: {one.reason}")
    if len(lost) > _MOST_WARNINGS:
        process.warn(f"{len(lost) - _MOST_WARNINGS:,} more inputs could not be counted; --json lists every one")
    return lost
