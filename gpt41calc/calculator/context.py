"""Check whether input and output fit into the limits of one request."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import NamedTuple

from ..pricing.ratio import Ratio
from ..pricing.schema import Model
from .accepted_length import AcceptedLength, fewest_requests
from .interval import Interval

__all__ = ["ContextFit", "fit", "input_tokens", "largest_input", "scaled", "times", "widened"]


class ContextFit(NamedTuple):
    """The size of one request compared with the limits of one model."""

    window: int
    """Context window of the model: most tokens of input and output together."""

    max_output: int | None
    """Most output tokens. None if only the window limits them."""

    max_input: int | None
    """Most input tokens, where that is less than the window. None if only the window limits them."""

    used: Interval[int]
    """Input and output tokens of the request."""

    used_percent: Decimal
    """Percent of the window that is used, to two decimals; 100 only if the window is used to the last token."""

    fits: bool
    """Whether the request is within every limit."""

    fits_certain: bool
    """Whether ``fits`` is the same for every count within the bounds."""

    headroom: int
    """Unused tokens of the window; negative if the request is too long."""

    requests_needed: int | None
    """Fewest requests the input can be divided into. None if the output alone does not fit."""


def input_tokens(counted: int, model: Model) -> Interval[int]:
    """Return the input tokens for a model, given the tokens in the encoding that the model is counted in.

    >>> from gpt41calc.pricing.table import load_pricing
    >>> input_tokens(1000, load_pricing().find("gemini-2.5-pro"))
    Interval(low=800, value=1120, high=1450)
    """
    return scaled(counted, model.ratio)


def scaled(counted: int, ratio: Ratio | None) -> Interval[int]:
    """Return the tokens for a ratio, given those of the encoding that it is of; None for the same number of tokens."""
    return Interval.exact(counted) if ratio is None else Interval(*times(counted, ratio.low, ratio.value, ratio.high))


def times(counted: int, low: Decimal, value: Decimal, high: Decimal) -> tuple[int, int, int]:
    """Return the tokens for the three numbers of a ratio: the bounds are rounded outwards, the value to the nearest."""
    return math.floor(counted * low), round(counted * value), math.ceil(counted * high)


def widened(tokens: Interval[int], margin: tuple[int, int]) -> Interval[int]:
    """Return a count with its bounds moved outwards by a number of tokens, but never below zero.

    >>> widened(Interval.exact(10), (2, 5))
    Interval(low=8, value=10, high=15)
    """
    below, above = margin
    return Interval(max(min(0, tokens.low), tokens.low - below), tokens.value, tokens.high + above)


def fit(tokens: Interval[int], output_tokens: int, model: Model) -> ContextFit:
    """Compare one request with a model's context window, output limit and input limit."""
    used = tokens.map(lambda count: count + output_tokens)
    most_tokens = largest_input(output_tokens, model)
    outcomes = {_fits(count, output_tokens, model) for count in (tokens.low, tokens.value, tokens.high)}
    return ContextFit(
        window=model.window,
        max_output=model.max_output,
        max_input=model.max_input,
        used=used,
        used_percent=_share(used.value, model.window),
        fits=_fits(tokens.value, output_tokens, model),
        fits_certain=len(outcomes) == 1,
        headroom=model.window - used.value,
        requests_needed=fewest_requests(tokens.value, [AcceptedLength(0, most_tokens)] if most_tokens >= 0 else []),
    )


def _share(used: int, window: int) -> Decimal:
    """Return the used percentage, rounded so that it never crosses 100 although the tokens do not."""
    share = (Decimal(100 * used) / window).quantize(Decimal("0.01"))
    if used < window:
        return min(share, Decimal("99.99"))
    return share if used == window else max(share, Decimal("100.01"))


def largest_input(output_tokens: int, model: Model) -> int:
    """Return the largest input, in tokens, that fits into one request beside its output; -1 if none does."""
    if model.max_output is not None and output_tokens > model.max_output:
        return -1
    return min(model.window - output_tokens, model.max_input or model.window)


def _fits(tokens: int, output_tokens: int, model: Model) -> bool:
    return tokens <= largest_input(output_tokens, model)
