"""How many tokens does a request take? Exact text, and rules for what is around it."""

from __future__ import annotations

from ..calculator.context import input_tokens
from ..calculator.interval import Exactness, Span
from ..pricing.schema import Model
from ..tokenizer.protocol import Tokenizer
from .blocks import Measured

__all__ = ["exactness", "request_tokens", "reworded_tokens", "text_tokens"]


def text_tokens(measured: Measured, tokenizer: Tokenizer) -> int:
    """Return the exact tokens of all texts of a request, each counted apart as each stands apart in a prompt."""
    return sum(map(tokenizer.count, measured.texts))


def request_tokens(measured: Measured, model: Model, tokenizer: Tokenizer) -> Span[int]:
    """Return the tokens of a request: text, modelled frame and pictures; bounds where bills vary or a ratio is applied.

    Args:
        measured: the request.
        model: who reads it.
        tokenizer: of the encoding that the model is counted in.

    >>> from gpt41calc.pricing.table import load_pricing
    >>> from gpt41calc.requests.detect import parse_request
    >>> from gpt41calc.requests.blocks import measured
    >>> from gpt41calc.tokenizer.engines import tokenizer
    >>> request = parse_request({"messages": [{"role": "user", "content": "Say hello."}]})
    >>> request_tokens(measured(request), load_pricing().find("gpt-4.1"), tokenizer("o200k_base")).value
    10
    """
    whole = measured.read_by(model)
    overhead = whole.overhead(model)
    tokens = input_tokens(text_tokens(whole, tokenizer), model)
    below, above = measured.margin(model)
    return Span(max(0, tokens.low + overhead - below), tokens.value + overhead, tokens.high + overhead + above)


def reworded_tokens(measured: Measured, model: Model, tokenizer: Tokenizer, counted: int) -> int:
    """Return how many more tokens a model reads than were counted, where another model reads the request otherwise.

    Args:
        measured: the request.
        model: who reads it.
        tokenizer: of the encoding that the model is counted in.
        counted: what was counted in this encoding, as another model reads the request.
    """
    whole = measured.read_by(model)
    if whole is measured or model.ratio is None:
        return 0
    return round((text_tokens(whole, tokenizer) - counted) * model.ratio.value)


def exactness(model: Model) -> Exactness:
    """Return how good the count of a request is."""
    return "modelled" if model.ratio is None else model.text_exactness
