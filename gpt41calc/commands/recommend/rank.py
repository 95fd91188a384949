"""Rank the variants by the advice for a task, the input, the cost and the user's conditions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ...calculator.estimate import Estimate
from ...calculator.long_context import first_token, longest_request, reading
from ...calculator.model_estimate import ModelEstimate
from ...guidance import SHORTEST_PUBLISHED_TOKENS
from ...guidance.advice import Guidance
from ...guidance.benchmarks import Benchmark, Benchmarks
from ...pricing.schema import Model
from .recommendation import Choice, Lead, Loss, Objection, Recommendation, StepDown, Wishes

__all__ = ["recommend"]


def recommend(
    estimate: Estimate, variants: Sequence[Model], wishes: Wishes, guidance: Guidance, benchmarks: Benchmarks
) -> Recommendation:
    """Return the variants ranked for a task.

    Args:
        estimate: the input with every variant.
        variants: the variants, in the order of the estimate, in which they are fine-tuned copies if those are needed.
        wishes: the task and the conditions.
        guidance: the table of advice.
        benchmarks: the benchmark scores behind it.
    """
    evidence = [benchmarks.find(name) for name in wishes.task.evidence]
    found = {
        variant.id: _choice(variant, one, estimate.as_of, evidence, wishes, guidance, benchmarks)
        for variant, one in zip(variants, estimate.models, strict=True)
    }
    stepped = {name: replace(one, cheaper=_step_down(one, found, guidance.variants)) for name, one in found.items()}
    in_order = [stepped[name] for name in wishes.task.order if name in stepped]
    ranked = _by_reading([one for one in in_order if not one.objections], guidance.reading.least_share)
    return Recommendation(
        wishes=wishes,
        guidance=guidance,
        estimate=estimate,
        ranked=tuple(ranked),
        excluded=tuple(one for one in in_order if one.objections),
        leads=tuple(lead for each in evidence for lead in _leads(each, guidance.variants, benchmarks)),
        sources={**benchmarks.sources, **guidance.sources},
    )


def _choice(
    variant: Model,
    one: ModelEstimate,
    on: date,
    evidence: Sequence[Benchmark],
    wishes: Wishes,
    guidance: Guidance,
    benchmarks: Benchmarks,
) -> Choice:
    tokens = longest_request(one.tokens.value, one.context)
    return Choice(
        variant=variant,
        estimate=one,
        scores=tuple((each, each.scores[variant.id]) for each in evidence if variant.id in each.scores),
        request_tokens=tokens,
        reading=reading(variant.id, tokens, benchmarks, guidance.reading.test),
        objections=tuple(_objections(variant, one, tokens, on, wishes, guidance, benchmarks)),
    )


def _objections(
    variant: Model,
    one: ModelEstimate,
    tokens: int,
    on: date,
    wishes: Wishes,
    guidance: Guidance,
    benchmarks: Benchmarks,
) -> Iterator[Objection]:
    """Yield every condition that a variant breaks."""
    if one.status == "unreleased" or (one.status == "retired" and not wishes.allow_retired):
        yield Objection("status")
    for feature in wishes.needs:
        if variant.id not in feature.models:
            yield Objection("needs", feature.id)
    closes = variant.fine_tuning.closes if variant.fine_tuning else None
    if closes and on >= closes and any(feature.id == "fine-tuning" for feature in wishes.needs):
        yield Objection("closed")
    if one.cost is None:
        yield Objection("price", one.cost_reason or "no price")
    elif wishes.max_cost is not None and one.cost.per_request > wishes.max_cost:
        yield Objection("max-cost")
    if wishes.latency == "interactive":
        known = [each for each in first_token(variant.id, tokens, benchmarks) if each.at <= tokens]
        if any(each.seconds > guidance.interactive.seconds for each in known):
            yield Objection("latency")


def _by_reading(choices: Sequence[Choice], least_share: Decimal) -> list[Choice]:
    """Move variants with poor long-context results at this input length to the end; short inputs have no results."""
    known = [one.reading.worst for one in choices if one.reading and one.request_tokens >= SHORTEST_PUBLISHED_TOKENS]
    best = max(known, default=Decimal())
    candidates = [
        replace(
            one,
            reads_badly=one.request_tokens >= SHORTEST_PUBLISHED_TOKENS
            and one.reading is not None
            and one.reading.worst < least_share * best,
        )
        for one in choices
    ]
    return sorted(candidates, key=lambda one: one.reads_badly)


def _step_down(one: Choice, found: dict[str, Choice], dearest_first: Sequence[str]) -> StepDown | None:
    """Return what the next cheaper variant saves, and what it loses in quality."""
    after = dearest_first[dearest_first.index(one.variant.id) + 1 :]
    if not after or after[0] not in found:
        return None
    other = found[after[0]]
    mine, theirs = one.estimate.cost, other.estimate.cost
    scores = {benchmark.id: score for benchmark, score in other.scores}
    is_long = one.request_tokens >= SHORTEST_PUBLISHED_TOKENS
    return StepDown(
        to=other.variant,
        saved=mine.per_request - theirs.per_request if mine and theirs else None,
        losses=tuple(
            Loss(benchmark, score, scores[benchmark.id]) for benchmark, score in one.scores if benchmark.id in scores
        ),
        readings=(one.reading, other.reading) if is_long and one.reading and other.reading else None,
        objections=other.objections,
    )


def _leads(benchmark: Benchmark, variants: Sequence[str], benchmarks: Benchmarks) -> list[Lead]:
    """Return the other vendors' models that score higher in a test than every variant."""
    best = max((benchmark.scores[name] for name in variants if name in benchmark.scores), default=None)
    if best is None:
        return []
    others = [
        *(
            Lead(benchmark, benchmarks.columns[name], score, benchmark.source)
            for name, score in benchmark.scores.items()
            if name not in variants
        ),
        *(Lead(benchmark, rival.name, rival.score, rival.source) for rival in benchmark.rival),
    ]
    leads = [lead for lead in others if lead.score > best]
    return sorted(leads, key=lambda lead: lead.score, reverse=True)
