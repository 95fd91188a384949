"""Bodies are read as their API would read them, and refused with the place that is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.errors import RequestError
from gpt41calc.requests.batch_lines import parse_line
from gpt41calc.requests.detect import Kind, kind_of, parse_request
from gpt41calc.requests.parts import Image, Text
from gpt41calc.requests.request import Call, Message, Tool

HI = {"role": "user", "content": "Hi"}


def chat(**more: Any) -> dict[str, Any]:
    """Return a Chat body."""
    return {"model": "gpt-4.1", "messages": [HI]} | more


def said(**message: Any) -> dict[str, Any]:
    """Return a Chat body with one message of a user."""
    return chat(messages=[{"role": "user"} | message])


KINDS = {
    "chat": (chat(), Kind.REQUEST),
    "chat without a model": ({"messages": [HI]}, Kind.REQUEST),
    "responses": ({"model": "gpt-4.1", "input": "Hi"}, Kind.REQUEST),
    "responses with items": ({"model": "gpt-4.1", "input": [HI]}, Kind.REQUEST),
    "anthropic": ({"model": "claude-3-7-sonnet-20250219", "max_tokens": 9, "messages": [HI]}, Kind.REQUEST),
    "batch": ({"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": chat()}, Kind.BATCH),
    "anthropic batch": ({"custom_id": "a", "params": chat()}, Kind.BATCH),
    "finetune": ({"messages": [HI, {"role": "assistant", "content": "Hello"}]}, Kind.FINETUNE),
    "finetune with weights": ({"messages": [HI | {"weight": 0}, HI]}, Kind.FINETUNE),
    "answer": ({"object": "chat.completion", "usage": {"prompt_tokens": 1}}, Kind.USAGE),
    "usage alone": ({"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}, Kind.USAGE),
    "batch output": ({"id": "x", "custom_id": "a", "response": {"status_code": 200}, "error": None}, Kind.USAGE),
    "package": ({"name": "a", "version": "1", "dependencies": {}}, Kind.TEXT),
    "messages that are none": ({"messages": ["a", "b"]}, Kind.TEXT),
    "input of numbers": ({"model": "text-embedding-3-small", "input": [1, 2]}, Kind.TEXT),
    "list": ([chat()], Kind.TEXT),
    "empty list": ([], Kind.TEXT),
    "messages alone": ([{"role": "user", "content": "Hi"}, {"role": "assistant", "tool_calls": []}], Kind.REQUEST),
    "contents alone": ([{"role": "user", "parts": [{"text": "Hi"}]}, {"parts": []}], Kind.REQUEST),
    "people": ([{"role": "admin", "content": "all"}], Kind.TEXT),
    "roles without anything said": ([{"role": "user", "name": "Ada"}], Kind.TEXT),
    "messages and something else": ([{"role": "user", "content": "Hi"}, 1], Kind.TEXT),
    "preference data": ({"input": {}, "preferred_output": [], "non_preferred_output": []}, Kind.FINETUNE),
}


@pytest.mark.parametrize(("value", "expected"), KINDS.values(), ids=KINDS)
def test_what_a_value_is_told_by_what_it_holds(value: Any, expected: Kind) -> None:
    """Bodies, lines, examples, answers; everything else is text."""
    assert expected is kind_of(value)


def test_a_conversation_that_is_all_of_a_file_is_a_request() -> None:
    """As one of many lines it is an example to train on; so it is, too, where answers have weights."""
    answered = {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]}
    weighted = {"messages": [{"role": "assistant", "content": "Ho", "weight": 0}]}

    assert [Kind.FINETUNE, Kind.REQUEST] == [kind_of(answered), kind_of(answered, is_alone=True)]
    assert [Kind.FINETUNE, Kind.FINETUNE] == [kind_of(weighted), kind_of(weighted, is_alone=True)]


def test_messages_alone_are_their_body() -> None:
    """Of Chat and of Google, as a file and as a line of a file."""
    chat_messages: list[Any] = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]
    contents: list[Any] = [{"role": "user", "parts": [{"text": "Hi"}]}]

    for key, alone in (("messages", chat_messages), ("contents", contents)):
        whole = parse_request({key: alone})
        assert [whole, whole] == [parse_request(alone), parse_line(alone).request]


REFUSED = {
    "a body that is true": (True, "the body: expected an object, found true"),
    "zero": (0, "the body: expected an object, found 0"),
    "a type that is a list": (
        said(content=[{"type": ["text"]}]),
        "messages[0].content[0].type: expected text, found a list",
    ),
    "a type that is an object": (
        said(content=[{"type": {}}]),
        "messages[0].content[0].type: expected text, found an object",
    ),
    "a detail that is a list": (
        said(content=[{"type": "image_url", "image_url": {"url": "https://a", "detail": ["low"]}}]),
        "messages[0].content[0].image_url.detail: expected auto, low or high, found a list",
    ),
    "a detail of Responses that is an object": (
        {
            "model": "gpt-4.1",
            "input": [
                {"role": "user", "content": [{"type": "input_image", "image_url": "https://a", "detail": {}}]},
            ],
        },
        "input[0].content[0].detail: expected auto, low or high, found an object",
    ),
    "no object": ([], "the body: expected an object, found a list"),
    "no messages": ({"model": "gpt-4.1"}, "the body: missing messages, input or contents"),
    "empty messages": (chat(messages=[]), "messages: expected at least one message, found a list"),
    "no role": (chat(messages=[{"content": "Hi"}]), "messages[0]: missing role"),
    "a number": (said(content=1), "messages[0].content: expected text or a list of parts, found 1"),
    "true": (said(content=True), "messages[0].content: expected text or a list of parts, found true"),
    "unknown part": (
        said(content=[{"type": "video"}]),
        "messages[0].content[0].type: expected text, image_url or refusal, found 'video'",
    ),
    "sound": (
        said(content=[{"type": "input_audio", "input_audio": {}}]),
        "messages[0].content[0]: a part of the type input_audio, whose tokens cannot be counted here",
    ),
    "detail": (
        said(content=[{"type": "image_url", "image_url": {"url": "https://e.org/a", "detail": "huge"}}]),
        "messages[0].content[0].image_url.detail: expected auto, low or high, found 'huge'",
    ),
    "cap": (chat(max_tokens=True), "max_tokens: expected a whole number from 1, found true"),
    "negative cap": (chat(max_completion_tokens=-1), "max_completion_tokens: expected a whole number from 1, found -1"),
    "tool": (
        chat(tools=[{"type": "web_search"}]),
        "tools[0]: a tool of the type 'web_search', whose tokens are not published",
    ),
    "nameless function": (chat(tools=[{"type": "function", "function": {}}]), "tools[0].function: missing name"),
    "parameters": (
        chat(tools=[{"type": "function", "function": {"name": "f", "parameters": "all"}}]),
        "tools[0].function.parameters: expected an object, found 'all'",
    ),
    "earlier response": (
        {"model": "gpt-4.1", "input": "Hi", "previous_response_id": "r"},
        "previous_response_id: stands for text that is not in the body",
    ),
    "reasoning": (
        {"model": "o3", "input": [{"type": "reasoning", "summary": []}]},
        "input[0]: an item of the type 'reasoning', whose tokens cannot be counted here",
    ),
    "document": (
        {
            "model": "claude-3-7-sonnet",
            "messages": [{"role": "user", "content": [{"type": "document", "source": {"type": "base64"}}]}],
        },
        "messages[0].content[0]: a block of the type 'document', whose tokens cannot be counted here",
    ),
}


@pytest.mark.parametrize(("value", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_is_named_with_its_place(value: Any, reason: str) -> None:
    """One sentence with the path into the JSON."""
    with pytest.raises(RequestError) as refused:
        parse_request(value)

    assert reason == str(refused.value)


LINES = {
    "no body": ({"custom_id": "a", "url": "/v1/responses"}, "the body: missing body"),
    "other url": (
        {"custom_id": "a", "url": "/v1/embeddings", "body": {"input": "a"}},
        (
            "url: requests to '/v1/embeddings' are not counted; "
            "expected /v1/chat/completions or /v1/responses or generateContent"
        ),
    ),
    "GET": ({"custom_id": "a", "method": "GET", "body": chat()}, "method: expected POST, found 'GET'"),
    "number as id": ({"custom_id": 7, "body": chat()}, "custom_id: expected text, found 7"),
    "empty id": ({"custom_id": "", "body": chat()}, "custom_id: expected a name, found ''"),
    "inside": (
        {"custom_id": "a", "url": "/v1/chat/completions", "body": said(content={})},
        "body.messages[0].content: expected text or a list of parts, found an object",
    ),
    "chat body to the other API": (
        {"custom_id": "a", "url": "/v1/responses", "body": chat()},
        "body: missing input",
    ),
}


@pytest.mark.parametrize(("value", "reason"), LINES.values(), ids=LINES)
def test_what_is_wrong_with_a_line_is_named_with_its_place(value: Any, reason: str) -> None:
    """Of a batch line, and of the body in it."""
    with pytest.raises(RequestError) as refused:
        parse_line(value)

    assert reason == str(refused.value)


def test_three_apis_say_the_same() -> None:
    """Instructions, words, calls, results and tools come to the same request, whichever API they are written for."""
    schema = {"type": "object", "properties": {"city": {"type": "string"}}}
    picture = "data:image/png;base64,AAAA"
    bodies = [
        {
            "model": "m",
            "max_completion_tokens": 9,
            "messages": [
                {"role": "system", "content": "Be brief."},
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "Where?"},
                        {"type": "image_url", "image_url": {"url": picture}},
                    ],
                },
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}}],
                },
                {"role": "tool", "tool_call_id": "1", "content": "there"},
            ],
            "tools": [{"type": "function", "function": {"name": "f", "description": "d", "parameters": schema}}],
        },
        {
            "model": "m",
            "max_output_tokens": 9,
            "instructions": "Be brief.",
            "input": [
                {
                    "role": "user",
                    "content": [
                        {"type": "input_text", "text": "Where?"},
                        {"type": "input_image", "image_url": picture},
                    ],
                },
                {"type": "function_call", "call_id": "1", "name": "f", "arguments": '{"a":1}'},
                {"type": "function_call_output", "call_id": "1", "output": "there"},
            ],
            "tools": [{"type": "function", "name": "f", "description": "d", "parameters": schema}],
        },
    ]
    expected = (
        Message("system", (Text("Be brief."),)),
        Message("user", (Text("Where?"), Image(picture, "auto", ""))),
        Message("assistant", (Call("f", '{"a":1}', "1"),)),
        Message("tool", (Text("there"),), answers="1"),
    )
    for body in bodies:
        request = parse_request(body)
        placeless = tuple(
            Message(
                one.role,
                tuple(Image(part.url, part.detail, "") if isinstance(part, Image) else part for part in one.parts),
                one.name,
                one.answers,
            )
            for one in request.messages
        )

        assert (expected, (Tool("f", "d", schema),), 9, "m") == (
            placeless,
            request.tools,
            request.max_output,
            request.model,
        )


def test_anthropic_blocks() -> None:
    """System text, thinking, calls and results are read, a call's input as compact JSON."""
    request = parse_request(
        {
            "model": "claude-3-7-sonnet",
            "max_tokens": 50,
            "system": [{"type": "text", "text": "Be brief."}],
            "messages": [
                {
                    "role": "assistant",
                    "content": [
                        {"type": "thinking", "thinking": "hm", "signature": "s"},
                        {"type": "tool_use", "id": "1", "name": "f", "input": {"a": [1, 2]}},
                    ],
                },
                {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "1", "content": "there"}]},
            ],
            "tools": [{"name": "f", "description": "d", "input_schema": {"type": "object"}}],
            "tool_choice": {"type": "any"},
        }
    )

    assert ("anthropic", 50, True) == (request.endpoint, request.max_output, request.must_call)
    assert (
        Message("system", (Text("Be brief."),)),
        Message("assistant", (Text("hm"), Text("f"), Text('{"a":[1,2]}'))),
        Message("user", (Text("there"),)),
    ) == request.messages


KEYS = ["model", "messages", "role", "content", "type", "text", "input", "tools", "function", "name", "body"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", "text", "user", "function"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=30,
)


@given(ANYTHING)
def test_any_json_is_a_request_or_says_why_not(value: Any) -> None:
    """Whatever is in a file, reading it ends in a request or in one sentence."""
    kind_of(value)
    try:
        parse_line(value)
    except RequestError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either way is fine
