"""A body that does not fit the vendor of its model is refused with the fields that do not; parts may be left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gpt41calc.errors import RequestError
from gpt41calc.requests.detect import parse_request

HI = {"role": "user", "content": "Hi"}

FOREIGN: dict[str, tuple[dict[str, Any], str]] = {
    "Anthropic's to OpenAI": (
        {"model": "gpt-4.1", "system": "Be brief.", "messages": [HI], "tools": [{"name": "f", "input_schema": {}}]},
        "the body: its model gpt-4.1 is OpenAI's, these fields are Anthropic's: system, tools[0].input_schema",
    ),
    "blocks of Anthropic's to OpenAI": (
        {"model": "gpt-5", "messages": [{"role": "user", "content": [{"type": "tool_result", "content": "a"}]}]},
        "the body: its model gpt-5 is OpenAI's, these fields are Anthropic's: messages[0].content[0] (tool_result)",
    ),
    "OpenAI's to Anthropic": (
        {
            "model": "claude-sonnet-4-5",
            "response_format": {"type": "json_object"},
            "messages": [HI, {"role": "assistant", "content": None, "tool_calls": []}],
            "tools": [{"type": "function", "function": {"name": "f"}}],
        },
        (
            "the body: its model claude-sonnet-4-5 is Anthropic's, these fields are OpenAI's:"
            " response_format, messages[1].tool_calls, tools[0].function"
        ),
    ),
    "Google's to OpenAI": (
        {"model": "gpt-4.1", "contents": [{"parts": [{"text": "Hi"}]}], "generationConfig": {}},
        "the body: its model gpt-4.1 is OpenAI's, these fields are Google's: contents, generationConfig",
    ),
    "Anthropic's to Google": (
        {"model": "gemini-2.5-flash", "system": "Be brief.", "max_tokens": 9, "messages": [HI]},
        "the body: its model gemini-2.5-flash is Google's, these fields are Anthropic's: system",
    ),
    "Responses' to Google": (
        {"model": "models/gemini-2.5-flash", "input": "Hi", "reasoning": {}},
        "the body: its model models/gemini-2.5-flash is Google's, these fields are OpenAI's: input, reasoning",
    ),
    "two vendors' to a third": (
        {"model": "gpt-4.1", "contents": [{"parts": []}], "system": "a", "top_k": 1},
        (
            "the body: its model gpt-4.1 is OpenAI's, these fields are Anthropic's: system, top_k; "
            "these fields are Google's: contents"
        ),
    ),
    "Responses' to Anthropic": (
        {"model": "claude-sonnet-4-5", "input": "Hi", "instructions": "Be brief.", "system": "a", "messages": [HI]},
        "the body: its model claude-sonnet-4-5 is Anthropic's, these fields are OpenAI's: input, instructions",
    ),
}


@pytest.mark.parametrize(("body", "reason"), FOREIGN.values(), ids=FOREIGN)
def test_a_body_for_another_vendor_names_what_does_not_fit(body: dict[str, Any], reason: str) -> None:
    """Each field with its place, and whose it is."""
    with pytest.raises(RequestError) as refused:
        parse_request(body)

    assert reason == str(refused.value)


def test_only_the_first_fields_are_named() -> None:
    """Five, and how many more there are."""
    results = [{"type": "tool_result", "content": "a"}] * 7
    with pytest.raises(RequestError) as refused:
        parse_request({"model": "gpt-4.1", "messages": [{"role": "user", "content": results}]})

    assert str(refused.value).endswith("messages[0].content[4] (tool_result) and 2 more")


def test_a_proxy_may_take_a_chat_body_for_any_model() -> None:
    """A line that says where it is sent is read as that."""
    body = {"model": "claude-sonnet-4-5", "messages": [HI], "response_format": {"type": "json_object"}}

    assert "chat" == parse_request(body, "chat").endpoint


PARTIAL: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    "a file": (
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}, {"type": "file", "file": {}}]}]},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]},
        ["messages[0].content[1]: a part of the type file, whose tokens cannot be counted here"],
    ),
    "sound of an earlier answer": (
        {"messages": [HI, {"role": "assistant", "content": "So", "audio": {"id": "a"}}, HI]},
        {"messages": [HI, {"role": "assistant", "content": "So"}, HI]},
        ["messages[1].audio: sound, whose tokens cannot be counted here"],
    ),
    "a built-in tool": (
        {"messages": [HI], "tools": [{"type": "web_search"}]},
        {"messages": [HI]},
        ["tools[0]: a tool of the type 'web_search', whose tokens are not published"],
    ),
    "blocks of Anthropic's": (
        {
            "model": "claude-sonnet-4-5",
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "Hi"},
                        {"type": "document", "source": {"type": "file", "file_id": "f"}},
                        {"type": "image", "source": {"type": "file", "file_id": "g"}},
                        {
                            "type": "tool_result",
                            "tool_use_id": "t",
                            "content": [{"type": "audio"}, {"type": "text", "text": "there"}],
                        },
                    ],
                }
            ],
            "tools": [{"type": "web_search_20250305", "name": "web_search"}, {"name": "f", "input_schema": {}}],
            "mcp_servers": [{"url": "https://example.com"}],
        },
        {
            "model": "claude-sonnet-4-5",
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "Hi"},
                        {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "there"}]},
                    ],
                }
            ],
            "tools": [{"name": "f", "input_schema": {}}],
        },
        [
            "mcp_servers: tools of a server, which are not in the body",
            "messages[0].content[1]: a block of the type 'document', whose tokens cannot be counted here",
            "messages[0].content[2].source: a picture of the type 'file', which is not in the body",
            "messages[0].content[3].content[0]: a block of the type 'audio', whose tokens cannot be counted here",
            "tools[0]: a tool of the type 'web_search_20250305', whose tokens are not published",
        ],
    ),
    "parts of Google's": (
        {
            "contents": [
                {
                    "role": "user",
                    "parts": [
                        {"inlineData": {"mimeType": "audio/mp3", "data": "AAAA"}},
                        {"text": "Hi"},
                        {"executableCode": {"code": "1"}},
                    ],
                },
                {"role": "user", "parts": {"fileData": {"mimeType": "video/mp4", "fileUri": "https://example.com/a"}}},
            ],
            "tools": [{"googleSearch": {}, "functionDeclarations": [{"name": "f"}]}],
            "cachedContent": "cachedContents/a",
        },
        {
            "contents": [{"role": "user", "parts": [{"text": "Hi"}]}, {"role": "user", "parts": []}],
            "tools": [{"functionDeclarations": [{"name": "f"}]}],
        },
        [
            "contents[0].parts[0].inlineData: a part of the type 'audio/mp3', whose tokens cannot be counted here",
            "contents[0].parts[2].executableCode: a part whose tokens cannot be counted here",
            "contents[1].parts[0].fileData: a part of the type 'video/mp4', whose tokens cannot be counted here",
            "cachedContent: a cached content, which is not in the body",
            "tools[0].googleSearch: a built-in tool, whose tokens are not published",
        ],
    ),
    "items of Responses": (
        {
            "model": "gpt-4.1",
            "input": [HI, {"type": "reasoning", "summary": []}],
            "previous_response_id": "r",
            "tools": [{"type": "file_search"}],
        },
        {"model": "gpt-4.1", "input": [HI]},
        [
            "previous_response_id: stands for text that is not in the body",
            "input[1]: an item of the type 'reasoning', whose tokens cannot be counted here",
            "tools[0]: a tool of the type 'file_search', whose tokens are not published",
        ],
    ),
}


@pytest.mark.parametrize(("body", "rest", "left_out"), PARTIAL.values(), ids=PARTIAL)
def test_what_cannot_be_counted_may_be_left_out(
    body: dict[str, Any], rest: dict[str, Any], left_out: list[str]
) -> None:
    """The rest is read as if it stood alone, and everything that is missing is named with its place."""
    with pytest.raises(RequestError):
        parse_request(body)
    request, expected = parse_request(body, partial=True), parse_request(rest)

    assert left_out == sorted(request.left_out, key=left_out.index)
    assert replace(expected, left_out=request.left_out, has_choice=request.has_choice) == request


def test_what_is_wrong_is_never_left_out() -> None:
    """A part that no API takes is an error, with or without leave."""
    with pytest.raises(RequestError):
        parse_request({"messages": [{"role": "user", "content": [{"type": "video"}]}]}, partial=True)
