"""Plain lines of text: for pipes, logs and narrow terminals."""

from __future__ import annotations

from collections.abc import Iterable

from ..calculator.estimate import Estimate
from ..calculator.interval import is_approximate
from ..calculator.model_estimate import ModelEstimate
from .breakdown import breakdown_sheet
from .escape import for_terminal
from .migration import all_notes, moves_sheet
from .numbers import about, dollars, number, percent
from .sentences import fit_sentence, input_sentence, saving_sentence, status_sentence, workload_sentence
from .sheet import Sheet, shown
from .skipped import skipped_lines, skipped_sentence

__all__ = ["PlainRenderer"]


class PlainRenderer:
    """One fact a line, aligned, without colour or frames."""

    def __init__(self, *, explain: bool = False) -> None:
        """Write the answer and its rows, or also what they rest on (``explain``)."""
        self._explain = explain

    def estimate(self, estimate: Estimate) -> str:
        """Write input, then each model with what it saves, then parts and notes."""
        lines = [f"input     {input_sentence(estimate)}"]
        if estimate.inputs.skipped:
            lines.append(f"skipped   {skipped_sentence(estimate.inputs.skipped)}")
        lines.append(f"workload  {workload_sentence(estimate)}")
        for one in estimate.models:
            lines += ["", *_model(one, estimate)]
        if estimate.migration:
            lines += ["", *_sheet(moves_sheet(estimate.migration))]
        if estimate.breakdown:
            lines += ["", *_sheet(breakdown_sheet(estimate.breakdown, estimate.input_tokens))]
        lines += _block("notes", all_notes(estimate))
        lines += _block("not counted", skipped_lines(estimate.inputs.skipped))
        return _text(lines)

    def sheet(self, sheet: Sheet) -> str:
        """Write the rows of a sheet."""
        notes = [*sheet.notes, *(sheet.explained if self._explain else ())]
        return _text([*_sheet(sheet), *_block("notes", notes)])


def _model(one: ModelEstimate, estimate: Estimate) -> list[str]:
    fit, cost = one.context, one.cost
    mark = "~" if is_approximate(one.exactness) or not one.tokens.is_exact else ""
    lines = [
        f"{one.model.name} ({one.model.id}){', for comparison' if one.role == 'comparator' else ''}",
        f"  status  {status_sentence(one.model, one.status)}",
        f"  tokens  {about(one.tokens, number)}{', estimated' if mark else ''}",
        f"  window  {mark}{percent(fit.used_percent)} of {number(fit.window)}: {fit_sentence(one)}",
    ]
    if cost is None:
        return [*lines, f"  cost    none: {one.cost_reason}"]
    cached = f" + {mark}{dollars(cost.cached_input)} cached" if cost.cached_input else ""
    fees = f" + {dollars(cost.fees)} fees" if cost.fees else ""
    lines.append(
        f"  cost    {mark}{dollars(cost.input)} input{cached} + {dollars(cost.output)} output{fees}"
        f" = {mark}{dollars(cost.per_request)} a request"
    )
    lines.append(f"  total   {about(cost.total, dollars)}")
    names = {each.model.id: each.model.name for each in estimate.models}
    lines += [
        f"  saves   {saving_sentence(each)} against {names[each.versus]}"
        for each in estimate.savings
        if each.model == one.model.id
    ]
    return lines


def _sheet(sheet: Sheet) -> list[str]:
    table = [sheet.columns, *([shown(cell) for cell in row] for row in sheet.outlined)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    numeric = sheet.numeric
    aligned = [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in table
    ]
    rows = [*([sheet.title] if sheet.title else []), *(aligned if sheet.rows else [])]
    if sheet.answer is None:
        return rows
    return [sheet.answer.text, *(["", *rows] if rows else [])]


def _block(title: str, lines: Iterable[str]) -> list[str]:
    block = [f"  {line}" for line in lines]
    return ["", title, *block] if block else []


def _text(lines: Iterable[str]) -> str:
    """Join lines, each made safe to print, whatever names it holds."""
    return "".join(f"{for_terminal(line)}\n" for line in lines)
