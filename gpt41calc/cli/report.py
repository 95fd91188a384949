"""From results to the streams: which renderer, which warnings, which exit status."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol, TypeVar

from ..errors import ExitCode, UsageError
from . import settings
from .options import CheckFormat, CheckOutput, Delivery, Format, Output, Parts
from .process import Process, write_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..calculator.difference import Difference
    from ..calculator.estimate import Estimate
    from ..calculator.history import History
    from ..pricing.schema import Model
    from ..render.sheet import Sheet
    from ..tally import Skipped, Tally

__all__ = [
    "Renderer",
    "chosen_format",
    "deliver",
    "deliver_counts",
    "deliver_estimate",
    "deliver_sheet",
    "renderer",
    "renderer_of",
    "verdict",
]

AnyFormat = TypeVar("AnyFormat", Format, CheckFormat)

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
    elif breakdown is None and chosen_format(Format, output, process, Format.PLAIN) is Format.PLAIN:
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


def deliver_difference(difference: Difference, output: Output, process: Process) -> ExitCode:
    """Write a difference; quiet: the tokens that come on top."""
    from ..render.difference import changes_sheet, difference_sheet

    chosen = chosen_format(Format, output, process)
    if output.quiet:
        first = difference.models[0]
        text = f"{first.after.value - first.before.value}\n"
    elif chosen is Format.MARKDOWN:
        from ..render.difference_comment import difference_comment

        text = difference_comment(difference)
    else:
        sheet = changes_sheet(difference) if chosen is Format.CSV else difference_sheet(difference)
        text = renderer_of(chosen, output, process).sheet(sheet)
    deliver(text, output, process)
    _mention_lost((*difference.before.skipped, *difference.after.skipped), process)
    return ExitCode.OK if difference.is_complete else ExitCode.INCOMPLETE


def deliver_history(history: History, output: Output, process: Process) -> ExitCode:
    """Write a history; quiet: the tokens there are now, or the commit that first broke the budget."""
    from ..render.history import commits_sheet, history_sheet

    chosen = chosen_format(Format, output, process)
    if output.quiet:
        broken = history.first_broken
        now = history.tokens(history.tokens_now).value
        text = f"{now}\n" if history.budget_tokens is None else f"{broken.hash}\n" if broken else ""
    else:
        sheet = commits_sheet(history) if chosen is Format.CSV else history_sheet(history)
        text = renderer_of(chosen, output, process).sheet(sheet)
    deliver(text, output, process)
    if history.is_over_now:
        return ExitCode.OVER_BUDGET
    return ExitCode.OK if history.is_complete else ExitCode.INCOMPLETE


def deliver(text: str, output: Output | CheckOutput, process: Process) -> None:
    """Write a report where it was asked to go."""
    if output.file is not None:
        write_file(output.file, text)
    else:
        process.emit(text, as_utf8=output.json or output.format not in {None, "table", "plain"})


def renderer(output: Output, process: Process, *, default: Format | None = None) -> Renderer:
    """Return the renderer of the format that was asked for."""
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
    if chosen is Format.TABLE:
        from ..render.table import TableRenderer

        to_file = delivery.file is not None
        return TableRenderer(
            width=process.width(),
            colour=not to_file and process.uses_colour(delivery.color),
            encoding="utf-8" if to_file else sys.stdout.encoding or "utf-8",
        )
    from ..render.plain import PlainRenderer

    return PlainRenderer()


def chosen_format(
    formats: type[AnyFormat], output: Output | CheckOutput, process: Process, default: AnyFormat | None = None
) -> AnyFormat:
    """Return the format that was asked for, or the one that suits where the report goes."""
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
    """Warn of what could not be counted, and return the status that says so."""
    lost = _mention_lost(inputs.skipped, process)
    for path in inputs.lossy[:_MOST_WARNINGS]:
        process.warn(f"{path}: bytes that are no text, counted as U+FFFD")
    if not inputs.counted and not lost:
        process.warn("nothing to count")
    return ExitCode.INCOMPLETE if lost else ExitCode.OK


def _mention_lost(skipped: Sequence[Skipped], process: Process) -> list[Skipped]:
    """Warn of what could not be counted, and return it."""
    lost = [one for one in skipped if not one.expected]
    for one in lost[:_MOST_WARNINGS]:
        process.warn(f"{one.path}: not counted: {one.reason}")
    if len(lost) > _MOST_WARNINGS:
        process.warn(f"{len(lost) - _MOST_WARNINGS:,} more inputs could not be counted; --json lists every one")
    return lost
