"""The report of ``recommend``: the ranked variants, with reasons and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from ...render.answer import Answer
from ...render.cells import Money, Share
from ...render.long_context import first_token_cell, first_token_sentence, length, score_cell, score_sentence
from ...render.numbers import dollars, dollars_beside, dollars_in_full, percent
from ...render.sentences import fit_sentence, input_sentence, notes, status_notes, status_sentence, workload_sentence
from ...render.sheet import Cell, Look, Sheet, short_notes
from ...render.surcharges import surcharge_summary
from .document import recommendation_document
from .recommendation import Choice, Objection, Recommendation, StepDown

__all__ = ["choices_sheet", "objection_sentence", "recommendation_sheet"]


def recommendation_sheet(found: Recommendation) -> Sheet:
    """Return a row per variant, best first, with notes."""
    test = found.guidance.reading.test
    notes, explained = short_notes(_notes(found))
    return Sheet(
        title="",
        answer=_answer(found),
        columns=("Rank", "Model", "Status", "Window used", "Fit", "A request", f"Reads ({test})", "First token"),
        rows=tuple(_row(rank, one) for rank, one in _ranks(found)),
        document=recommendation_document(found, {one.variant.id: _reasons(one, found) for one in found.excluded}),
        notes=notes,
        explained=explained,
        look=Look(
            expendable=("First token", "Window used", f"Reads ({test})"),
            fixed=("Rank", "Model", "Status", "Fit"),
            styles=("",) * len(found.ranked) + ("dim",) * len(found.excluded),
        ),
        quiet=tuple(one.estimate.model.id for one in found.ranked[:1]),
    )


def _ranks(found: Recommendation) -> Iterator[tuple[str, Choice]]:
    yield from ((str(rank), one) for rank, one in enumerate(found.ranked, 1))
    yield from (("–", one) for one in found.excluded)


def _row(rank: str, one: Choice) -> tuple[Cell, ...]:
    fit, cost = one.estimate.context, one.estimate.cost
    requests = "never" if fit.requests_needed is None else f"{fit.requests_needed} requests"
    return (
        rank,
        one.estimate.model.name,
        one.estimate.status,
        Share(fit.used_percent),
        "fits" if fit.fits else requests,
        Money(cost.per_request) if cost else None,
        score_cell(one.reading),
        first_token_cell(one.reading),
    )


def choices_sheet(found: Recommendation) -> Sheet:
    """Return a row per variant, in plain numbers."""
    return Sheet(
        title="",
        answer=_answer(found),
        columns=(
            "Rank",
            "Model",
            "Status",
            "Input tokens",
            "Used percent",
            "Fits",
            "Requests needed",
            "Cost per request",
            "Reads below",
            "Reads above",
            "Excluded",
        ),
        rows=tuple(_cells(int(rank) if rank.isdigit() else None, one, found) for rank, one in _ranks(found)),
    )


def _cells(rank: int | None, one: Choice, found: Recommendation) -> tuple[Cell, ...]:
    fit, cost, reading = one.estimate.context, one.estimate.cost, one.reading
    return (
        rank,
        one.estimate.model.id,
        one.estimate.status,
        one.estimate.tokens.value,
        fit.used_percent,
        fit.fits,
        fit.requests_needed,
        cost.per_request if cost else None,
        reading.below.score if reading and reading.below else None,
        reading.above.score if reading and reading.above else None,
        "; ".join(_reasons(one, found)) or None,
    )


def _answer(found: Recommendation) -> Answer:
    """Return a sentence with the recommended variant, its fit and its cost; or that none satisfies the conditions."""
    task = found.wishes.task.name
    if not found.ranked:
        return Answer(f"none: no variant of GPT-4.1 satisfies every condition for {task}", "broken")
    first = found.ranked[0].estimate
    cost = f", {dollars(first.cost.per_request)} a request" if first.cost else ""
    fits = "fits" if first.context.fits else "does not fit in one request"
    ends = f"; {status_sentence(first.model, first.status)}" if first.status in {"deprecated", "retired"} else ""
    return Answer(f"{first.model.name}: for {task}, {fits}{cost}{ends}", "kept")


def _notes(found: Recommendation) -> Iterator[str]:
    """Yield all notes, the reason for the recommendation first."""
    task = found.wishes.task
    excluded = [f"not {one.variant.name}: {'; '.join(_reasons(one, found))}" for one in found.excluded]
    if not found.ranked:
        yield from excluded
    yield f"why: {task.why} ({', '.join(task.source)})"
    yield from surcharge_summary(one.estimate.model for one in found.ranked)
    if found.ranked and (step := found.ranked[0].cheaper):
        yield _step_sentence(found.ranked[0], step, found)
    if found.ranked:
        yield from excluded
    yield f"{input_sentence(found.estimate)}; {workload_sentence(found.estimate)}"
    yield from _evidence(found)
    for one in found.ranked:
        if one.reads_badly:
            share = percent(100 * found.guidance.reading.least_share)
            yield (
                f"{one.variant.name} comes last: at {length(one.request_tokens)} tokens "
                f"it finds less than {share} of what the best one does ({found.guidance.reading.test})"
            )
        if not one.estimate.context.fits:
            yield f"{one.variant.name}: {fit_sentence(one.estimate)}"
    for (test, source), leads in groupby(found.leads, key=lambda lead: (lead.benchmark.name, lead.source)):
        listed = ", ".join(f"{lead.model} {lead.score}" for lead in leads)
        yield f"better than every variant in {test}: {listed} ({', '.join(source)})"
    yield from _wishes(found)
    yield from status_notes(replace(found.estimate, models=tuple(one.estimate for one in found.ranked)))
    yield from notes(found.estimate)
    yield from _sources(found)


def _evidence(found: Recommendation) -> Iterator[str]:
    everyone = sorted((*found.ranked, *found.excluded), key=lambda one: _place(one, found))
    tests = {benchmark.id: benchmark for one in everyone for benchmark, _ in one.scores}
    for name in found.wishes.task.evidence:
        if name in tests:
            scores = {one.variant.name: score for one in everyone for each, score in one.scores if each.id == name}
            listed = ", ".join(f"{model} {score}" for model, score in scores.items())
            yield f"{tests[name].name}, {tests[name].measures}: {listed} ({', '.join(tests[name].source)})"


def _place(one: Choice, found: Recommendation) -> int:
    return found.guidance.variants.index(one.variant.id)


def _step_sentence(one: Choice, step: StepDown, found: Recommendation) -> str:
    saves = "" if step.saved is None else f" saves {dollars(step.saved)} a request"
    lost = [f"{loss.benchmark.name} {loss.here} to {loss.there}" for loss in step.losses if loss.there < loss.here]
    won = [f"{loss.benchmark.name} {loss.here} to {loss.there}" for loss in step.losses if loss.there >= loss.here]
    parts = [f"gives up {', '.join(lost)}" if lost else "", f"keeps up in {', '.join(won)}" if won else ""]
    if step.readings:
        parts.append(
            f"reads {length(one.request_tokens)} tokens with {step.readings[1].test} "
            f"{score_sentence(step.readings[1])}, instead of {score_sentence(step.readings[0])}"
        )
    if step.objections:
        reasons = "; ".join(objection_sentence(each, _of(step.to.id, found), found) for each in step.objections)
        parts.append(f"but is left out here: {reasons}")
    return f"one variant cheaper: {step.to.name}{saves}; {'; '.join(filter(None, parts))}"


def _of(name: str, found: Recommendation) -> Choice:
    return next(one for one in (*found.ranked, *found.excluded) if one.variant.id == name)


def _reasons(one: Choice, found: Recommendation) -> list[str]:
    return [objection_sentence(each, one, found) for each in one.objections]


def objection_sentence(objection: Objection, one: Choice, found: Recommendation) -> str:
    """Return a sentence with the condition that a variant breaks, and by how much."""
    wishes, cost, limit = found.wishes, one.estimate.cost, found.guidance.interactive.seconds
    match objection.constraint:
        case "status":
            keep = "; --allow-retired keeps it" if one.estimate.status == "retired" else ""
            return status_sentence(one.variant, one.estimate.status) + keep
        case "needs":
            return f"no {objection.about} (--needs)"
        case "closed":
            tuning = one.variant.fine_tuning
            return f"takes no fine-tuning jobs since {tuning.closes if tuning else 'long ago'} (--needs)"
        case "price":
            return objection.about
        case "max-cost" if cost and wishes.max_cost is not None:
            amount = dollars_beside(cost.per_request, wishes.max_cost)
            return f"a request costs {amount}, more than {dollars_in_full(wishes.max_cost)} (--max-cost)"
        case _:
            times = one.reading.first_token if one.reading else ()
            slow = f"the first token takes {first_token_sentence(times)} tokens"
            return f"{slow}, at most {limit} s are wanted (--latency interactive)"


def _wishes(found: Recommendation) -> Iterator[str]:
    """Yield notes on the conditions of the user."""
    for feature in found.wishes.needs:
        if feature.note:
            yield f"{feature.id}: {feature.note} ({', '.join(feature.source)})"
        for closed in feature.closed_on(found.estimate.as_of):
            yield f"{feature.id}: closed since {closed.since} to {closed.to} ({', '.join(closed.source)})"
    if found.wishes.latency == "interactive":
        unknown = [one.variant.name for one in found.ranked if not (one.reading and one.reading.first_token)]
        if unknown:
            yield f"not published: the time to the first token of {' and '.join(unknown)}"


def _sources(found: Recommendation) -> Iterator[str]:
    task = found.wishes.task
    cited = {*task.source, *(key for lead in found.leads for key in lead.source)}
    cited |= {key for one in (*found.ranked, *found.excluded) for test, _ in one.scores for key in test.source}
    for feature in found.wishes.needs:
        cited |= {*feature.source, *(key for closed in feature.closed for key in closed.source)}
    for key, text in found.sources.items():
        if key in cited:
            yield f"{key}: {text}"
