"""A body with more in it never counts less, whichever API it is for; the order of its keys counts nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpt41calc.pricing.table import load_pricing
from gpt41calc.requests.blocks import measured
from gpt41calc.requests.detect import parse_request
from gpt41calc.requests.tokens import request_tokens
from gpt41calc.tokenizer.engines import tokenizer

WORDS = st.text("abc de", min_size=1, max_size=30)
MODELS = ["gpt-4.1", "gpt-5", "o4-mini", "claude-sonnet-4-6"]


def tokens(model: str, body: dict[str, Any]) -> int:
    """Return what a body is counted as."""
    found = load_pricing().find(model)
    return request_tokens(measured(parse_request(body)), found, tokenizer(found.counted_in)).value


def tool(model: str, name: str, description: str) -> dict[str, Any]:
    """Return a function as the API of the model takes it."""
    schema = {"type": "object", "properties": {"city": {"type": "string", "description": description}}}
    if model.startswith("claude"):
        return {"name": name, "description": description, "input_schema": schema}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": schema}}


def body(model: str, texts: list[str], tools: int) -> dict[str, Any]:
    """Return a body with some messages of a user and an assistant in turn, and so many functions."""
    roles = ("user", "assistant")
    messages = [{"role": roles[at % 2], "content": text} for at, text in enumerate(texts)]
    more = {"tools": [tool(model, f"f{at}", "the city") for at in range(tools)]} if tools else {}
    return {"model": model, "max_tokens": 50, "messages": messages, **more}


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=20, deadline=None)
@given(texts=st.lists(WORDS, min_size=1, max_size=4), text=WORDS, tools=st.integers(0, 2))
def test_more_is_not_less(model: str, texts: list[str], text: str, tools: int) -> None:
    """A message, a function or a word more never makes a request smaller."""
    count = tokens(model, body(model, texts, tools))

    assert count < tokens(model, body(model, [*texts, text], tools))
    assert count < tokens(model, body(model, texts, tools + 1))
    assert count <= tokens(model, body(model, [*texts[:-1], f"{texts[-1]} word"], tools))


def reversed_keys(value: Any) -> Any:
    """Return the same with the keys of every object the other way round, but those that are names of parameters."""
    if isinstance(value, list):
        return [reversed_keys(one) for one in value]
    if isinstance(value, dict):
        return {key: one if key == "properties" else reversed_keys(one) for key, one in reversed(value.items())}
    return value


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=20, deadline=None)
@given(texts=st.lists(WORDS, min_size=1, max_size=3))
def test_the_order_of_keys_counts_nothing(model: str, texts: list[str]) -> None:
    """The keys of messages and of the body may stand in any order."""
    asked = body(model, texts, 0)

    assert tokens(model, asked) == tokens(model, reversed_keys(asked))
