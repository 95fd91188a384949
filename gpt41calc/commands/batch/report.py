"""What ``batch`` shows: what the requests are, and what they cost in every way to run them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ...render.json import plain_decimal
from ...render.numbers import about, dollars, number, percent, plural, size
from ...render.sentences import estimated_sentence, status_sentence
from ...render.sheet import Cell, Sheet
from ...tally import Skipped
from .document import batch_document
from .plan import BatchPlan, ModelPlan, Offer
from .prompt_cache import FIRST_TOKENS
from .run_modes import ModeCost, ProcessingMode

__all__ = ["batch_sheets", "modes_rows"]

_MOST_LISTED = 20

_HEADINGS: dict[ProcessingMode, str] = {
    "one by one": "One by one",
    "cached": "With cache",
    "batch": "Batch",
    "flex": "Flex",
    "priority": "Priority",
}


def batch_sheets(plan: BatchPlan) -> list[Sheet]:
    """Return what the requests are, and then for each model what they cost."""
    return [_overview(plan), *(_offers(model) for model in plan.models)]


def _overview(plan: BatchPlan) -> Sheet:
    return Sheet(
        title=f"{plan.path}: {plural(plan.requests, 'request')}, {size(plan.bytes)}, {plan.output_rule}",
        columns=("Model", "Requests", "Tokens", "Median", "P95", "Longest", "Output", "Cache serves"),
        rows=tuple(map(_overview_row, plan.models)),
        document=batch_document(plan),
        notes=tuple(_notes(plan)),
        quiet=tuple(_quiet(plan)),
    )


def _overview_row(model: ModelPlan) -> tuple[Cell, ...]:
    tokens, own = model.tokens, model.own
    served = f"at most {percent(100 * own.hit_rate)}" if own.cached.value else "nothing"
    return (
        own.model.id,
        model.requests,
        tokens.total,
        tokens.p50,
        tokens.p95,
        tokens.most,
        own.output,
        served,
    )


def _quiet(plan: BatchPlan) -> Iterator[str]:
    """Return what the first model's requests cost in the cheapest way to run them with that model itself."""
    for model in plan.models[:1]:
        if (mode := model.own.cheapest) and mode.total:
            yield plain_decimal(mode.total.value)


def _offers(model: ModelPlan) -> Sheet:
    return Sheet(
        title=f"The cost of {plural(model.requests, 'request')} to {model.own.model.name}",
        columns=("Model", *_HEADINGS.values()),
        rows=tuple((offer.model.id, *(_cell(mode) for mode in offer.modes)) for offer in model.offers),
        notes=tuple(_notes_on(model)),
    )


def _cell(mode: ModeCost) -> str | None:
    if mode.total is None:
        return None
    return f"{'' if mode.total.is_exact else '~'}{dollars(mode.total.value)}"


def modes_rows(plan: BatchPlan) -> Sheet:
    """Return a row a model and way, for spreadsheets."""
    return Sheet(
        title=f"{plan.path}: {plural(plan.requests, 'request')}",
        columns=(
            "Requests to",
            "Requests",
            "Run with",
            "ProcessingMode",
            "Input tokens",
            "Cached tokens",
            "Output tokens",
            "Cost",
            "Input low",
            "Input high",
            "Cost low",
            "Cost high",
        ),
        rows=tuple(
            (
                model.own.model.id,
                model.requests,
                offer.model.id,
                mode.mode,
                offer.input.value,
                offer.cached.value if mode.mode == "cached" and mode.total else 0,
                offer.output,
                mode.total.value if mode.total else None,
                offer.input.low,
                offer.input.high,
                mode.total.low if mode.total else None,
                mode.total.high if mode.total else None,
            )
            for model in plan.models
            for offer in model.offers
            for mode in offer.modes
        ),
        document=batch_document(plan),
    )


