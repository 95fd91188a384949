"""Money as exact decimals: the price of tokens, and arithmetic without rounding."""

from __future__ import annotations

from contextlib import AbstractContextManager
from decimal import Context, Decimal, localcontext

__all__ = ["exactly", "price_of"]

_MILLION = Decimal(1_000_000)

_DIGITS = 80
"""Enough to multiply the largest numbers that a workload may have without rounding."""


def exactly() -> AbstractContextManager[Context]:
    """Return a context in which decimals are added and multiplied without rounding."""
    return localcontext(Context(prec=_DIGITS))


def price_of(tokens: int | Decimal, per_million: Decimal) -> Decimal:
    """Return what tokens cost, in US dollars.

    Args:
        tokens: how many.
        per_million: US dollars for a million of them.

    >>> price_of(1_500, Decimal("2.00"))
    Decimal('0.003')
    """
    return tokens * per_million / _MILLION
