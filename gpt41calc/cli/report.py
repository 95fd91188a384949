"""From results to the streams: which renderer, which warnings, which exit status."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

from ..errors import ExitCode, UsageError
from . import settings
from .options import Format, Output, Parts
from .process import Process, write_file

if TYPE_CHECKING:
    from ..calculator.estimate import Estimate
    from ..pricing.schema import Model
    from ..render.sheet import Sheet
    from ..tally import Tally

__all__ = ["Renderer", "deliver_counts", "deliver_estimate", "deliver_sheet", "renderer"]

_MOST_WARNINGS = 20
"""More are summed up; the report lists every one."""


class Renderer(Protocol):
    """Turns results into text, in one format."""

    def estimate(self, estimate: Estimate) -> str:
        """Write an estimate."""

    def sheet(self, sheet: Sheet) -> str:
        """Write rows under headings."""


def deliver_estimate(estimate: Estimate, write: Renderer, output: Output, process: Process) -> ExitCode:
    """Write an estimate; quiet: the total cost of the first model."""
    if output.quiet:
        from ..render.json import plain_decimal

        first = estimate.models[0]
        if first.cost is None:
            message = f"{first.model.id} has {first.cost_reason}"
            raise UsageError(message, hint=f"'gpt41calc pricing show {first.model.id}' lists every price it has")
        deliver(plain_decimal(first.cost.total.value) + "\n", output, process)
    else:
        deliver(write.estimate(estimate), output, process)
    return verdict(estimate.inputs, process)


def deliver_counts(
    inputs: Tally, encoding: str, model: Model | None, parts: Parts, output: Output, process: Process
) -> ExitCode:
    """Write counts, as lines unless another format is asked for; quiet: the number of tokens."""

    def tokens_of(counted: int) -> int:
        if model is None:
            return counted
        from ..calculator.context import input_tokens

        return input_tokens(counted, model).value

    breakdown = settings.breakdown(inputs, encoding, parts, tokens_of)
    if output.quiet:
        deliver(f"{tokens_of(inputs.tokens(encoding))}\n", output, process)
    elif breakdown is None and _format(output, process, Format.PLAIN) is Format.PLAIN:
        from ..render.lines import count_lines

        deliver(count_lines(inputs, tokens_of, encoding, mark="~" if model and model.ratio else ""), output, process)
        _mention_skips(inputs, process)
    else:
        from ..render.counts import counts_sheet

        sheet = counts_sheet(inputs, encoding, model, breakdown, tokens_of)
        deliver(renderer(output, process, default=Format.PLAIN).sheet(sheet), output, process)
    return verdict(inputs, process)


def _mention_skips(inputs: Tally, process: Process) -> None:
    """Say how much was skipped as it should be: lines of numbers and names have no place for it."""
    expected = [one for one in inputs.skipped if one.expected]
    if expected:
        from ..render.skips import skipped_sentence

        process.hint(f"skipped {skipped_sentence(expected)}; --json lists every one")


def deliver_sheet(sheet: Sheet, output: Output, process: Process) -> None:
    """Write rows; quiet: only what they are about."""
    text = "".join(f"{line}\n" for line in sheet.quiet) if output.quiet else renderer(output, process).sheet(sheet)
    deliver(text, output, process)


def deliver(text: str, output: Output, process: Process) -> None:
    """Write a report where it was asked to go."""
    if output.file is not None:
        write_file(output.file, text)
    else:
        process.emit(text, as_utf8=output.json or output.format in {Format.JSON, Format.CSV, Format.MARKDOWN})


def renderer(output: Output, process: Process, *, default: Format | None = None) -> Renderer:
    """Return the renderer of the format that was asked for; only its own modules are imported."""
    chosen = _format(output, process, default)
    if chosen is Format.JSON:
        from ..render.json import JsonRenderer

        return JsonRenderer()
    if chosen is Format.CSV:
        from ..render.csv import CsvRenderer

        return CsvRenderer(raw=output.raw_csv)
    if chosen is Format.MARKDOWN:
        from ..render.markdown import MarkdownRenderer

        return MarkdownRenderer()
    if chosen is Format.TABLE:
        from ..render.table import TableRenderer

        to_file = output.file is not None
        return TableRenderer(
            width=process.width(),
            colour=not to_file and process.uses_colour(output.color),
            encoding="utf-8" if to_file else sys.stdout.encoding or "utf-8",
        )
    from ..render.plain import PlainRenderer

    return PlainRenderer()


def _format(output: Output, process: Process, default: Format | None) -> Format:
    if output.json:
        if output.format not in {None, Format.JSON}:
            message = f"--json and --format {output.format} contradict each other"
            raise UsageError(message)
        return Format.JSON
    if output.format is not None:
        return output.format
    return default or (Format.TABLE if output.file is None and process.is_terminal(sys.stdout) else Format.PLAIN)


def verdict(inputs: Tally, process: Process) -> ExitCode:
    """Warn of what could not be counted, and return the status that says so."""
    lost = [one for one in inputs.skipped if not one.expected]
    for one in lost[:_MOST_WARNINGS]:
        process.warn(f"{one.path}: not counted: {one.reason}")
    if len(lost) > _MOST_WARNINGS:
        process.warn(f"{len(lost) - _MOST_WARNINGS:,} more inputs could not be counted; --json lists every one")
    for path in inputs.lossy[:_MOST_WARNINGS]:
        process.warn(f"{path}: bytes that are no text, counted as U+FFFD")
    if not inputs.counted and not lost:
        process.warn("nothing to count")
    return ExitCode.INCOMPLETE if lost else ExitCode.OK
