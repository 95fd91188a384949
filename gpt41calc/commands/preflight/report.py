"""The report of ``preflight``: a row per limit, and a sentence for each that is not kept."""

from __future__ import annotations

from collections.abc import Iterator

from ...calculator.limit_check import LimitCheck
from ...render.cells import Word
from ...render.findings import INCOMPLETE, Case, Finding, Problems, fingerprint
from ...render.model_names import model_name_notes, names_taken
from ...render.numbers import plural
from ...render.sentences import estimated_sentence
from ...render.sheet import Cell, Look, Sheet, short_notes
from ...render.skipped import skipped_sentence
from ...render.surcharges import surcharge_summary
from ...tally import STDIN_NAME
from .document import preflight_document
from .results import ModelChecks, Preflight
from .sentences import LimitCheckWord, limit_check_parts, limit_check_sentence, limit_check_word, preflight_answer

__all__ = ["limit_checks_sheet", "preflight_problems", "preflight_sheet"]

_RULES = {
    "window": "Input and output of a request have room in the model's window.",
    "output-cap": "An answer has at most so many tokens.",
    "string-length": "A single text of a request has at most so many characters.",
    "tokens-per-minute": "The requests of a minute have at most so many tokens, at a usage tier.",
    "requests-per-minute": "There are at most so many requests in a minute, at a usage tier.",
    "batch-file": "A batch file has at most so many requests, and so many bytes.",
    "batch-queue": "All batches that wait have at most so many input tokens, at a usage tier.",
    "shutdown": "The model can be called from the first day to the last.",
    "fine-tuning": "The model can still be fine-tuned.",
    INCOMPLETE: "Everything that is to be sent can be counted; otherwise nothing is known to be accepted.",
}

_ADVICE = (
    "Split the request, send a batch, take another model or a higher usage tier; 'gpt41calc preflight' says which."
)


def preflight_sheet(preflight: Preflight, *, is_whole: bool = True) -> Sheet:
    """Return a row for every limit of every model.

    Args:
        preflight: the checks of all models.
        is_whole: whether every kept limit has a row, instead of one row per model that keeps all its limits.
    """
    notes, explained = short_notes(_notes(preflight))
    rows = [row for one in preflight.models for row in _rows(preflight, one, is_whole=is_whole)]
    has_cures = any(row[-1] for row in rows)
    return Sheet(
        title="",
        answer=preflight_answer(preflight),
        columns=("Verdict", "Model", "Limit", "What it meets", *(("Cure",) if has_cures else ())),
        rows=tuple(row if has_cures else row[:-1] for row in rows),
        document=preflight_document(preflight),
        notes=notes,
        explained=explained,
        look=Look(fixed=("Verdict", "Model", "Limit")),
    )


