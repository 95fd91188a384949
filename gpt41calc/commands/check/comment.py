"""The verdicts as a comment on a pull request, or as the summary of a run."""

from __future__ import annotations

from decimal import Decimal

from ...calculator.budget import Check, Verdict
from ...calculator.context import input_tokens
from ...render.budget_sentences import summary_sentence, verdict_word
from ...render.comment import MOST_FILES, bullets, cell, details, heading, marker, table
from ...render.findings import findings
from ...render.numbers import dollars, number, plural, signed
from ...tally import Tally
from .report import check_notes

__all__ = ["check_body", "check_comment"]


def check_comment(check: Check) -> str:
    """Write a comment that can be found again by its first line."""
    return f"{marker('check')}\n{check_body(check)}"


def check_body(check: Check) -> str:
    """Write the verdict, every budget, what is not kept and why, and the largest files when they are asked for."""
    lines = [heading(summary_sentence(check)), "", *_budgets(check)]
    if found := findings(check):
        sentences = (f"**{cell(one.name)}**, {one.limit}: {cell(one.sentence)}" for one in found)
        lines += ["", *bullets(sentences)]
    files = _files(check)
    shown = f"{number(MOST_FILES)} of {plural(len(files), 'file')}"
    summary = shown if len(files) > MOST_FILES else plural(len(files), "file")
    lines += details(summary, _file_table(check, files) if files else [])
    lines += details("What this rests on", bullets(map(cell, check_notes(check))))
    return "\n".join(lines) + "\n"


def _is_compared(check: Check) -> bool:
    return any(verdict.before is not None for verdict in check.verdicts)


def _budgets(check: Check) -> list[str]:
    """Return a row a budget, with what changed and what it costs where that is known."""
    compared = ("Change",) if _is_compared(check) else ()
    priced = (f"A request with {cell(check.models[0].id)}",) if any(map(_cost, check.verdicts)) else ()
    headings = ("Budget", "Verdict", "Files", "Tokens", *compared, *priced)
    rows = [_budget(check, verdict, is_compared=bool(compared), is_priced=bool(priced)) for verdict in check.verdicts]
    return table(headings, rows, numeric=[False, False, *[True] * (len(headings) - 2)]) if rows else []


def _budget(check: Check, verdict: Verdict, *, is_compared: bool, is_priced: bool) -> list[str]:
    mark = "~" if check.models[0].ratio else ""
    word = verdict_word(check, verdict)
    row = [
        cell(verdict.budget.name),
        word if word == "kept" else f"**{word}**",
        number(verdict.inputs.files),
        mark + number(verdict.tokens.value),
    ]
    if is_compared:
        row.append(_change(check, verdict))
    if is_priced:
        amount = _cost(verdict)
        row.append("–" if amount is None else mark + dollars(amount))
    return row


def _change(check: Check, verdict: Verdict) -> str:
    """Return how many tokens more than at the base a budget has."""
    if verdict.before is None:
        return "–"
    model = check.models[0]
    delta = verdict.tokens.value - input_tokens(verdict.before.tokens(model.counted_in), model).value
    return signed(number(delta), delta)


def _cost(verdict: Verdict) -> Decimal | None:
    """Return what a request costs with the first model, if that was checked."""
    cost_check = next((one for one in verdict.limits if one.limit == "max-cost"), None)
    return Decimal(cost_check.actual) if cost_check and cost_check.actual is not None else None


def _files(check: Check) -> list[tuple[str, int | None, int | None]]:
    """Return path, tokens and change of each file of all budgets: what changed most, then the largest."""
    model = check.models[0]

    def counts(tallies: list[Tally]) -> dict[str, int]:
        return {
            one.path: input_tokens(one.tokens[model.counted_in], model).value
            for tally in tallies
            for one in tally.counted
        }

    now = counts([verdict.inputs for verdict in check.verdicts])
    before = counts([verdict.before for verdict in check.verdicts if verdict.before])
    compared = counts([verdict.inputs for verdict in check.verdicts if verdict.before])
    deltas = {path: compared.get(path, 0) - before.get(path, 0) for path in {**compared, **before}}
    files = [(path, now.get(path), deltas.get(path)) for path in {**now, **before}]
    return sorted(files, key=lambda file: (-abs(file[2] or 0), -(file[1] or 0), file[0]))


def _file_table(check: Check, files: list[tuple[str, int | None, int | None]]) -> list[str]:
    is_compared = _is_compared(check)
    tokens = "Tokens (estimated)" if check.models[0].ratio else "Tokens"
    headings = ("File", tokens, *(("Change",) if is_compared else ()))
    rows = []
    for path, now, delta in files[:MOST_FILES]:
        change = ["–" if delta is None else signed(number(delta), delta)] if is_compared else []
        rows.append([cell(path), "–" if now is None else number(now), *change])
    lines = table(headings, rows, numeric=[False, *[True] * (len(headings) - 1)])
    more = len(files) - MOST_FILES
    return [*lines, *(["", f"and {number(more)} more"] if more > 0 else [])]
