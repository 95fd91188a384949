"""What a part of a text costs more, with the first model."""

from __future__ import annotations

from decimal import Decimal

from ...calculator.change import cost_of_tokens
from .comparison import Compared, Comparison

__all__ = ["cost_of_delta"]


def cost_of_delta(before: int, after: int, one: Compared, comparison: Comparison) -> Decimal | None:
    """Return the additional cost of one request with these tokens, in US dollars; None if there is no price.

    Args:
        before: tokens before; negative where sections have more tokens than their text.
        after: tokens after; negative for words that were taken away.
        one: the input that they belong to.
        comparison: what it is part of.
    """
    model = one.models[0].model
    below = min(before, after, 0)
    return cost_of_tokens(before - below, after - below, model, comparison.workload, comparison.as_of)
