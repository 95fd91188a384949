"""What is sent to an endpoint."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gpt41calc.endpoints.count_request import CountRequest, count_request
from gpt41calc.errors import RequestError

HI = {"role": "user", "content": "Hi"}
SCHEMA = {"type": "object", "properties": {}}


def sent(request: CountRequest) -> Any:
    """Return what a request sends."""
    return json.loads(request.content)


def test_a_messages_body_without_what_only_an_answer_needs() -> None:
    """All that Claude reads is sent, also what is not known here; the schema under the name that it has today."""
    read = {"system": "a", "messages": [HI], "tools": [], "thinking": {"type": "adaptive"}, "new_key": 1}
    only = {"max_tokens": 9, "temperature": 0, "stream": True, "stop_sequences": ["b"], "metadata": {}}
    asked = count_request({**read, **only, "model": "c", "output_format": SCHEMA}, "anthropic", "claude-sonnet-4-5")

    assert ("anthropic", "/v1/messages/count_tokens") == (asked.vendor, asked.path)
    assert {**read, "model": "claude-sonnet-4-5", "output_config": {"format": SCHEMA}} == sent(asked)


def test_a_google_body_is_named_as_a_whole() -> None:
    """Under the key that counts instructions and functions, too; the name of the model is one part of the path."""
    body = {"contents": [{"parts": [{"text": "Hi"}]}], "systemInstruction": {"parts": [{"text": "a"}]}}
    asked = count_request({**body, "labels": {"a": "b"}}, "google", "models/gemini-2.5/../flash")

    assert "/v1beta/models/gemini-2.5%2F..%2Fflash:countTokens" == asked.path
    assert {"generateContentRequest": {**body, "model": "models/gemini-2.5/../flash"}} == sent(asked)


def test_a_responses_body_with_the_keys_that_are_counted() -> None:
    """What the endpoint refuses is left away."""
    read = {"input": "Hi", "instructions": "a", "tools": [], "previous_response_id": "r", "text": {}}
    asked = count_request({**read, "max_output_tokens": 9, "store": False}, "responses", "gpt-4.1")

    assert ("openai", "/responses/input_tokens", False) == (asked.vendor, asked.path, asked.is_translated)
    assert {**read, "model": "gpt-4.1"} == sent(asked)


CHAT: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "text": (
        {"messages": [{"role": "system", "content": "a"}, HI], "max_tokens": 9, "temperature": 0},
        {"input": [{"role": "system", "content": "a"}, HI]},
    ),
    "parts": (
        {
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "b"},
                        {"type": "image_url", "image_url": {"url": "https://example.com/a", "detail": "low"}},
                        {"type": "file", "file": {"file_id": "f"}},
                    ],
                },
                {"role": "assistant", "content": [{"type": "text", "text": "c"}]},
            ]
        },
        {
            "input": [
                {
                    "role": "user",
                    "content": [
                        {"type": "input_text", "text": "b"},
                        {"type": "input_image", "image_url": "https://example.com/a", "detail": "low"},
                        {"type": "input_file", "file_id": "f"},
                    ],
                },
                {"role": "assistant", "content": [{"type": "output_text", "text": "c"}]},
            ]
        },
    ),
    "a history of calls": (
        {
            "messages": [
                HI,
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
                },
                {"role": "tool", "tool_call_id": "1", "content": "there"},
            ]
        },
        {
            "input": [
                HI,
                {"type": "function_call", "call_id": "1", "name": "f", "arguments": "{}"},
                {"type": "function_call_output", "call_id": "1", "output": "there"},
            ]
        },
    ),
    "functions and a schema": (
        {
            "messages": [HI],
            "tools": [
                {"type": "function", "function": {"name": "f", "parameters": SCHEMA}},
                {"type": "function", "function": {"name": "g", "strict": True}},
            ],
            "tool_choice": {"type": "function", "function": {"name": "f"}},
            "response_format": {"type": "json_schema", "json_schema": {"name": "s", "schema": SCHEMA}},
            "reasoning_effort": "low",
        },
        {
            "input": [HI],
            "tools": [
                {"type": "function", "strict": False, "name": "f", "parameters": SCHEMA},
                {"type": "function", "strict": True, "name": "g"},
            ],
            "tool_choice": {"type": "function", "name": "f"},
            "text": {"format": {"type": "json_schema", "name": "s", "schema": SCHEMA}},
            "reasoning": {"effort": "low"},
        },
    ),
}


@pytest.mark.parametrize(("body", "expected"), CHAT.values(), ids=CHAT)
def test_a_chat_body_is_written_for_responses(body: dict[str, Any], expected: dict[str, Any]) -> None:
    """OpenAI's endpoint counts no other."""
    asked = count_request(body, "chat", "gpt-4.1")

    assert asked.is_translated
    assert {**expected, "model": "gpt-4.1"} == sent(asked)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"messages": [{**HI, "name": "Ada"}]}, "messages[0].name"),
        ({"messages": [HI], "functions": [{"name": "f"}]}, "functions"),
        ({"messages": [{"role": "user", "content": [{"type": "input_audio"}]}]}, "messages[0].content[0]"),
    ],
)
def test_what_responses_does_not_know_is_refused(body: dict[str, Any], place: str) -> None:
    """Nothing is left away in silence, since it would be missing in the count."""
    with pytest.raises(RequestError) as refused:
        count_request(body, "chat", "gpt-4.1")

    assert f"{place}: has no place in a body of Responses, the only one that OpenAI's endpoint counts" == str(
        refused.value
    )
