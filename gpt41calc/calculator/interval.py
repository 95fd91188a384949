"""A number with a lower and an upper bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, Literal, TypeVar

__all__ = ["Exactness", "Interval", "Number", "is_approximate"]

Number = TypeVar("Number", int, Decimal)
Other = TypeVar("Other", int, Decimal)

Exactness = Literal["exact", "modelled", "reconstructed", "sampled", "estimated"]
"""Exactness of a count.

``exact``: by the real tokenizer. ``modelled``: by published or measured rules on top of it. ``reconstructed``: by a
tokenizer that is not public and was rebuilt from its counts. ``sampled``: by the ratio of a part of the input that was
counted. ``estimated``: by the ratio of texts of the same kind.
"""


def is_approximate(exactness: Exactness) -> bool:
    """Return whether a count comes from a ratio; such a count is printed with ``~`` and bounds."""
    return exactness in {"sampled", "estimated"}


@dataclass(frozen=True, slots=True)
class Interval(Generic[Number]):
    """An expected value with its lower and upper bound.

    >>> Interval.exact(7)
    Interval(low=7, value=7, high=7)
    """

    low: Number
    """Lower bound."""

    value: Number
    """Expected value."""

    high: Number
    """Upper bound."""

    def __post_init__(self) -> None:
        """Refuse bounds that do not contain the value."""
        if not self.low <= self.value <= self.high:
            message = f"expected low <= value <= high, found {self.low}, {self.value}, {self.high}"
            raise ValueError(message)

    @classmethod
    def exact(cls, value: Number) -> Interval[Number]:
        """Return an interval of one exactly known number."""
        return cls(value, value, value)

    @property
    def is_exact(self) -> bool:
        """Whether both bounds are equal."""
        return self.low == self.high

    def map(self, function: Callable[[Number], Other]) -> Interval[Other]:
        """Return the interval after applying a non-decreasing function to its three numbers."""
        return Interval(function(self.low), function(self.value), function(self.high))