def _rows(preflight: Preflight, one: ModelChecks, *, is_whole: bool) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of a model, with limits that are not kept first."""
    checks = sorted(one.limit_checks, key=lambda check: _ORDER[limit_check_word(check)])
    passed = [check for check in checks if limit_check_word(check) == "kept"]
    for check in checks:
        word = limit_check_word(check)
        if is_whole or word in {"broken", "not known"}:
            parts = limit_check_parts(preflight, one, check, most=None if is_whole else 1)
            yield (Word(word, _STYLES.get(word, "")), one.model.id, check.limit, *parts)
    if passed and not is_whole:
        # Beside broken limits, the names of kept ones would only make the table longer.
        named = "" if one.is_broken else ", ".join(check.limit for check in passed)
        yield ("kept", one.model.id, plural(len(passed), "limit"), named, "")


_ORDER: dict[LimitCheckWord, int] = {"broken": 0, "not known": 1, "kept": 2, "not used": 3}
_STYLES: dict[LimitCheckWord, str] = {"broken": "bold red", "not known": "yellow"}


def limit_checks_sheet(preflight: Preflight) -> Sheet:
    """Return a row per limit with the cheapest remedy, for spreadsheets and scripts."""
    return Sheet(
        title="Limits",
        columns=(
            "Model",
            "Limit",
            "Verdict",
            "Actual",
            "Allowed",
            "Unit",
            "Passed",
            "Used",
            "Long context",
            "Exactness",
            "Way",
            "Way model",
            "Way requests",
            "Way amount",
            "Way cost",
        ),
        rows=tuple(_row(one, check) for one in preflight.models for check in one.limit_checks),
        document=preflight_document(preflight),
        notes=tuple(_notes(preflight)),
    )


def _row(one: ModelChecks, check: LimitCheck) -> tuple[Cell, ...]:
    remedy = check.remedies[0] if check.remedies else None
    return (
        one.model.id,
        check.limit,
        limit_check_word(check),
        check.actual,
        check.allowed,
        check.unit,
        check.passed,
        check.is_used,
        check.is_long,
        check.exactness,
        *((remedy.kind, remedy.model.id, remedy.requests, remedy.amount, remedy.cost) if remedy else (None,) * 5),
    )


def _notes(preflight: Preflight) -> Iterator[str]:
    """Yield the basis of the checks, and notes that a reader needs to trust them."""
    traffic, workload = preflight.traffic, preflight.traffic.workload
    inputs = preflight.load.inputs
    sent = plural(preflight.load.requests, "request")
    lost = [one for one in inputs.skipped if not one.expected]
    if lost:
        yield f"could not be counted: {skipped_sentence(lost)}; tokens are lower bounds"
    if preflight.config:
        yield f"options from {preflight.config}"
    yield (
        f"{plural(inputs.files, 'file')}, {sent} with {plural(workload.output_tokens, 'output token')} each, "
        f"{workload.tier} tier, usage tier {traffic.usage_tier}, on {traffic.as_of} "
        f"(prices checked {preflight.pricing_checked}, limits {preflight.limits.checked})"
    )
    if preflight.load.is_batch_file:
        yield "a batch file is checked as a batch: text is exact, what is around it in a request is modelled"
    for model in preflight.left_out:
        yield f"{model.id} was shut down on {model.shutdown} and is left out; -m {model.id} asks for it"
    for one in preflight.models:
        yield from _notes_on_model(one)
    yield from model_name_notes(names_taken(one.model for one in preflight.models))
    yield from surcharge_summary(one.model for one in preflight.models)
    if preflight.limits.overlay:
        yield f"limits from {preflight.limits.overlay} are laid over the shipped ones"
    if preflight.overlay:
        yield f"prices from {preflight.overlay} are laid over the shipped table"


def _notes_on_model(one: ModelChecks) -> Iterator[str]:
    if one.is_unknown and one.limits is None:
        yield f"the rate limits of {one.model.id} are not in the table; --limits FILE adds them"
    elif one.is_unknown and one.limits is not None and one.limits.note:
        yield f"{one.model.id}: {one.limits.note}"
    if one.model.ratio:
        yield f"~ {estimated_sentence(one.model)}"


def preflight_problems(preflight: Preflight) -> Problems:
    """Return every limit that is broken or unknown, for reports of problems."""
    return Problems(
        command="preflight",
        summary=preflight_answer(preflight).text,
        cases=tuple(
            Case(
                name=one.model.id,
                found=tuple(_findings(preflight, one)),
                fails=one.is_broken,
                is_complete=not one.is_unknown and preflight.load.inputs.complete,
            )
            for one in preflight.models
        ),
        rules=_RULES,
        advice=_ADVICE,
        is_complete=preflight.is_complete,
        config=preflight.config,
    )


def _findings(preflight: Preflight, one: ModelChecks) -> Iterator[Finding]:
    """Yield the limits of one model that are not kept; missing input is listed once, if no limit shows it."""
    not_passed = [check for check in one.limit_checks if check.is_broken or check.is_unknown]
    for check in not_passed:
        path = _largest(preflight, one) if check.limit in _OF_INPUT else None
        yield _finding(one, check.limit, limit_check_sentence(preflight, one, check), path, _limit_check(one, check))
    lost = [skipped for skipped in preflight.load.inputs.skipped if not skipped.expected]
    if lost and not any(check.is_unknown for check in not_passed):
        sentence = f"some input could not be counted: {skipped_sentence(lost)}"
        yield _finding(one, INCOMPLETE, sentence, lost[0].path, None)


_OF_INPUT = frozenset({"window", "string-length", "tokens-per-minute", "batch-file", "batch-queue"})
"""Limits that a shorter input would keep."""


def _finding(one: ModelChecks, limit: str, sentence: str, path: str | None, limit_check: LimitCheck | None) -> Finding:
    return Finding(
        of="model",
        name=one.model.id,
        limit=limit,
        level="error",
        sentence=sentence,
        path=path.removeprefix("./") if path is not None and path != STDIN_NAME else None,
        tokens=one.tokens,
        fingerprint=fingerprint("preflight", one.model.id, limit),
        limit_check=limit_check,
    )


def _limit_check(one: ModelChecks, check: LimitCheck) -> LimitCheck | None:
    if check.allowed is None:
        return None
    return LimitCheck(
        limit=check.limit,
        allowed=check.allowed,
        actual=check.actual,
        unit=check.unit,
        passed=check.passed,
        model=one.model.id,
        exactness=check.exactness,
    )


def _largest(preflight: Preflight, one: ModelChecks) -> str | None:
    """Return the longest file."""
    encoding = one.model.counted_in
    found = max(preflight.load.inputs.counted, key=lambda each: each.tokens[encoding], default=None)
    return found.path if found else None
