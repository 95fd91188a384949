"""The saving of one model compared with another."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from .cost import Cost
from .interval import Interval

__all__ = ["Saving", "saving"]


class Saving(NamedTuple):
    """Difference in cost of a workload between two models."""

    amount: Interval[Decimal]
    """US dollars saved; negative if the model costs more."""

    percent: Decimal | None
    """Percent of the other model's total, to two decimals; None if that total is zero."""

    sign_certain: bool
    """Whether the sign of ``amount`` is the same for every count within the bounds."""


def saving(model: Cost, versus: Cost) -> Saving:
    """Return the saving of a model's total compared with a comparator's.

    Both are estimated from one count, but with different ratios, so the bounds combine the worst case of each.
    """
    amount = Interval(
        versus.total.low - model.total.high,
        versus.total.value - model.total.value,
        versus.total.high - model.total.low,
    )
    return Saving(
        amount=amount,
        percent=(100 * amount.value / versus.total.value).quantize(Decimal("0.01")) if versus.total.value else None,
        sign_certain=amount.is_exact or amount.low > 0 or amount.high < 0,
    )
