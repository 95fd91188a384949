"""Count the tokens of a request: exact text, plus rules for everything around it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from ..calculator.context import input_tokens, scaled, times
from ..calculator.interval import Exactness, Interval
from ..calculator.kind_ratio import mean_numbers, mean_ratio
from ..pricing.ratio import Ratio
from ..pricing.schema import Model
from ..tokenizer.protocol import Tokenizer
from ..tokenizer.text_kind import kinds_of_texts
from .blocks import Measured
from .error_range import ErrorBounds, error_bounds, error_range

__all__ = [
    "Frame",
    "around_text",
    "exactness",
    "frame_of",
    "request_overhead",
    "request_range",
    "request_tokens",
    "text_tokens",
]


def text_tokens(measured: Measured, model: Model, tokenizer: Tokenizer) -> int:
    """Return the exact tokens of all texts of a request, each counted separately, since they are separate in a prompt.

    Args:
        measured: the request.
        model: the model.
        tokenizer: tokenizer of the model's encoding.
    """
    return sum(map(tokenizer.count, measured.texts(model)))


def request_tokens(measured: Measured, model: Model, tokenizer: Tokenizer) -> Interval[int]:
    """Return the tokens of a request, with pictures and frame, and the range of the billed tokens.

    Args:
        measured: the request.
        model: the model.
        tokenizer: tokenizer of the model's encoding.

    >>> from gpt41calc.pricing.table import load_pricing
    >>> from gpt41calc.requests.detect import parse_request
    >>> from gpt41calc.requests.blocks import measured
    >>> from gpt41calc.tokenizer.engines import tokenizer
    >>> request = parse_request({"messages": [{"role": "user", "content": "Say hello."}]})
    >>> request_tokens(measured(request), load_pricing().find("gpt-4.1"), tokenizer("o200k_base")).value
    10
    """
    body, rules = measured.request.google, model.google
    if body is not None and rules is not None:
        from ..tokenizer.gemma import gemma
        from .google_tokens import google_tokens

        return google_tokens(body, rules, gemma(tokenizer), measured.picture_tokens(model))
    return _framed(measured, model, text_tokens(measured, model, tokenizer))


def request_range(measured: Measured, model: Model, tokenizer: Tokenizer, text: int) -> tuple[int, int]:
    """Return the fewest and the most tokens that may be billed for a request whose texts are already counted.

    Args:
        measured: the request.
        model: the model.
        tokenizer: tokenizer of the model's encoding.
        text: the result of ``text_tokens``.
    """
    if measured.request.google is not None and model.google is not None:
        counted = request_tokens(measured, model, tokenizer)
    else:
        counted = _framed(measured, model, text)
    return counted.low, counted.high


def around_text(measured: Measured, model: Model, tokenizer: Tokenizer, text: int) -> tuple[int, int, int]:
    """Return the result of ``request_overhead``, and how many tokens lower and higher the billed count may be.

    Args:
        measured: the request.
        model: the model.
        tokenizer: tokenizer of the model's encoding.
        text: the result of ``text_tokens``.
    """
    if measured.request.google is not None and model.google is not None:
        counted = input_tokens(text, model)
        whole = request_tokens(measured, model, tokenizer)
        around = whole.value - counted.value
        return around, max(0, counted.low + around - whole.low), max(0, whole.high - counted.high - around)
    kinds = _kinds(tuple(measured.texts(model))) if model.kind_ratios else None
    return frame_of(measured, model).around(text, kinds)


class Frame(NamedTuple):
    """What a model adds to the texts of a request; the same for requests that differ only in their texts."""

    model: Model
    """The model."""

    overhead: int
    """Tokens outside the texts."""

    error: ErrorBounds
    """How much more or less may be billed."""

    def around(self, text: int, kinds: Mapping[str, Decimal | int] | None) -> tuple[int, int, int]:
        """Return the result of ``around_text`` for a request with this frame.

        Args:
            text: tokens of all its texts, in the model's encoding.
            kinds: the ``kinds_of_texts``; only used if the model's ratio depends on them.
        """
        model = self.model
        if model.ratio is None:
            return self.overhead, *self.error.of(text + self.overhead)
        own = model.ratio.low, model.ratio.value, model.ratio.high
        low, value, high = times(text, *own)
        if model.kind_ratios:
            own = mean_numbers(model.ratio, model.kind_ratios, kinds or {})
        lowest, read, highest = times(text, *own)
        below, above = self.error.of(read + self.overhead)
        around = read - value
        return self.overhead + around, below + max(0, low + around - lowest), above + max(0, highest - high - around)


def frame_of(measured: Measured, model: Model) -> Frame:
    """Return what a model adds to the texts of a request that is not written for Google."""
    return Frame(model, measured.overhead(model), error_bounds(measured, model))


def _ratio_read(measured: Measured, model: Model) -> Ratio | None:
    """Return a model's ratio for such text as a request has, if its tokenizer is not installed."""
    if model.ratio is None or not model.kind_ratios:
        return model.ratio
    return mean_ratio(model.ratio, model.kind_ratios, _kinds(tuple(measured.texts(model))))


@lru_cache(maxsize=8)  # a request is asked for several times in a row: for each model, its overhead, its range
def _kinds(texts: tuple[str, ...]) -> Mapping[str, Decimal | int]:
    return kinds_of_texts(texts)


def _framed(measured: Measured, model: Model, text: int) -> Interval[int]:
    """Return the tokens of a request, given the tokens of its texts."""
    overhead = measured.overhead(model)
    counted = scaled(text, _ratio_read(measured, model)).map(lambda tokens: tokens + overhead)
    below, above = error_range(measured, model, counted.value)
    return Interval(max(0, counted.low - below), counted.value, counted.high + above)


def request_overhead(measured: Measured, model: Model, tokenizer: Tokenizer, text: int | None = None) -> int:
    """Return the tokens to add to the text tokens of a request to get its whole count.

    Where the text has another ratio than the model's own it may be negative: a body for Gemini, or for Claude where
    its tokenizer is not installed.

    Args:
        measured: the request.
        model: the model.
        tokenizer: tokenizer of the model's encoding.
        text: the result of ``text_tokens``; None if it is to be counted here.
    """
    is_google = measured.request.google is not None and model.google is not None
    if not is_google and not model.kind_ratios:
        return measured.overhead(model)
    counted = text_tokens(measured, model, tokenizer) if text is None else text
    whole = request_tokens(measured, model, tokenizer) if is_google else _framed(measured, model, counted)
    return whole.value - input_tokens(counted, model).value


def exactness(model: Model) -> Exactness:
    """Return the exactness of the count of a request."""
    return "estimated" if model.ratio else "modelled"
