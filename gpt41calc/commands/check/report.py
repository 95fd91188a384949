"""What ``check`` shows: a line for what is kept, a sentence for what is not; in CSV every limit."""

from __future__ import annotations

from collections.abc import Iterator

from ...calculator.budget import Check, Verdict
from ...render.budget_sentences import summary_sentence, verdict_word
from ...render.findings import findings_of
from ...render.model_names import model_name_notes, names_taken
from ...render.sentences import cached_sentence, estimated_sentence, output_sentence
from ...render.sheet import Cell, Sheet
from ...render.skipped import skipped_sentence
from ...tally import Skipped
from .document import check_document

__all__ = ["check_notes", "check_sheet", "limits_sheet"]


def check_sheet(check: Check) -> Sheet:
    """Return a row for every budget that is kept, and one for every limit that is not."""
    is_estimated = check.models[0].ratio is not None
    rows = [
        (verdict_word(check, verdict), verdict.budget.name, verdict.inputs.files, verdict.tokens.value, said)
        for verdict in check.verdicts
        for said in _unkept(check, verdict) or [""]
    ]
    return Sheet(
        title=summary_sentence(check),
        columns=("Verdict", "Budget", "Files", "Tokens (estimated)" if is_estimated else "Tokens", "Limit"),
        rows=tuple(rows),
        document=check_document(check),
        notes=tuple(check_notes(check)),
    )


def _unkept(check: Check, verdict: Verdict) -> list[str]:
    return [f"{finding.limit}: {finding.sentence}" for finding in findings_of(check, verdict)]


def limits_sheet(check: Check) -> Sheet:
    """Return a row for every limit of every budget, for spreadsheets and scripts."""
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
    head = (budget.name, budget.level, verdict_word(check, verdict), verdict.inputs.files, verdict.tokens.value)
    if not verdict.limits:
        yield (*head, *[None] * 9)
    for judged in verdict.limits:
        yield (
            *head,
            judged.limit,
            judged.actual,
            judged.allowed,
            judged.unit,
            judged.passed,
            judged.model,
            judged.path,
            judged.before,
            judged.exactness,
        )


def check_notes(check: Check) -> Iterator[str]:
    """Say what the verdicts rest on, and what a reader must know to trust them."""
    if check.config:
        yield f"project file: {check.config}"
    if check.against:
        yield f"compared with {check.against}"
    yield _asked(check)
    yield from (
        f"{model.id} was shut down on {model.shutdown}"
        + (f": {model.replacement} replaces it" if model.replacement else "")
        for model in check.models
        if model.status(check.as_of) == "retired"
    )
    yield from model_name_notes(names_taken(check.models))
    if check.overlay:
        yield f"prices from {check.overlay} are laid over the shipped table"
    for verdict in check.verdicts:
        yield from (f"budget '{verdict.budget.name}': no file matches {glob}" for glob in verdict.unmatched)
    yield from (f"~ {estimated_sentence(model)}" for model in check.models if model.ratio)
    yield from _lost(check)


def _asked(check: Check) -> str:
    workload = check.workload
    answers = output_sentence(workload, "a request")
    said = ", ".join(filter(None, (answers, cached_sentence(workload))))
    return (
        f"for {', '.join(model.id for model in check.models)}: {said}, {workload.tier} tier, "
        f"prices of {check.as_of} (table checked {check.pricing_checked})"
    )


_MOST_NAMED = 10


def _lost(check: Check) -> Iterator[str]:
    """Name what could not be counted, here and at the base, each once."""
    here = {one: "" for verdict in check.verdicts for one in _not_counted(verdict.inputs.skipped)}
    base = {
        one: " (at the base)"
        for verdict in check.verdicts
        if verdict.before
        for one in _not_counted(verdict.before.skipped)
        if one not in here
    }
    lost = {**here, **base}
    if lost:
        yield f"could not be counted: {skipped_sentence(lost)}; tokens and costs are lower bounds"
        yield from (f"not counted: {one.path}: {one.reason}{where}" for one, where in list(lost.items())[:_MOST_NAMED])
        if len(lost) > _MOST_NAMED:
            yield f"and {len(lost) - _MOST_NAMED:,} more; --json lists every one"


def _not_counted(skipped: tuple[Skipped, ...]) -> list[Skipped]:
    return [one for one in skipped if not one.expected]
