"""The first line of ``batch``: the cheapest way to run the requests, and what answers are taken to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from ...calculator.interval import Interval, is_approximate
from ...render.answer import Answer
from ...render.numbers import dollars, number, plural
from .plan import BatchPlan, ModelPlan, Offer
from .run_modes import PROCESSING_MODES, ProcessingMode

__all__ = ["batch_answer", "cheapest_total", "cost_mark", "total_mark", "totals_by_mode"]

_WORDS: dict[ProcessingMode, str] = {"cached": "with cache"}
"""Names of processing modes in reports, where they differ."""


def batch_answer(plan: BatchPlan) -> Answer:
    """Return a sentence with the cheapest mode, the price of running requests one by one, and the expected output.

    If the requests are to be run with several models in turn (``-m``), they are priced with the first of them.
    """
    count = plan.models[0].requests if plan.is_alternatives and plan.models else plan.requests
    requests = plural(count, "request")
    if not plan.models:
        return Answer(f"requests: 0 in {plan.name}", None if plan.complete else "not known")
    totals = dict(totals_by_mode(plan))
    if not totals:
        text = f"{requests}, no price"
    else:
        mode = min(totals, key=lambda one: totals[one].value)
        other: ProcessingMode = "batch" if mode == "one by one" else "one by one"
        several = f" with {plan.models[0].own.model.name}" if plan.is_alternatives and len(plan.models) > 1 else ""
        text = f"cheapest{several}: {_word(mode)}, {_dollars(totals[mode], plan)}"
        if other in totals:
            text += f"; {_word(other)} {_dollars(totals[other], plan)}"
        text += f"; {requests}"
    least = "" if plan.complete else f"; {plural(len(plan.skipped), 'line')} not counted"
    return Answer(f"{text}, {_outputs(plan, count)}{least}", None if plan.complete else "not known")


def cheapest_total(plan: BatchPlan) -> Decimal | None:
    """Return the cost of all requests in their cheapest processing mode, in dollars. None if one has no price."""
    return min((total.value for _, total in totals_by_mode(plan)), default=None)


def totals_by_mode(plan: BatchPlan) -> Iterator[tuple[ProcessingMode, Interval[Decimal]]]:
    """Yield the modes in which all requests can be run, each with its total cost."""
    models = _added_up(plan)
    for at, mode in enumerate(PROCESSING_MODES):
        found = [model.own.modes[at].total for model in models]
        priced = [total for total in found if total is not None]
        if len(priced) == len(found):
            bounds = (sum((getattr(one, end) for one in priced), Decimal()) for end in ("low", "value", "high"))
            yield mode, Interval(*bounds)


def _outputs(plan: BatchPlan, requests: int) -> str:
    """Return a phrase for the length of answers: as expected, as each body allows, or both."""
    capped = sum(model.capped for model in _added_up(plan))
    if capped == requests:
        return "answers as long as the cap of each body"
    if not capped:
        return plan.forecast_sentence
    return f"{plan.forecast_sentence} but for {number(capped)} by the cap of the body"


def _word(mode: ProcessingMode) -> str:
    return _WORDS.get(mode, mode)


def _dollars(total: Interval[Decimal], plan: BatchPlan) -> str:
    return f"{total_mark(total, plan)}{dollars(total.value)}"


def total_mark(total: Interval[Decimal], plan: BatchPlan) -> str:
    """Return the ``cost_mark`` of all requests."""
    return cost_mark(total, [model.own for model in _added_up(plan)])


def cost_mark(total: Interval[Decimal], offers: Iterable[Offer]) -> str:
    """Return ``~`` if a cost of some offers rests on an estimate; one may have no bounds."""
    return "" if total.is_exact and not any(is_approximate(offer.exactness) for offer in offers) else "~"


def _added_up(plan: BatchPlan) -> Sequence[ModelPlan]:
    """Return what a sum is over: all models, or the first one if each request is run with every model."""
    return plan.models[:1] if plan.is_alternatives else plan.models
