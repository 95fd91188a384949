"""The effect of a change in words: tokens and dollars more or less."""

from __future__ import annotations

from decimal import Decimal

from ..calculator.change import ModelChange
from ..calculator.interval import is_approximate
from ..calculator.money import exactly
from .numbers import about, dollars, dollars_apart, number, signed

__all__ = ["model_sentence", "more_dollars", "more_tokens", "tidy_dollars"]


def model_sentence(change: ModelChange, requests_per_month: int | None) -> str:
    """Return a sentence with the effect for one model."""
    mark = "~" if is_approximate(change.exactness) else ""
    tokens = f"{about(change.before, number)} to {about(change.after, number)} tokens"
    sentence = f"{change.model.id}: {tokens} ({more_tokens(change, marked=mark)})"
    return f"{sentence}, {_money(change, requests_per_month, mark)}"


def more_tokens(change: ModelChange, *, marked: str) -> str:
    """Say how many tokens more there are, with the range where they are not exact."""
    delta = change.delta
    if delta.is_exact:
        return signed(number(delta.value), delta.value)
    value, low, high = (signed(number(end), end) for end in (delta.value, delta.low, delta.high))
    return f"{marked}{value} ({low} to {high})"


def _money(change: ModelChange, requests_per_month: int | None, mark: str) -> str:
    cost = change.cost_delta
    if change.cost_before is None or change.cost_after is None or cost is None:
        return "no price"
    before, after = dollars_apart(change.cost_before, change.cost_after)
    ends = f"{mark}{before} to {mark}{after} a request"
    month = f", {more_dollars(cost * requests_per_month, mark)} a month" if requests_per_month is not None else ""
    return f"{ends} ({more_dollars(cost, mark)}{month})"


def more_dollars(amount: Decimal, mark: str) -> str:
    """Return an amount with its sign, and a mark in front if it is estimated."""
    return mark + signed(dollars(amount), amount)


def tidy_dollars(amount: Decimal) -> Decimal:
    """Return an exact amount without trailing zeros, but with cents: 0.00000 would look like a small amount."""
    with exactly():
        exponent = amount.normalize().as_tuple().exponent
        places = max(2, -exponent) if isinstance(exponent, int) else 2
        return amount.quantize(Decimal(1).scaleb(-places)) if amount else Decimal()
