"""Does it fit? Input and output against what one request may hold."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from ..pricing.schema import Model
from .accepted_length import AcceptedLength, fewest_requests
from .interval import Interval

__all__ = ["ContextFit", "fit", "input_tokens", "widened"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextFit:
    """One request against the limits of one model."""

    window: int
    """Tokens of input and output that a request may hold together."""

    max_output: int | None
    """Tokens that an answer may have. None if the window alone limits it."""

    max_input: int | None
    """Tokens that a prompt may have, where it is less than the window."""

    used: Interval[int]
    """Input and output tokens of the request."""

    used_percent: Decimal
    """Share of the window, to a hundredth of a percent; 100 only if it is used to the last token."""

    fits: bool
    """Whether the request is within every limit."""

    fits_certain: bool
    """Whether ``fits`` holds for every count within the bounds."""

    headroom: int
    """Tokens that are left of the window; negative: tokens too many."""

    requests_needed: int | None
    """Fewest requests the input can be divided into. None if the output alone does not fit."""


def input_tokens(counted: int, model: Model) -> Interval[int]:
    """Return the tokens of an input for a model, from those in the encoding it is counted in.

    >>> from gpt41calc.pricing.table import load_pricing
    >>> input_tokens(1000, load_pricing().find("gemini-2.5-pro"))
    Interval(low=800, value=1120, high=1450)
    """
    ratio = model.ratio
    if ratio is None:
        return Interval.exact(counted)
    return Interval(
        int((counted * ratio.low).to_integral_value(ROUND_FLOOR)),
        int((counted * ratio.value).to_integral_value(ROUND_HALF_EVEN)),
        int((counted * ratio.high).to_integral_value(ROUND_CEILING)),
    )


def widened(tokens: Interval[int], margin: tuple[int, int]) -> Interval[int]:
    """Return a count with bounds that are wider by so many tokens below and above; none is less than nothing.

    >>> widened(Interval.exact(10), (2, 5))
    Interval(low=8, value=10, high=15)
    """
    below, above = margin
    return Interval(max(min(0, tokens.low), tokens.low - below), tokens.value, tokens.high + above)


def fit(tokens: Interval[int], output_tokens: int, model: Model) -> ContextFit:
    """Hold one request against the window, the output cap and the prompt limit of a model."""
    used = tokens.map(lambda count: count + output_tokens)
    largest_input = _largest_input(output_tokens, model)
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
        requests_needed=fewest_requests(tokens.value, [AcceptedLength(0, largest_input)] if largest_input >= 0 else []),
    )


def _share(used: int, window: int) -> Decimal:
    """Return a percentage that is on the same side of 100 as the tokens are of the window."""
    share = (Decimal(100 * used) / window).quantize(Decimal("0.01"))
    if used < window:
        return min(share, Decimal("99.99"))
    return share if used == window else max(share, Decimal("100.01"))


def _largest_input(output_tokens: int, model: Model) -> int:
    """Return how many input tokens a request has room for beside its output."""
    if model.max_output is not None and output_tokens > model.max_output:
        return -1
    return min(model.window - output_tokens, model.max_input or model.window)


def _fits(tokens: int, output_tokens: int, model: Model) -> bool:
    return tokens <= _largest_input(output_tokens, model)
