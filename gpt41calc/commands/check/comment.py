"""The results as a comment on a pull request, or as the summary of a CI run."""

from __future__ import annotations

from collections.abc import Sequence

from ...calculator.budget import Check, Verdict
from ...calculator.context import input_tokens
from ...render.budget_answer import check_answer
from ...render.budget_sentences import verdict_word
from ...render.comment import MOST_FILES, bullets, cell, details, heading, marker, table
from ...render.findings import findings
from ...render.numbers import dollars, dollars_apart, number, plural, signed
from ...tally import Tally
from .evaluate import request_cost
from .report import check_notes

__all__ = ["check_body", "check_comment"]


def check_comment(check: Check) -> str:
    """Return a comment whose first line is a marker for updating it."""
    return f"{marker('check')}\n{check_body(check)}"


def check_body(check: Check) -> str:
    """Return the verdict; a table of budgets that are broken or grew; the reasons; a line per budget that is kept."""
    lines = [heading(check_answer(check).text)]
    shown = [verdict for verdict in check.verdicts if not _is_a_line(check, verdict)]
    if shown:
        lines += ["", *_budgets(check, shown)]
    sentences = [f"**{cell(one.name)}**, {one.limit}: {cell(one.sentence)}" for one in findings(check)]
    sentences += [_line(check, verdict) for verdict in check.verdicts if _is_a_line(check, verdict)]
    if sentences:
        lines += ["", *bullets(sentences)]
    files = _files(check)
    of_files = f"{number(MOST_FILES)} of {plural(len(files), 'file')}"
    summary = of_files if len(files) > MOST_FILES else plural(len(files), "file")
    lines += details(summary, _file_table(check, files) if files else [])
    lines += details("What this rests on", bullets(map(cell, check_notes(check))))
    return "\n".join(lines) + "\n"


def _is_a_line(check: Check, verdict: Verdict) -> bool:
    """Return whether a budget is kept and has not grown, so that one line is enough."""
    return verdict_word(check, verdict) == "kept" and _change(check, verdict) <= 0


def _line(check: Check, verdict: Verdict) -> str:
    """Return the line of a budget that is kept."""
    mark = "~" if check.models[0].ratio or (verdict.rows and verdict.rows.is_sampled) else ""
    if verdict.rows is not None:
        cost = verdict.rows.cost
        of_rows = f"**{cell(verdict.budget.name)}**: kept, {mark}{plural(verdict.tokens.value, 'token')}"
        return of_rows + ("" if cost is None else f", {mark}{dollars(cost.value)} for all rows")
    amount = request_cost(verdict.inputs, check.models[0], check.workload, check.as_of)
    priced = "" if amount is None else f", {mark}{dollars(amount)} a request"
    delta = _change(check, verdict)
    change = f" ({number(delta)})" if delta else ""
    return f"**{cell(verdict.budget.name)}**: kept, {mark}{plural(verdict.tokens.value, 'token')}{change}{priced}"


def _is_compared(check: Check) -> bool:
    return any(verdict.is_compared for verdict in check.verdicts)


def _budgets(check: Check, shown: Sequence[Verdict]) -> list[str]:
    """Return a table row per budget, with its change and its cost, before and after where both are known."""
    compared = ("Change",) if any(verdict.is_compared for verdict in shown) else ()
    monthly = ("A month",) if any(verdict.budget.limits.requests_per_month for verdict in shown) else ()
    headings = ("Budget", "Verdict", "Tokens", *compared, _priced(check, shown), *monthly)
    rows = [_budget(check, verdict, is_compared=bool(compared), is_monthly=bool(monthly)) for verdict in shown]
    if _are_mixed(shown):
        at = headings.index(_priced(check, shown))
        for row, verdict in zip(rows, shown, strict=True):
            row[at] += " for all rows" if verdict.rows is not None and verdict.rows.cost is not None else ""
    return table(headings, rows, numeric=[False, False, *[True] * (len(headings) - 2)])


def _priced(check: Check, shown: Sequence[Verdict]) -> str:
    """Return what the costs are of: a request with a file, or all rows of a dataset; if both, a cell says so."""
    kinds = {verdict.rows is not None for verdict in shown}
    what = "All rows" if kinds == {True} else "A request"
    return f"{what} with {cell(check.models[0].id)}"


def _are_mixed(shown: Sequence[Verdict]) -> bool:
    return len({verdict.rows is None for verdict in shown}) > 1


def _budget(check: Check, verdict: Verdict, *, is_compared: bool, is_monthly: bool) -> list[str]:
    mark = "~" if check.models[0].ratio else ""
    word = verdict_word(check, verdict)
    row = [
        cell(verdict.budget.name),
        word if word == "kept" else f"**{word}**",
        mark + number(verdict.tokens.value),
    ]
    if is_compared:
        delta = _change(check, verdict)
        row.append(signed(number(delta), delta) if verdict.is_compared else "–")
    row.append(_amounts(check, verdict, 1))
    if is_monthly:
        requests = verdict.budget.limits.requests_per_month
        row.append("–" if requests is None else _amounts(check, verdict, requests))
    return row


def _amounts(check: Check, verdict: Verdict, requests: int) -> str:
    """Return the cost of some requests with the first model, before and after if there is a base."""
    model, workload, on = check.models[0], check.workload, check.as_of
    if verdict.rows is not None:
        total = verdict.rows.cost
        return "–" if total is None else f"{'~' if verdict.rows.is_sampled else ''}{dollars(total.value)}"
    mark = "~" if model.ratio else ""
    after = request_cost(verdict.inputs, model, workload, on)
    if after is None:
        return "–"
    before = request_cost(verdict.before, model, workload, on) if verdict.before and verdict.is_compared else None
    if before is None:
        return mark + dollars(after * requests)
    was, now = dollars_apart(before * requests, after * requests)
    return f"{mark}{was} → {mark}{now}"


def _change(check: Check, verdict: Verdict) -> int:
    """Return the tokens added since the base; 0 if there is no base."""
    if verdict.before is None or not verdict.is_compared:
        return 0
    model = check.models[0]
    return verdict.tokens.value - input_tokens(verdict.before.tokens(model.counted_in), model).value


def _files(check: Check) -> list[tuple[str, int | None, int | None]]:
    """Return path, tokens and change of the files of all budgets: largest change first, then largest file."""
    model = check.models[0]

    def counts(tallies: list[Tally]) -> dict[str, int]:
        return {
            one.path: input_tokens(one.tokens[model.counted_in], model).value
            for tally in tallies
            for one in tally.counted
        }

    now = counts([verdict.inputs for verdict in check.verdicts])
    before = counts([verdict.before for verdict in check.verdicts if verdict.before and verdict.is_compared])
    compared = counts([verdict.inputs for verdict in check.verdicts if verdict.is_compared])
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
