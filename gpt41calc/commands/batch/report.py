"""The report of ``batch``: the requests, and their cost in every processing mode."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ...calculator.interval import Interval
from ...render.cells import Money
from ...render.json import plain_decimal
from ...render.numbers import plural
from ...render.sheet import MOST_NOTES, Look, Sheet, short_notes
from .answer import batch_answer, cheapest_total, cost_mark, total_mark, totals_by_mode
from .document import batch_document
from .notes import HEADINGS, batch_notes, notes_on_model
from .plan import BatchPlan, ModelPlan, Offer
from .run_modes import ProcessingMode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ...render.pictures.picture import Picture

__all__ = ["batch_sheets", "modes_rows"]


def batch_sheets(plan: BatchPlan, *, is_whole: bool) -> list[Sheet]:
    """Return the answer and the cost of the requests in every processing mode.

    Args:
        plan: the requests.
        is_whole: whether to show the cost with other models for every model, if there are several.
    """
    whole = len(plan.models) > 1 and is_whole
    return [_summary(plan, is_whole=is_whole), *(_offers(model) for model in plan.models if whole)]


def _summary(plan: BatchPlan, *, is_whole: bool) -> Sheet:
    """Return a row per model; for a single model, also rows with the cost of others."""
    is_one = len(plan.models) == 1
    offers = plan.models[0].offers if is_one else [model.own for model in plan.models]
    modes = [mode for mode in HEADINGS if any(_total(offer, mode) for offer in offers)]
    sizes = () if is_one else ("Requests", "Tokens", "Output")
    shown = offers if not is_whole else [offer for model in plan.models for offer in model.offers]
    sums = () if is_one or plan.is_alternatives else (_total_row(plan, offers, modes),)
    notes, explained = short_notes(batch_notes(plan, shown))
    return Sheet(
        title="",
        answer=batch_answer(plan),
        columns=("Model", *sizes, *(HEADINGS[mode] for mode in modes), *(("Status",) if is_one else ())),
        rows=tuple(
            (
                offer.model.id,
                *(() if is_one else (plan.models[at].requests, offer.input.value, offer.output)),
                *(_money(offer, mode) for mode in modes),
                *((offer.status,) if is_one else ()),
            )
            for at, offer in enumerate(offers)
        )
        + sums,
        document=batch_document(plan),
        notes=notes,
        explained=explained,
        quiet=tuple(_quiet(plan)),
        pictures=_pictures,
        look=Look(
            expendable=("Priority", "Flex", "Output", "Tokens"),
            fixed=("Model", "Status"),
            styles=(*("dim" if offer.status == "retired" else "" for offer in offers), *("" for _ in sums)),
        ),
    )


def _total_row(plan: BatchPlan, offers: Sequence[Offer], modes: Sequence[ProcessingMode]) -> tuple[object, ...]:
    """Return the sums over all models; no cost for a mode in which some requests have none."""
    totals = dict(totals_by_mode(plan))
    costs = (Money(totals[mode].value, total_mark(totals[mode], plan)) if mode in totals else None for mode in modes)
    return ("total", plan.requests, sum(one.input.value for one in offers), sum(one.output for one in offers), *costs)


def _pictures(document: Mapping[str, Any]) -> Iterable[Picture]:
    from .pictures import batch_pictures

    return batch_pictures(document)


def _total(offer: Offer, mode: ProcessingMode) -> Interval[Decimal] | None:
    return next(one.total for one in offer.modes if one.mode == mode)


def _money(offer: Offer, mode: ProcessingMode) -> Money | None:
    total = _total(offer, mode)
    return None if total is None else Money(total.value, cost_mark(total, [offer]))


def _quiet(plan: BatchPlan) -> Iterator[str]:
    """Yield the cost of all requests in their cheapest processing mode, for ``--quiet``."""
    if plan.models and (total := cheapest_total(plan)) is not None:
        yield plain_decimal(total)


def _offers(model: ModelPlan) -> Sheet:
    notes = tuple(notes_on_model(model))
    return Sheet(
        title=f"{plural(model.requests, 'request')} to {model.own.model.name}, with",
        columns=("Model", *HEADINGS.values()),
        rows=tuple((offer.model.id, *(_money(offer, mode) for mode in HEADINGS)) for offer in model.offers),
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