def _notes(plan: BatchPlan) -> Iterator[str]:
    yield (
        f"prices of {plan.as_of} (table checked {plan.pricing_checked}); text is counted exactly, "
        "the frame of a request, functions and pictures are modelled"
    )
    limits = plan.limits
    if plan.requests:
        within = f"{number(limits.requests)} requests and {size(limits.file_bytes)} a file"
        apart = ", one or more for each model and url" if plan.kinds > 1 else ""
        yield f"a batch takes it in {plural(plan.files, 'file')}{apart} ({within})"
    if plan.written:
        named = plan.written[0] if len(plan.written) == 1 else f"{plan.written[0]} to {plan.written[-1]}"
        yield f"written: {named}"
    if plan.left_out:
        yield f"{plural(plan.left_out, 'request')} left out of the files, because the API would refuse them"
    if plan.overlay:
        yield f"prices from {plan.overlay} are laid over the shipped table"
    if plan.config:
        yield f"options from {plan.config}"
    yield from _notes_on_models(plan)
    yield from _listed(plan.refused, plan.refusals, "the API would refuse")
    yield from _listed(plan.skipped, len(plan.skipped), "not counted")


def _notes_on_models(plan: BatchPlan) -> Iterator[str]:
    """Say of every model once how it is counted, and where it stands; models that end alike together."""
    offers = {offer.model.id: offer for model in plan.models for offer in model.offers}
    endings: dict[str, list[str]] = {}
    for offer in offers.values():
        if offer.model.ratio:
            yield f"~ {estimated_sentence(offer.model)}"
        if offer.status != "live":
            endings.setdefault(status_sentence(offer.model, offer.status), []).append(offer.model.name)
    yield from (f"{', '.join(names)}: {ending}" for ending, names in endings.items())


def _listed(lost: tuple[Skipped, ...], total: int, verdict: str) -> Iterator[str]:
    for one in lost[:_MOST_LISTED]:
        yield f"{one.path}: {verdict}: {one.reason}"
    if total > _MOST_LISTED:
        yield f"{number(total - _MOST_LISTED)} more lines: {verdict}; --json lists them"


def _notes_on(model: ModelPlan) -> Iterator[str]:
    if model.cheapest:
        yield _cheapest_sentence(model, *model.cheapest)
    if not (counted := model.own.input).is_exact:
        bounds = f"{number(counted.low)} to {number(counted.high)}"
        yield f"~ {bounds} input tokens with {model.own.model.name}: the range that bills of such requests lie in"
    yield from _caching_sentences(model)
    if sentence := _days_sentence(model):
        yield sentence
    if model.capped:
        yield f"{plural(model.capped, 'request')} with the output cap of the body as output"
    if model.assumed_pictures:
        yield f"{plural(model.assumed_pictures, 'picture')} of unknown size: assumed, not measured (--assume-image WxH)"


def _cheapest_sentence(model: ModelPlan, offer: Offer, mode: ModeCost) -> str:
    own = model.own.cheapest
    total = about(mode.total, dollars) if mode.total else ""
    if offer is model.own or own is None or own.total is None:
        return f"cheapest: {_HEADINGS[mode.mode].lower()}, {total}"
    return (
        f"cheapest with {offer.model.name}: {_HEADINGS[mode.mode].lower()}, {total}; "
        f"with {model.own.model.name}: {_HEADINGS[own.mode].lower()}, {about(own.total, dollars)}"
    )


def _caching_sentences(model: ModelPlan) -> Iterator[str]:
    cached = next(mode for mode in model.own.modes if mode.mode == "cached")
    if cached.total is None:
        yield f"prompt caching: {cached.reason}"
        return
    if model.own.cached.value:
        yield (
            f"prompt caching serves at most {plural(model.own.cached.value, 'token')} "
            f"({percent(100 * model.own.hit_rate)} of the input): "
            "what prompts begin with that an earlier one began with, if nothing is forgotten"
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
    """Say how long the queue takes at each usage tier, if it takes longer than a day at any."""
    if all(one.days == 1 for one in model.days):
        return "the batch queue takes it in a day at every usage tier" if model.days else None
    said = ", ".join(
        f"tier {one.usage_tier}: {'not at all, or not known' if one.days is None else plural(one.days, 'day')}"
        for one in model.days
    )
    return f"the batch queue takes it in, by usage tier: {said}"
