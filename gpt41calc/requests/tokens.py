"""How many tokens does a request take? Exact text, and rules for what is around it."""

from __future__ import annotations

from ..calculator.context import input_tokens
from ..calculator.interval import Exactness, Span
from ..pricing.schema import Model
from ..tokenizer.protocol import Tokenizer
from .blocks import Measured
from .error_range import error_range

__all__ = ["exactness", "request_tokens", "text_tokens"]


def text_tokens(measured: Measured, model: Model, tokenizer: Tokenizer) -> int:
    """Return the exact tokens of all texts of a request, each counted apart as each stands apart in a prompt.

    Args:
        measured: the request.
        model: who reads it.
        tokenizer: of the encoding that the model is counted in.
    """
    return sum(map(tokenizer.count, measured.texts(model)))


def request_tokens(measured: Measured, model: Model, tokenizer: Tokenizer) -> Span[int]:
    """Return the tokens of a request: text, the tokens around it and pictures; with the range that bills lie in.

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
    overhead = measured.overhead(model)
    counted = input_tokens(text_tokens(measured, model, tokenizer), model).map(lambda tokens: tokens + overhead)
    below, above = error_range(measured, model, counted.value)
    return Span(max(0, counted.low - below), counted.value, counted.high + above)


def exactness(model: Model) -> Exactness:
    """Return how good the count of a request is."""
    return "estimated" if model.ratio else "modelled"
