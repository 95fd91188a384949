"""Whatever JSON stands anywhere in a line: it is read, or refused with a reason."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from bodies import png
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.commands.finetune.examples import NotAnExample, messages_of, weight_of
from gpt41calc.commands.usage.no_usage import NoUsage
from gpt41calc.commands.usage.read_logs import answers_in
from gpt41calc.commands.usage.shapes import SHAPES, FileContext
from gpt41calc.errors import RequestError
from gpt41calc.pricing.table import load_pricing
from gpt41calc.requests.batch_lines import parse_line
from gpt41calc.requests.blocks import Measured, measured
from gpt41calc.requests.detect import kind_of, parse_request
from gpt41calc.requests.tokens import request_tokens
from gpt41calc.sources.strict_json import NotJson, parse_json
from gpt41calc.tokenizer.engines import tokenizer

HEADER = base64.b64encode(png(4, 4)).decode()
FUNCTION = {
    "name": "look",
    "description": "Looks",
    "parameters": {
        "type": "object",
        "properties": {"a": {"type": "string", "description": "A", "enum": ["b"]}, "c": {"$ref": "#/$defs/d"}},
        "$defs": {"d": {"type": "array", "items": {"anyOf": [{"type": "object", "properties": {}}]}}},
    },
}
CALL = {"id": "1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
PICTURE = {"url": "https://a/b.png", "detail": "low"}
CHAT = {
    "model": "gpt-4.1",
    "messages": [
        {"role": "system", "content": "Be kind", "name": "a"},
        {"role": "user", "content": [{"type": "text", "text": "Hi"}, {"type": "image_url", "image_url": PICTURE}]},
        {"role": "assistant", "content": None, "tool_calls": [CALL], "refusal": "no"},
    ],
    "tools": [{"type": "function", "function": FUNCTION}],
    "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}},
    "max_completion_tokens": 9,
    "n": 1,
}
RESPONSES = {
    "model": "gpt-4.1",
    "instructions": "Be kind",
    "input": [
        {"role": "user", "content": [{"type": "input_image", "image_url": "https://a/b.png", "detail": "low"}]},
        {"type": "function_call", "name": "look", "arguments": "{}"},
        {"type": "function_call_output", "output": "b"},
    ],
    "tools": [{"type": "function", **FUNCTION}],
    "text": {"format": {"type": "json_schema", "name": "a", "schema": {}}},
    "max_output_tokens": 9,
}
ANTHROPIC = {
    "model": "claude-3-7-sonnet-20250219",
    "system": "Be kind",
    "max_tokens": 9,
    "messages": [
        {
            "role": "user",
            "content": [
                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": HEADER}},
                {"type": "tool_use", "id": "1", "name": "look", "input": {"a": "b"}},
                {"type": "tool_result", "tool_use_id": "1", "content": [{"type": "text", "text": "b"}]},
                {"type": "tool_result", "content": [{"type": "tool_reference", "tool_name": "look"}]},
                {"type": "document", "source": {"type": "text", "data": "c"}},
            ],
        }
    ],
    "tools": [{"name": "look", "input_schema": FUNCTION["parameters"]}],
    "tool_choice": {"type": "any"},
    "thinking": {"type": "enabled", "budget_tokens": 1024},
    "output_config": {"format": {"type": "json_schema", "schema": FUNCTION["parameters"]}, "task_budget": {}},
}
SCHEMA = FUNCTION["parameters"]
GOOGLE = {
    "systemInstruction": {"parts": [{"text": "Be kind"}]},
    "generationConfig": {"maxOutputTokens": 9, "responseMimeType": "application/json", "responseSchema": SCHEMA},
    "tools": [{"functionDeclarations": [FUNCTION]}],
    "contents": [
        {"role": "user", "parts": [{"text": "a"}, {"inlineData": {"mimeType": "image/png", "data": HEADER}}]},
        {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {"a": "b"}}}]},
        {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"r": [1]}}}]},
    ],
}
EXAMPLE = {
    "messages": [
        {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
        {"role": "assistant", "content": "Hello", "weight": 1, "tool_calls": [CALL]},
    ],
    "tools": [{"type": "function", "function": FUNCTION}],
}
ANSWER = {
    "object": "chat.completion",
    "created": 1_763_800_000,
    "model": "gpt-4.1",
    "service_tier": "default",
    "usage": {
        "prompt_tokens": 9,
        "completion_tokens": 2,
        "total_tokens": 11,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0},
    },
}
LINES: dict[str, Any] = {
    "chat": CHAT,
    "responses": RESPONSES,
    "anthropic": ANTHROPIC,
    "batch": {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": CHAT},
    "batch of responses": {"custom_id": "a", "method": "POST", "url": "/v1/responses", "body": RESPONSES},
    "batch of anthropic": {"custom_id": "a", "params": ANTHROPIC},
    "google": GOOGLE,
    "batch of google": {"key": "a", "request": GOOGLE},
    "usage": ANSWER,
    "batch output": {"custom_id": "a", "response": {"status_code": 200, "body": ANSWER}, "error": {"message": "b"}},
    "anthropic output": {
        "custom_id": "a",
        "timestamp": "2026-11-22T10:00:00Z",
        "result": {
            "type": "succeeded",
            "message": {
                "type": "message",
                "model": "claude-3-7-sonnet-20250219",
                "usage": {
                    "input_tokens": 1,
                    "output_tokens": 2,
                    "cache_creation_input_tokens": 3,
                    "cache_creation": {"ephemeral_5m_input_tokens": 3},
                },
            },
        },
    },
    "fine-tuning": EXAMPLE,
}

ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**15), "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "https://["])
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


KINDS_OF_JSON: tuple[Any, ...] = (5, 1.5, "x", "", [], {}, None, True, [1], [[]], [{}], {"a": 1})


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every place in a value."""
    yield way
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield from places(one, (*way, key))


