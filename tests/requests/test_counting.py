"""Requests take what the API bills for them, as far as it was published."""

from __future__ import annotations

from typing import Any

import pytest

from gpt41calc.pricing.table import load_pricing
from gpt41calc.requests.blocks import measured
from gpt41calc.requests.detect import parse_request
from gpt41calc.requests.tokens import request_tokens
from gpt41calc.tokenizer.engines import tokenizer

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
