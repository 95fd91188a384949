"""The report of ``batch``: the requests, and their cost in every processing mode."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ...calculator.interval import Interval
from ...render.cells import Money
from ...render.json import plain_decimal
from ...render.model_names import model_name_notes
from ...render.numbers import about, dollars, number, percent, plural, size
from ...render.sentences import estimated_sentence, status_sentence
from ...render.sheet import MOST_NOTES, Look, Sheet, short_notes
from ...render.surcharges import surcharge_summary
from ...tally import Skipped
from .answer import batch_answer
from .document import batch_document
from .plan import BatchPlan, ModelPlan, Offer
from .prompt_cache import FIRST_TOKENS
from .run_modes import ModeCost, ProcessingMode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ...render.pictures.picture import Picture

__all__ = ["batch_sheets", "modes_rows"]

_MOST_LISTED = 20

_HEADINGS: dict[ProcessingMode, str] = {
    "one by one": "One by one",
    "cached": "With cache",
    "batch": "Batch",
    "flex": "Flex",
    "priority": "Priority",
}


def batch_sheets(plan: BatchPlan, *, is_whole: bool) -> list[Sheet]:
    """Return the answer and the cost of the requests in every processing mode.

    Args:
        plan: the requests.
        is_whole: whether to show the cost with other models for every model, if there are several.
    """
    whole = len(plan.models) > 1 and is_whole
    return [_summary(plan), *(_offers(model) for model in plan.models if whole)]


def _summary(plan: BatchPlan) -> Sheet:
    """Return a row per model; for a single model, also rows with the cost of others."""
    is_one = len(plan.models) == 1
    offers = plan.models[0].offers if is_one else [model.own for model in plan.models]
    modes = [mode for mode in _HEADINGS if any(_total(offer, mode) for offer in offers)]
    sizes = () if is_one else ("Requests", "Tokens", "Output")
    notes, explained = short_notes(_notes(plan))
    return Sheet(
        title="",
        answer=batch_answer(plan),
        columns=("Model", *sizes, *(_HEADINGS[mode] for mode in modes), *(("Status",) if is_one else ())),
        rows=tuple(
            (
                offer.model.id,
                *(() if is_one else (plan.models[at].requests, offer.input.value, offer.output)),
                *(_money(offer, mode) for mode in modes),
                *((offer.status,) if is_one else ()),
            )
            for at, offer in enumerate(offers)
        ),
        document=batch_document(plan),
        notes=notes,
        explained=explained,
        quiet=tuple(_quiet(plan)),
        pictures=_pictures,
        look=Look(
            expendable=("Priority", "Flex", "Output", "Tokens"),
            fixed=("Model", "Status"),
            styles=tuple("dim" if offer.status == "retired" else "" for offer in offers),
        ),
    )


def _pictures(document: Mapping[str, Any]) -> Iterable[Picture]:
    from .pictures import batch_pictures

    return batch_pictures(document)


def _total(offer: Offer, mode: ProcessingMode) -> Interval[Decimal] | None:
    return next(one.total for one in offer.modes if one.mode == mode)


def _money(offer: Offer, mode: ProcessingMode) -> Money | None:
    total = _total(offer, mode)
    return None if total is None else Money(total.value, "" if total.is_exact else "~")


def _quiet(plan: BatchPlan) -> Iterator[str]:
    """Yield the cost of the first model's requests in its cheapest processing mode, for ``--quiet``."""
    for model in plan.models[:1]:
        if (mode := model.own.cheapest) and mode.total:
            yield plain_decimal(mode.total.value)


def _offers(model: ModelPlan) -> Sheet:
    notes = tuple(_notes_on(model))
    return Sheet(
        title=f"{plural(model.requests, 'request')} to {model.own.model.name}, with",
        columns=("Model", *_HEADINGS.values()),
        rows=tuple((offer.model.id, *(_money(offer, mode) for mode in _HEADINGS)) for offer in model.offers),
        notes=notes[:MOST_NOTES],
        explained=notes[MOST_NOTES:],
        look=Look(
            fixed=("Model",),
            styles=tuple("dim" if offer.status == "retired" else "" for offer in model.offers),
        ),
    )


def modes_rows(plan: BatchPlan) -> Sheet:
    """Return a row per model and processing mode, for spreadsheets."""
    return Sheet(
        title=f"{plan.name}: {plural(plan.requests, 'request')}",
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
    """Yield notes on lost or refused requests, then advice, then the basis of the numbers."""
    refused = list(_listed(plan.refused, plan.refusals, "that the API would refuse"))
    skipped = list(_listed(plan.skipped, len(plan.skipped), "not counted"))
    yield from (*skipped[:1], *refused[:1])
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
    of_one = list(_notes_on(plan.models[0])) if len(plan.models) == 1 else []
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
    yield from _notes_on_models(plan)
    yield from (*skipped[1:], *refused[1:])


def _sizes_sentence(model: ModelPlan) -> str:
    """Return a sentence with the lengths of a model's requests."""
    tokens = model.tokens
    percentiles = f"median {number(tokens.p50)}, P95 {number(tokens.p95)}, longest {number(tokens.most)}"
    return f"{plural(tokens.total, 'token')} in ({percentiles}), {number(model.own.output)} out"


def _notes_on_models(plan: BatchPlan) -> Iterator[str]:
    """Yield notes on how each model is counted and its status; models with the same shutdown are combined."""
    offers = {offer.model.id: offer for model in plan.models for offer in model.offers}
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
    yield f"{lines} {verdict}: {lost[0].path}: {lost[0].reason}"
    for one in lost[1:_MOST_LISTED]:
        yield f"{one.path}: {one.reason}"
    if total > _MOST_LISTED:
        yield f"{number(total - _MOST_LISTED)} more lines {verdict}; --json lists them"


def _notes_on(model: ModelPlan) -> Iterator[str]:
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
    if model.assumed_pictures:
        yield f"{plural(model.assumed_pictures, 'picture')} of unknown size: assumed, not measured (--assume-image WxH)"


def _cheaper_sentence(model: ModelPlan, offer: Offer, mode: ModeCost) -> str | None:
    """Return a sentence that names a cheaper model; None if the model itself is the cheapest."""
    if offer is model.own or mode.total is None:
        return None
    return f"cheaper with {offer.model.name}: {_HEADINGS[mode.mode].lower()}, {about(mode.total, dollars)}"


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
