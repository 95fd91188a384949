"""Translate a Chat Completions body for the Responses API, the only one for which OpenAI has a counting endpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..requests.json_path import Place

__all__ = ["chat_as_responses"]


def chat_as_responses(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return an equivalent Responses body, limited to the parts that the model reads.

    Args:
        body: a Chat Completions body, as :func:`~gpt41calc.requests.chat.chat_request` accepts it.

    Raises:
        RequestError: a part of the body has no equivalent in the other API; the message says which.

    >>> chat_as_responses({"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 9})
    {'input': [{'role': 'user', 'content': 'Hi'}]}
    """
    place = Place(body)
    _require_none(place, "functions", "function_call", "web_search_options")
    written: dict[str, Any] = {
        "input": [item for message in place.required("messages").items() for item in _items(message)]
    }
    if tools := [_tool(tool) for tool in place.optional_items("tools")]:
        written["tools"] = tools
    if choice := place.optional("tool_choice"):
        written["tool_choice"] = _choice(choice)
    if response_format := place.optional("response_format"):
        written["text"] = {"format": _flat(response_format, "json_schema")}
    if effort := place.optional_text("reasoning_effort"):
        written["reasoning"] = {"effort": effort}
    if (parallel := place.optional("parallel_tool_calls")) is not None:
        written["parallel_tool_calls"] = parallel.value
    return written


def _require_none(place: Place, *keys: str) -> None:
    for key in keys:
        if found := place.optional(key):
            found.refuse_unknown("has no place in a body of Responses, the only one that OpenAI's endpoint counts")


def _items(message: Place) -> Iterator[dict[str, Any]]:
    """Yield the Responses items for a message: its content, then each call."""
    _require_none(message, "name", "function_call", "audio")
    role, content = message.required("role").text(), message.optional("content")
    if role == "tool":
        output = content.value if content and isinstance(content.value, str) else _parts(content, "input_text")
        yield {"type": "function_call_output", "call_id": message.required("tool_call_id").text(), "output": output}
        return
    if content is not None:
        kind = "output_text" if role == "assistant" else "input_text"
        yield {"role": role, "content": content.value if isinstance(content.value, str) else _parts(content, kind)}
    if refusal := message.optional_text("refusal"):
        yield {"role": role, "content": [{"type": "refusal", "refusal": refusal}]}
    for call in message.optional_items("tool_calls"):
        yield _call(call)


def _parts(content: Place | None, text_type: str) -> list[dict[str, Any]]:
    return [] if content is None else [_part(part, text_type) for part in content.items()]


def _part(part: Place, text_type: str) -> dict[str, Any]:
    kind = part.required("type").text()
    if kind == "text":
        return {"type": text_type, "text": part.required("text").text()}
    if kind == "refusal":
        return {"type": kind, "refusal": part.required("refusal").text()}
    if kind == "image_url":
        image = part.required("image_url")
        given = {"url": image.value} if isinstance(image.value, str) else image.object()
        detail = {"detail": given["detail"]} if given.get("detail") else {}
        return {"type": "input_image", "image_url": given.get("url"), **detail}
    if kind == "file":
        return {"type": "input_file", **part.required("file").object()}
    return part.refuse_unknown("has no place in a body of Responses, the only one that OpenAI's endpoint counts")


def _call(call: Place) -> dict[str, Any]:
    given = {"call_id": call.optional_text("id")}
    if custom := call.optional("custom"):
        return {"type": "custom_tool_call", **given, **custom.object()}
    return {"type": "function_call", **given, **call.required("function").object()}


def _tool(tool: Place) -> dict[str, Any]:
    if custom := tool.optional("custom"):
        grammar = custom.optional("format")
        written = {} if grammar is None else {"format": _flat(grammar, "grammar")}
        return {"type": "custom", **custom.object(), **written}
    function = tool.optional("function")
    if function is None:
        return dict(tool.object())
    # In Chat, a function is strict only if it says so; in Responses, it is strict unless it says otherwise.
    return {"type": "function", "strict": False, **function.object()}


def _choice(choice: Place) -> Any:
    return choice.value if isinstance(choice.value, str) else _flat(choice, "function")


def _flat(place: Place, key: str) -> dict[str, Any]:
    """Return an object with the nested object under a key merged into it, beside the type."""
    inside = place.optional(key)
    outside = {name: value for name, value in place.object().items() if name != key}
    return outside if inside is None else {**outside, **inside.object()}
