"""The report of ``check``: a row per kept budget and per broken limit; in CSV, every limit."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ...calculator.budget import Check, Verdict
from ...render.budget_answer import check_answer
from ...render.budget_sentences import VerdictWord, limit_words, verdict_word
from ...render.cells import Word
from ...render.findings import findings_of
from ...render.model_names import model_name_notes, names_taken
from ...render.numbers import dollars, number, plural
from ...render.sentences import cached_sentence, estimated_sentence, output_sentence
from ...render.sheet import Cell, Look, Sheet, short_notes
from ...render.skipped import skipped_sentence
from ...render.surcharges import surcharge_summary
from ...tally import Skipped
from .document import check_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ...render.pictures.picture import Picture

__all__ = ["check_notes", "check_sheet", "limits_sheet"]


def check_sheet(check: Check) -> Sheet:
    """Return a row per kept budget, and per limit that is not kept with its remedy."""
    tokens = "Tokens (estimated)" if check.models[0].ratio is not None else "Tokens"
    notes, explained = short_notes(check_notes(check))
    rows = [row for verdict in check.verdicts for row in _rows(check, verdict)]
    columns = ("Verdict", "Budget", "Files", tokens, "Limit", "Model", "Actual", "Allowed", "Cure")
    used = [at for at in range(len(columns)) if at < _ALWAYS or any(row[at] for row in rows)]
    return Sheet(
        title="",
        answer=check_answer(check),
        columns=tuple(columns[at] for at in used),
        rows=tuple(tuple(row[at] for at in used) for row in rows),
        document=check_document(check),
        notes=notes,
        explained=explained,
        look=Look(expendable=("Files", tokens, "Allowed"), fixed=("Verdict", "Limit", "Model", "Actual", "Allowed")),
        pictures=_pictures,
    )


def _pictures(document: Mapping[str, Any]) -> Iterable[Picture]:
    from .pictures import check_pictures

    return check_pictures(document)


_STYLES: dict[VerdictWord, str] = {"broken": "bold red", "warned": "yellow", "not known": "yellow"}
"""Styles of the verdicts; a kept budget has no style of its own."""

_ALWAYS = 4
"""Number of columns that are filled for every budget; the others only for limits that are not kept."""


def _rows(check: Check, verdict: Verdict) -> Iterator[tuple[Cell, ...]]:
    word = verdict_word(check, verdict)
    head = (Word(word, _STYLES.get(word, "")), verdict.budget.name, verdict.files, verdict.tokens.value)
    found = list(findings_of(check, verdict))
    if not found:
        yield (*head, *_tightest(check, verdict))
    for finding in found:
        limit_check = finding.limit_check
        if limit_check is None:
            yield (*head, finding.limit, "", "", "", finding.sentence)
            continue
        words = limit_words(limit_check, check.models)
        model = limit_check.model if limit_check.model is not None and len(check.models) > 1 else ""
        where = "" if limit_check.path is None else f" from {limit_check.path}" if words.cure else limit_check.path
        yield (*head, limit_check.limit, model, words.brief, words.allowed, words.cure + where)


def _tightest(check: Check, verdict: Verdict) -> tuple[Cell, ...]:
    """Return the cells of the limit that a kept budget is nearest to; empty ones if no limit is on an amount."""
    amounts = [
        (Decimal(one.actual) / Decimal(one.allowed), -at, one)
        for at, one in enumerate(verdict.limits)
        if one.passed and one.actual is not None and one.allowed and one.unit != "days"
    ]
    if not amounts:
        return ("",) * 5
    nearest = max(amounts)[2]
    words = limit_words(nearest, check.models)
    model = nearest.model if nearest.model is not None and len(check.models) > 1 else ""
    return (nearest.limit, model, words.brief, words.allowed, "")


def limits_sheet(check: Check) -> Sheet:
    """Return a row per limit of every budget, for spreadsheets and scripts."""
    return Sheet(
        title="Limits",
        columns=(
            "Budget",
            "Level",
            "Verdict",
            "Files",
            "Tokens",
            "Limit",
            "Actual",
            "Allowed",
            "Unit",
            "Passed",
            "Model",
            "Path",
            "Before",
            "Exactness",
        ),
        rows=tuple(row for verdict in check.verdicts for row in _limits(check, verdict)),
        document=check_document(check),
        notes=tuple(check_notes(check)),
    )


def _limits(check: Check, verdict: Verdict) -> Iterator[tuple[Cell, ...]]:
    budget = verdict.budget
    head = (budget.name, budget.level, verdict_word(check, verdict), verdict.files, verdict.tokens.value)
    if not verdict.limits:
        yield (*head, *[None] * 9)
    for limit_check in verdict.limits:
        yield (
            *head,
            limit_check.limit,
            limit_check.actual,
            limit_check.allowed,
            limit_check.unit,
            limit_check.passed,
            limit_check.model,
            limit_check.path,
            limit_check.before,
            limit_check.exactness,
        )


def check_notes(check: Check) -> Iterator[str]:
    """Yield notes that a reader needs to trust the results, and then the basis of the numbers."""
    lost = _lost(check)
    yield from lost[:1]
    if check.config:
        yield f"project file: {check.config}"
    for verdict in check.verdicts:
        yield from (f"budget '{verdict.budget.name}': no file matches {glob}" for glob in verdict.unmatched)
    yield from (
        f"{model.id} was shut down on {model.shutdown}"
        + (f": {model.replacement} replaces it" if model.replacement else "")
        for model in check.models
        if model.status(check.as_of) == "retired"
    )
    yield from model_name_notes(names_taken(check.models))
    yield from surcharge_summary(check.models)
    yield from (
        f"~ {estimated_sentence(model)}; limits are compared with the high bound"
        for model in check.models
        if model.ratio
    )
    yield from filter(None, map(_rows_sentence, check.verdicts))
    if check.against:
        source = f", from {check.against_source}" if check.against_source else ""
        yield f"compared with {check.against}{source}"
    if check.overlay:
        yield f"prices from {check.overlay} are laid over the shipped table"
    yield _workload_sentence(check)
    yield from lost[1:]


def _rows_sentence(verdict: Verdict) -> str | None:
    """Say how well the rows of a dataset are known. None if the budget is for files."""
    rows = verdict.rows
    if rows is None:
        return None
    requests, cost = rows.requests, rows.cost
    name = f"budget '{verdict.budget.name}'"
    if rows.read_percent is None:
        return f"{name}: {plural(requests.value, 'row')}, a request a row, all counted"
    bounds = "" if cost is None else f", {dollars(cost.low)} to {dollars(cost.high)}"
    return (
        f"{name}: a sample, {rows.read_percent:.2g} % of the bytes: ~{plural(requests.value, 'row')}, "
        f"{number(verdict.tokens.low)} to {number(verdict.tokens.high)} tokens{bounds} (95 %)"
    )


def _workload_sentence(check: Check) -> str:
    workload = check.workload
    answers = output_sentence(workload, "a request")
    sentence = ", ".join(filter(None, (answers, cached_sentence(workload))))
    return (
        f"for {', '.join(model.id for model in check.models)}: {sentence}, {workload.tier} tier, "
        f"prices of {check.as_of} (table checked {check.pricing_checked})"
    )


_MOST_NAMED = 10


def _lost(check: Check) -> list[str]:
    """Return a summary of the files that could not be counted, here and at the base, and their names, each once."""
    here = {one: "" for verdict in check.verdicts for one in _not_counted(verdict.inputs.skipped)}
    base = {
        one: " (at the base)"
        for verdict in check.verdicts
        if verdict.before
        for one in _not_counted(verdict.before.skipped)
        if one not in here
    }
    lost = {**here, **base}
    if not lost:
        return []
    named = [f"not counted: {one.path}: {one.reason}{where}" for one, where in list(lost.items())[:_MOST_NAMED]]
    more = len(lost) - _MOST_NAMED
    return [
        f"could not be counted: {skipped_sentence(lost)}; tokens and costs are lower bounds",
        *named,
        *([f"and {more:,} more; --json lists every one"] if more > 0 else []),
    ]


def _not_counted(skipped: tuple[Skipped, ...]) -> list[Skipped]:
    return [one for one in skipped if not one.expected]
