"""Money as exact decimals: the price of tokens, and arithmetic without rounding."""

from __future__ import annotations

from contextlib import AbstractContextManager
from decimal import Context, Decimal, localcontext

__all__ = ["exactly", "price_of"]

_MILLION = Decimal(1_000_000)

_DIGITS = 80
"""Decimal digits: enough to multiply the largest numbers of a workload without rounding."""


def exactly() -> AbstractContextManager[Context]:
    """Return a decimal context in which additions and multiplications are not rounded."""
    return localcontext(Context(prec=_DIGITS))


def price_of(tokens: int | Decimal, per_million: Decimal) -> Decimal:
    """Return the price of a number of tokens, in US dollars.

    Args:
        tokens: number of tokens.
        per_million: US dollars per million tokens.

    >>> price_of(1_500, Decimal("2.00"))
    Decimal('0.003')
    """
    return tokens * per_million / _MILLION