def changed(value: Any, way: tuple[Any, ...], other: Any) -> Any:
    """Return a copy of a value with something else at a place."""
    if not way:
        return other
    whole = copy.deepcopy(value)
    holder = whole
    for step in way[:-1]:
        holder = holder[step]
    holder[way[-1]] = other
    return whole


def count_for_all(whole: Measured) -> None:
    """Count a request for a model of every family."""
    for model in MODELS:
        request_tokens(whole, model, tokenizer(model.counted_in))


MODELS = list({(model.family, repr(model.google)): model for model in load_pricing().models}.values())


@pytest.mark.parametrize("body", [CHAT, RESPONSES, ANTHROPIC, GOOGLE])
def test_unchanged_bodies_are_counted(body: dict[str, Any]) -> None:
    """Nothing refuses a body before its last part is counted, so that the tests below reach all of it."""
    count_for_all(measured(parse_request(body), "."))


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
@given(random=st.data())
def test_read_or_refused(line: Any, random: st.DataObject) -> None:
    """Every reader takes it, or says why not in its own way; nothing else is raised."""
    way = random.draw(st.sampled_from(list(places(line))))
    read_or_refuse(changed(line, way, random.draw(ANY_JSON)))


@pytest.mark.exhaustive
@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_every_kind_of_value_at_every_place(line: Any) -> None:
    """The same for each place and each kind of JSON."""
    for way in places(line):
        for other in KINDS_OF_JSON:
            read_or_refuse(changed(line, way, other))


def read_or_refuse(value: Any) -> None:
    """Read a line with every reader."""
    with suppress(NotJson):
        value = parse_json(json.dumps(value).encode())
        kind_of(value)
        with suppress(RequestError):
            count_for_all(measured(parse_request(value), "."))
        with suppress(RequestError):
            count_for_all(measured(parse_line(value).request, "."))
        if isinstance(value, dict):
            with suppress(NoUsage):
                answers_in(value, "a:1", [shape(FileContext(name="a")) for shape in SHAPES])
        with suppress(NotAnExample):
            weight_of(messages_of(value)[0])
