"""A number that may only be known within bounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, Literal, TypeVar

__all__ = ["Exactness", "Interval", "Number", "is_approximate"]

Number = TypeVar("Number", int, Decimal)
Other = TypeVar("Other", int, Decimal)

Exactness = Literal["exact", "modelled", "reconstructed", "sampled", "estimated"]
"""How good a count is.

The real tokenizer; rules on top of it; a tokenizer that is not public, rebuilt from its counts; the ratio of a part of
the input that was counted; or a ratio of texts of its kind.
"""


def is_approximate(exactness: Exactness) -> bool:
    """Say whether a count is a ratio times another: what is printed with ``~`` and bounds."""
    return exactness in {"sampled", "estimated"}


@dataclass(frozen=True, slots=True)
class Interval(Generic[Number]):
    """The number to expect, and the bounds it lies within.

    >>> Interval.exact(7)
    Interval(low=7, value=7, high=7)
    """

    low: Number
    """The smallest it can be."""

    value: Number
    """What to expect."""

    high: Number
    """The largest it can be."""

    def __post_init__(self) -> None:
        """Refuse bounds that do not hold."""
        if not self.low <= self.value <= self.high:
            message = f"expected low <= value <= high, found {self.low}, {self.value}, {self.high}"
            raise ValueError(message)

    @classmethod
    def exact(cls, value: Number) -> Interval[Number]:
        """Return a number that is known."""
        return cls(value, value, value)

    @property
    def is_exact(self) -> bool:
        """Whether the bounds coincide."""
        return self.low == self.high

    def map(self, function: Callable[[Number], Other]) -> Interval[Other]:
        """Apply a function that never falls when its argument grows."""
        return Interval(function(self.low), function(self.value), function(self.high))
