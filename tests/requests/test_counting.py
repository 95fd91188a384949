"""Requests take what the API bills for them, as far as it was published."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.calculator.context import input_tokens
from gpt41calc.pricing.ratio import KindRatio, Ratio
from gpt41calc.pricing.schema import Model
from gpt41calc.pricing.table import load_pricing
from gpt41calc.requests.blocks import measured
from gpt41calc.requests.detect import parse_request
from gpt41calc.requests.tokens import around_text, request_overhead, request_range, request_tokens, text_tokens
from gpt41calc.tokenizer.engines import tokenizer
from gpt41calc.tokenizer.text_kind import TextKind

JARGON = [
    (
        "system",
        None,
        "You are a helpful, pattern-following assistant that translates corporate jargon into plain English.",
    ),
    ("system", "example_user", "New synergies will help drive top-line growth."),
    ("system", "example_assistant", "Things working well together will increase revenue."),
    (
        "system",
        "example_user",
        "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage.",
    ),
    ("system", "example_assistant", "Let's talk later when we're less busy about how to do better."),
    (
        "user",
        None,
        "This late pivot means we don't have time to boil the ocean for the client deliverable.",
    ),
]
"""The messages of OpenAI's cookbook."""

WEATHER = {
    "messages": [
        {
            "role": "system",
            "content": "You are a helpful assistant that can answer to questions about the weather.",
        },
        {"role": "user", "content": "What's the weather like in San Francisco?"},
    ],
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "get_current_weather",
                "description": "Get the current weather in a given location",
                "parameters": {
                    "type": "object",
                    "properties": {
                        "location": {
                            "type": "string",
                            "description": "The city and state, e.g. San Francisco, CA",
                        },
                        "unit": {
                            "type": "string",
                            "description": "The unit of temperature to return",
                            "enum": ["celsius", "fahrenheit"],
                        },
                    },
                    "required": ["location"],
                },
            },
        }
    ],
}
"""The request with a function of OpenAI's cookbook."""


def tokens(body: dict[str, Any], model: str = "gpt-4.1") -> int:
    """Return what a body takes with a model."""
    found = load_pricing().find(model)
    return request_tokens(measured(parse_request(body)), found, tokenizer(found.counted_in)).value


@pytest.mark.parametrize(
    ("model", "expected"), [("gpt-4", 129), ("gpt-4o", 124), ("gpt-4o-mini", 124), ("gpt-4.1", 124)]
)
def test_messages_of_the_cookbook(model: str, expected: int) -> None:
    """Its six messages, with names, take what the API bills."""
    messages = [{"role": role, "content": content} | ({"name": name} if name else {}) for role, name, content in JARGON]

    assert expected == tokens({"messages": messages}, model)


@pytest.mark.parametrize(
    ("model", "expected"), [("gpt-4", 105), ("gpt-4o", 101), ("gpt-4o-mini", 101), ("gpt-4.1", 101)]
)
def test_function_of_the_cookbook(model: str, expected: int) -> None:
    """Its function takes what the API bills."""
    assert expected == tokens(WEATHER, model)


def test_instructions_are_a_message() -> None:
    """Three tokens, the role, and the text."""
    asked = {"model": "gpt-4.1", "input": "Hi"}

    assert 3 + 1 + 3 == tokens(asked | {"instructions": "Be brief."}) - tokens(asked)


def test_claude_is_estimated_and_told_about_tools() -> None:
    """A ratio of the text, Anthropic's own words about tools, and a picture by its area."""
    found = load_pricing().find("claude-3-7-sonnet")
    plain = {"model": "claude-3-7-sonnet", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi" * 500}]}
    tool = {"tools": [{"name": "f", "description": "d", "input_schema": {}}]}

    def span(body: dict[str, Any]) -> tuple[int, int, int]:
        counted = request_tokens(measured(parse_request(body)), found, tokenizer("o200k_base"))
        return counted.low, counted.value, counted.high

    low, value, high = span(plain)
    assert low < value < high
    assert 314 < span(plain | tool)[1] - value < 314 + 60
    assert 2 == span(plain | tool | {"tool_choice": {"type": "any"}})[1] - span(plain | tool)[1]


TEXTS = st.lists(st.sampled_from(["Say hello to all of them.", "for (i = 0; i < n; i++) {", "Это по-русски", "これは"]))


def read_by_kind(kinds: dict[TextKind, tuple[str, str, str]]) -> Model:
    """Return a model whose tokenizer is not installed, with the ratio of each kind of text: low, value, high."""
    ratios = tuple(
        KindRatio(encoding="claude-3", kind=kind, low=Decimal(low), value=Decimal(value), high=Decimal(high))
        for kind, (low, value, high) in kinds.items()
    )
    any_kind = Ratio(of="o200k_base", low=Decimal("1.1"), value=Decimal("1.2"), high=Decimal("1.5"), source=("CTOK",))
    return replace(load_pricing().find("claude-sonnet-4-6"), encoding=None, ratio=any_kind, kind_ratios=ratios)


MODELS = [
    *map(load_pricing().find, ("gpt-4.1", "gpt-4o", "gemini-2.5-pro")),
    read_by_kind({"english": ("1.1", "1.2", "1.3"), "code": ("1.0", "1.4", "1.6"), "other": ("1.9", "2", "2.4")}),
]


@given(TEXTS, st.sampled_from(MODELS))
def test_what_is_around_the_text_is_the_overhead_and_the_range(texts: list[str], model: Model) -> None:
    """Asked for at once, it is what the overhead says, and around the text at least the range of the request."""
    whole = measured(parse_request({"messages": [{"role": "user", "content": text} for text in ["hi", *texts]]}))
    engine = tokenizer(model.counted_in)
    text = text_tokens(whole, model, engine)
    counted, (low, high) = input_tokens(text, model), request_range(whole, model, engine, text)

    overhead, below, above = around_text(whole, model, engine, text)

    assert request_overhead(whole, model, engine, text) == overhead
    assert max(0, counted.low + overhead - below) <= low <= high <= counted.high + overhead + above
