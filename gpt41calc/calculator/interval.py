"""A number that may only be known within bounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, Literal, TypeVar

__all__ = ["Exactness", "Span"]

Number = TypeVar("Number", int, Decimal)
Other = TypeVar("Other", int, Decimal)

Exactness = Literal["exact", "modelled", "estimated"]
"""How good a count is: the real tokenizer, rules on top of it, or a ratio."""


@dataclass(frozen=True, slots=True)
class Span(Generic[Number]):
    """The number to expect, and the bounds it lies within.

    >>> Span.exact(7)
    Span(low=7, value=7, high=7)
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
    def exact(cls, value: Number) -> Span[Number]:
        """Return a number that is known."""
        return cls(value, value, value)

    @property
    def is_exact(self) -> bool:
        """Whether the bounds coincide."""
        return self.low == self.high

    def map(self, function: Callable[[Number], Other]) -> Span[Other]:
        """Apply a function that never falls when its argument grows."""
        return Span(function(self.low), function(self.value), function(self.high))
