"""Sentences below the report of ``batch``: lost or refused requests, advice, and the basis of the numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from ...render.model_names import model_name_notes
from ...render.numbers import about, dollars, number, percent, plural, size
from ...render.sentences import estimated_sentence, status_sentence
from ...render.surcharges import surcharge_summary
from ...tally import Skipped
from .plan import BatchPlan, ModelPlan, Offer
from .prompt_cache import FIRST_TOKENS
from .run_modes import ModeCost, ProcessingMode

__all__ = ["HEADINGS", "batch_notes", "notes_on_model"]

_MOST_LISTED = 20

HEADINGS: dict[ProcessingMode, str] = {
    "one by one": "One by one",
    "cached": "With cache",
    "batch": "Batch",
    "flex": "Flex",
    "priority": "Priority",
}
"""Headings of the columns with costs, by processing mode."""


def batch_notes(plan: BatchPlan, shown: Sequence[Offer]) -> Iterator[str]:
    """Yield notes on lost or refused requests, then advice, then the basis of the numbers.

    Args:
        plan: the requests.
        shown: the offers that the tables have.
    """
    refused = list(_listed(plan.refused, plan.refusals, "that the API would refuse"))
    skipped = list(_listed(plan.skipped, len(plan.skipped), "not counted"))
    yield from (*skipped[:1], *refused[:1])
    if assumed := sum(model.assumed_pictures for model in plan.models):
        yield f"{plural(assumed, 'picture')} of unknown size: assumed, not measured (--assume-image WxH)"
    if plan.config:
        yield f"options from {plan.config}"
    if plan.written:
        named = plan.written[0] if len(plan.written) == 1 else f"{plan.written[0]} to {plan.written[-1]}"
        yield f"written: {named}"
    if plan.left_out:
        yield f"{plural(plan.left_out, 'request')} left out of the files, because the API would refuse them"
    yield from model_name_notes(plan.names_taken)
    yield from surcharge_summary(
        {offer.model.id: offer.model for model in plan.models for offer in model.offers}.values()
    )
    of_one = list(notes_on_model(plan.models[0])) if len(plan.models) == 1 else []
    yield from of_one[:3]
    limits = plan.limits
    if plan.requests:
        within = f"{number(limits.requests)} requests and {size(limits.file_bytes)} a file"
        apart = ", one or more for each model and url" if plan.kinds > 1 else ""
        yield f"a batch takes it in {plural(plan.files, 'file')}{apart} ({within})"
    yield from of_one[3:]
    yield (
        f"prices of {plan.as_of} (table checked {plan.pricing_checked}); text is counted exactly, "
        "the frame of a request, functions and pictures are modelled"
    )
    if plan.overlay:
        yield f"prices from {plan.overlay} are laid over the shipped table"
    yield from _notes_on_models(shown)
    yield from (*skipped[1:], *refused[1:])


def _sizes_sentence(model: ModelPlan) -> str:
    """Return a sentence with the lengths of a model's requests."""
    tokens = model.tokens
    percentiles = f"median {number(tokens.p50)}, P95 {number(tokens.p95)}, longest {number(tokens.most)}"
    return f"{plural(tokens.total, 'token')} in ({percentiles}), {number(model.own.output)} out"


def _notes_on_models(shown: Iterable[Offer]) -> Iterator[str]:
    """Yield notes on how each model is counted and its status; models with the same shutdown are combined."""
    offers = {offer.model.id: offer for offer in shown}
    endings: dict[str, list[str]] = {}
    for offer in offers.values():
        if offer.model.ratio:
            yield f"~ {estimated_sentence(offer.model)}"
        if offer.status != "live":
            endings.setdefault(status_sentence(offer.model, offer.status), []).append(offer.model.name)
    yield from (f"{', '.join(names)}: {ending}" for ending, names in endings.items())


def _listed(lost: tuple[Skipped, ...], total: int, verdict: str) -> Iterator[str]:
    """Yield lines that summarise the lost lines and then name them."""
    if not total:
        return
    lines = "1 line" if total == 1 else f"{number(total)} lines"
    first = ", the first" if total > 1 else ""
    yield f"{lines} {verdict}{first}: {lost[0].path}: {lost[0].reason}"
    for one in lost[1:_MOST_LISTED]:
        yield f"{one.path}: {one.reason}"
    if total > _MOST_LISTED:
        yield f"{number(total - _MOST_LISTED)} more lines {verdict}; --json lists them"


def notes_on_model(model: ModelPlan) -> Iterator[str]:
    """Yield advice on cheaper ways, then the basis of a model's numbers."""
    if model.cheapest and (by_tier := _cheaper_sentence(model, *model.cheapest)):
        yield by_tier
    caching, *more = _caching_sentences(model)
    yield caching
    yield _sizes_sentence(model)
    if not (counted := model.own.input).is_exact:
        bounds = f"{number(counted.low)} to {number(counted.high)}"
        yield f"~ {bounds} input tokens with {model.own.model.name}: the range that bills of such requests lie in"
    yield from more
    if sentence := _days_sentence(model):
        yield sentence
    if model.capped:
        yield f"{plural(model.capped, 'request')} with the cap of the body as output"


def _cheaper_sentence(model: ModelPlan, offer: Offer, mode: ModeCost) -> str | None:
    """Return a sentence that names a cheaper model; None if the model itself is the cheapest."""
    if offer is model.own or mode.total is None:
        return None
    return f"cheaper with {offer.model.name}: {HEADINGS[mode.mode].lower()}, {about(mode.total, dollars)}"


def _caching_sentences(model: ModelPlan) -> Iterator[str]:
    cached = next(mode for mode in model.own.modes if mode.mode == "cached")
    if cached.total is None:
        yield f"prompt caching: {cached.reason}"
        return
    if model.own.cached.value:
        yield (
            f"prompt caching serves at most {plural(model.own.cached.value, 'token')} "
            f"({percent(100 * model.own.hit_rate)} of the input): "
            "tokens with which prompts begin alike, if the cache keeps them all"
        )
    else:
        yield f"prompt caching serves nothing: no prompt begins with {number(FIRST_TOKENS)} tokens of an earlier one"
    if model.break_even is not None:
        yield _break_even_sentence(model.break_even)
    if model.reordered.total and model.reordered.total.value < cached.total.value:
        yield (
            f"put the stable parts of the prompts first: the cache then serves about "
            f"{plural(model.reordered_tokens, 'token')}, and saves "
            f"{dollars(cached.total.value - model.reordered.total.value)} more"
        )


def _break_even_sentence(share: Decimal) -> str:
    if share > 1:
        return "a batch is cheaper, even if the cache served all of the input"
    return f"a cache that serves {percent((100 * share).quantize(Decimal('0.01')))} of the input is as cheap as a batch"


def _days_sentence(model: ModelPlan) -> str | None:
    """Return a sentence with the days in the queue by usage tier, if any tier needs more than one day."""
    if all(one.days == 1 for one in model.days):
        return "the batch queue takes it in a day at every usage tier" if model.days else None
    by_tier = ", ".join(
        f"tier {one.usage_tier}: {'not at all, or not known' if one.days is None else plural(one.days, 'day')}"
        for one in model.days
    )
    return f"the batch queue takes it in, by usage tier: {by_tier}"
