"""What is saved? One model's total against another's."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .cost import Cost
from .interval import Interval

__all__ = ["Saving", "saving"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What a workload costs less with one model than with another."""

    amount: Interval[Decimal]
    """US dollars saved; negative: spent on top."""

    percent: Decimal | None
    """Share of the other model's total, to a hundredth; none if that total is zero."""

    sign_certain: bool
    """Whether it is saved, or spent on top, for every count within the bounds."""


def saving(model: Cost, versus: Cost) -> Saving:
    """Hold a model's total against a comparator's.

    Both are estimated from one count, but with ratios of their own, so the
    bounds are those of the worst case on either side.
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
