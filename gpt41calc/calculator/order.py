"""Sort the models of an estimate, or of the price table."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from ..pricing.schema import Model
from .estimate import Estimate
from .model_estimate import ModelEstimate

__all__ = ["Order", "estimates_in_order", "models_in_order"]

Order = Literal["cost", "fit", "name", "window"]
"""Sort orders: lowest cost first, fullest window last, by name, or largest window first."""


def estimates_in_order(estimate: Estimate, by: Order, most: int | None = None) -> Estimate:
    """Return an estimate with its variants sorted, followed by its comparators.

    Args:
        estimate: the estimate to sort.
        by: the sort order.
        most: largest number of variants to keep; None for all.
    """
    variants = sorted((one for one in estimate.models if one.role == "variant"), key=_KEYS[by])[:most]
    others = sorted((one for one in estimate.models if one.role == "comparator"), key=_KEYS[by])
    places = {one.model.id: place for place, one in enumerate((*variants, *others))}
    savings = [each for each in estimate.savings if each.model in places]
    return replace(
        estimate,
        models=(*variants, *others),
        savings=tuple(sorted(savings, key=lambda each: (places[each.model], places[each.versus]))),
        encoding=variants[0].model.counted_in,
        is_sorted=True,
    )


def _cost(one: ModelEstimate) -> tuple[bool, Decimal, Any]:
    """Return a sort key for the lowest cost first; a model without a price is last."""
    return one.cost is None, one.cost.total.value if one.cost else Decimal(), _name(one.model)


def _fit(one: ModelEstimate) -> tuple[bool, Decimal, Any]:
    return not one.context.fits, Decimal(one.context.used.value) / one.context.window, _name(one.model)


def _name(model: Model) -> list[tuple[int, str]]:
    """Return a sort key that puts gpt-4.1 before gpt-4.1-mini, and gpt-4.1 before gpt-10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"([0-9]+)", model.id)]


_KEYS: dict[Order, Callable[[ModelEstimate], Any]] = {
    "cost": _cost,
    "fit": _fit,
    "name": lambda one: _name(one.model),
    "window": lambda one: (-one.model.window, _name(one.model)),
}


def models_in_order(models: Sequence[Model], by: Order, on: date) -> list[Model]:
    """Return models sorted: by lowest input price, by name, or by largest window.

    Args:
        models: the models to sort.
        by: the sort order; ``fit`` needs an input, and is not possible here.
        on: the day whose prices apply.
    """

    def cost(model: Model) -> tuple[bool, Decimal, Decimal, Any]:
        row = model.row(on=on, input_tokens=0)
        price = row.standard if row else None
        return price is None, price.input if price else Decimal(), price.output if price else Decimal(), _name(model)

    keys: dict[str, Callable[[Model], Any]] = {
        "cost": cost,
        "name": _name,
        "window": lambda model: (-model.window, _name(model)),
    }
    return sorted(models, key=keys[by])
