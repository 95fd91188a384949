"""Markdown, for a pull request or a wiki."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from ..calculator.estimate import Estimate
from ..calculator.model_estimate import ModelEstimate
from .breakdown import breakdown_sheet
from .cells import written_column
from .escape import as_unicode, for_markdown
from .estimate_answer import approximately, estimate_answer
from .estimate_notes import generated_notes
from .migration import all_notes, moves_sheet
from .numbers import about, dollars, number, percent
from .sentences import fit_sentence, input_sentence, saving_sentence, status_notes, workload_sentence
from .sheet import Sheet
from .skipped import skipped_lines, skipped_sentence

__all__ = ["MarkdownRenderer", "bullet_list", "pipe_table"]


class MarkdownRenderer:
    """Reports as headings, pipe tables and lists."""

    def estimate(self, estimate: Estimate) -> str:
        """Return an estimate: input, models, savings, parts and notes."""
        answer = for_markdown(as_unicode(estimate_answer(estimate).text))
        lines = [f"**{answer}**", "", "# Token cost estimate", "", f"- Input: {for_markdown(input_sentence(estimate))}"]
        if estimate.inputs.skipped:
            lines.append(f"- Skipped: {for_markdown(skipped_sentence(estimate.inputs.skipped))}")
        lines += [f"- Workload: {for_markdown(workload_sentence(estimate))}", "", *_models(estimate)]
        if estimate.savings:
            lines += ["", "## Savings", "", *_savings(estimate)]
        if estimate.migration:
            lines += ["", *_sheet(moves_sheet(estimate.migration))]
        if estimate.breakdown:
            lines += ["", *_sheet(breakdown_sheet(estimate.breakdown, estimate.input_tokens))]
        notes_text = [*status_notes(estimate), *all_notes(estimate), *generated_notes(estimate)]
        lines += bullet_list("Notes", [for_markdown(as_unicode(note)) for note in notes_text])
        lines += bullet_list(
            "Not counted", [for_markdown(as_unicode(line)) for line in skipped_lines(estimate.inputs.skipped)]
        )
        return "\n".join(lines) + "\n"

    def sheet(self, sheet: Sheet) -> str:
        """Return a sheet as text."""
        return "\n".join(_sheet(sheet)) + "\n"


def _models(estimate: Estimate) -> list[str]:
    requests = estimate.workload.requests
    money = ("Input", "Output", "Total")
    if requests != 1:  # otherwise the columns seem not to add up
        money = ("Input of one request", "Output of one request", f"Total of {number(requests)}")
    monthly = ("A month",) if estimate.requests_per_month is not None else ()
    headings = ("Model", "Status", "Window used", "Fit", *money, *monthly)
    rows = [[*_model(one), *_month(estimate.a_month(one), one, monthly)] for one in estimate.models]
    return pipe_table(headings, rows, numeric=(False, False, True, False, True, True, True, *(True for _ in monthly)))


def _month(amount: Decimal | None, one: ModelEstimate, monthly: Sequence[str]) -> list[str]:
    return [approximately(one) + dollars(amount) if amount is not None else "–" for _ in monthly]


def _model(one: ModelEstimate) -> list[str]:
    cost = one.cost
    mark = approximately(one)
    return [
        for_markdown(one.model.name),
        one.status,
        mark + percent(one.context.used_percent),
        fit_sentence(one),
        mark + dollars(cost.input + cost.cached_input) if cost else "–",
        dollars(cost.output) if cost else "–",
        about(cost.total, dollars) if cost else "–",
    ]


def _savings(estimate: Estimate) -> list[str]:
    names = {one.model.id: for_markdown(one.model.name) for one in estimate.models}
    rows = [[names[each.model], names[each.versus], saving_sentence(each)] for each in estimate.savings]
    return pipe_table(("Model", "Against", "Saves"), rows, numeric=(False, False, True))


def _sheet(sheet: Sheet) -> list[str]:
    written = zip(*map(written_column, zip(*sheet.rows, strict=True)), strict=True)
    rows = [[for_markdown(as_unicode(cell)) for cell in row] for row in written]
    table = pipe_table(sheet.columns, rows, numeric=sheet.numeric) if rows else []
    answer = [f"**{for_markdown(as_unicode(sheet.answer.text))}**", ""] if sheet.answer else []
    title = [f"## {for_markdown(sheet.title)}", ""] if sheet.title else []
    notes = map(for_markdown, (*sheet.notes, *sheet.explained))
    lines = [*answer, *title, *table]
    # The blank line before a table that is not there would be one too many.
    return [*(lines if rows else lines[:-1]), *bullet_list("Notes", notes)]


def pipe_table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, numeric: Sequence[bool]) -> list[str]:
    """Return the lines of a pipe table; the cells are already Markdown."""
    rule = ["---:" if right else "---" for right in numeric]
    return [f"| {' | '.join(cells)} |" for cells in (headings, rule, *rows)]


def bullet_list(title: str, lines: Iterable[str]) -> list[str]:
    """Return the lines of a list under a heading, or no line if the list is empty; the items are already Markdown."""
    items = [f"- {line}" for line in lines]
    return ["", f"## {title}", "", *items] if items else []
