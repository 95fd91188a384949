"""Detect the kind of a JSON value from its content.

Most inputs are text: what reads bodies is imported with the first body, 8 ms later than what recognizes one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..errors import RequestError
from .content_kind import Kind

if TYPE_CHECKING:
    from .json_path import LeftOut, Place
    from .request import Endpoint, Request

__all__ = ["Kind", "as_body", "endpoint_of", "kind_of", "parse_request"]


def kind_of(value: Any, *, is_alone: bool = False) -> Kind:
    """Return the kind of a JSON value; an unknown one is text.

    Args:
        value: the parsed JSON.
        is_alone: whether it is the whole file. A conversation that ends with an answer, and names no model, is
            then a request with an earlier answer in it; as one of many lines it is a training example.

    >>> kind_of({"model": "gpt-4.1", "messages": [{"role": "user", "content": "Hi"}]}).value
    'request'
    >>> kind_of({"name": "a package", "version": "1.0"}).value
    'text'
    >>> kind_of([{"role": "user", "content": "Hi"}]).value
    'request'
    """
    if isinstance(value, list):
        return Kind.REQUEST if _bare_key(value) else Kind.TEXT
    if not isinstance(value, dict):
        return Kind.TEXT
    if _is_batch_line(value):
        return Kind.BATCH
    if _holds_usage(value):
        return Kind.USAGE
    if _is_finetune(value, is_alone=is_alone):
        return Kind.FINETUNE
    return Kind.REQUEST if endpoint_of(value) else Kind.TEXT


def _is_batch_line(value: Mapping[str, Any]) -> bool:
    if "custom_id" in value and any(isinstance(value.get(key), dict) for key in ("body", "params")):
        return True
    return isinstance(value.get("request"), dict) and _is_google(value["request"]) and "response" not in value


def endpoint_of(value: Mapping[str, Any]) -> Endpoint | None:
    """Return the API that a body is written for, or None if it is not a request body."""
    if _messages_of(value):
        return "anthropic" if _is_anthropic(value) else "chat"
    if _is_google(value):
        return "google"
    input_value = value.get("input")
    has_input = isinstance(input_value, str) or (
        isinstance(input_value, list) and input_value and all(isinstance(i, dict) for i in input_value)
    )
    if isinstance(input_value, list) and input_value and all(map(_is_input_message, input_value)):
        return "responses"
    return "responses" if has_input and isinstance(value.get("model", value.get("instructions")), str) else None


def _is_google(value: Mapping[str, Any]) -> bool:
    """Return whether an object is a generateContent body: it has contents with parts."""
    contents = value.get("contents")
    listed = [contents] if isinstance(contents, dict) else contents
    return isinstance(listed, list) and any(isinstance(one, dict) and "parts" in one for one in listed)


def _is_input_message(value: object) -> bool:
    return isinstance(value, dict) and {"role", "content"} <= set(value)


def parse_request(value: Any, endpoint: Endpoint | None = None, *, path: str = "", partial: bool = False) -> Request:
    """Return the request in a body.

    Args:
        value: a JSON value: a body, or only a list of messages, as passed to an SDK.
        endpoint: the API; None to detect it.
        path: location of the value, for error messages.
        partial: whether parts that cannot be counted are left out and listed, instead of raising an error.

    Raises:
        RequestError: it is not a request, a part cannot be counted, or its model's vendor does not have a field of it;
            the message says where.

    >>> parse_request({"model": "gpt-4.1", "messages": [{"role": "user", "content": 1}]})
    Traceback (most recent call last):
    ...
    gpt41calc.errors.RequestError: messages[0].content: expected text or a list of parts, found 1
    """
    from .json_path import Place
    from .vendors import require_fit

    left_out: list[LeftOut] | None = [] if partial else None
    place = Place(as_body(value), path, left_out)
    given = place.object()
    chosen = endpoint or endpoint_of(given) or ("responses" if "input" in given else "chat")
    if chosen == "chat" and "messages" not in given:
        message = f"{path or 'the body'}: missing messages, input or contents"
        raise RequestError(message)
    require_fit(given, chosen, path)
    request = _read(place, chosen)
    return replace(request, left_out=tuple(one.sentence for one in left_out)) if left_out else request


def _read(place: Place, endpoint: Endpoint) -> Request:
    match endpoint:
        case "chat":
            from .chat import chat_request

            return chat_request(place)
        case "responses":
            from .responses import responses_request

            return responses_request(place)
        case "anthropic":
            from .anthropic import anthropic_request

            return anthropic_request(place)
        case "google":
            from .google import google_request

            return google_request(place)


def as_body(value: Any) -> Any:
    """Return the value, or a body that contains only it if it is a bare list of messages."""
    key = _bare_key(value) if isinstance(value, list) else None
    return {key: value} if key else value


def _bare_key(value: list[Any]) -> str | None:
    """Return the key of a body to which a bare list belongs. None if it is not a list of messages or contents."""
    if not value or not all(isinstance(one, dict) for one in value):
        return None
    if all(one.get("role") in _ROLES and not _STATED.isdisjoint(one) for one in value):
        return "messages"
    return "contents" if all(isinstance(one.get("parts"), list) for one in value) else None


_ROLES = ("system", "developer", "user", "assistant", "tool", "function")
"""The roles of messages. A tuple, because ``in`` is also used with unhashable values such as lists."""

_STATED = frozenset({"content", "tool_calls", "function_call"})
"""Keys of which every message has at least one."""


def _messages_of(value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the messages of a body; empty if it has none."""
    found = value.get("messages")
    if not isinstance(found, list) or not all(isinstance(one, dict) and "role" in one for one in found):
        return []
    return found


def _is_anthropic(value: Mapping[str, Any]) -> bool:
    if "system" in value or "anthropic_version" in value or str(value.get("model", "")).startswith("claude"):
        return True
    blocks = (
        block
        for message in _messages_of(value)
        if isinstance(message.get("content"), list)
        for block in message["content"]
        if isinstance(block, dict)
    )
    # A tuple: values of a body may be lists or objects, which are not hashable.
    return any(block.get("type") in _ANTHROPIC_BLOCKS for block in blocks)


_ANTHROPIC_BLOCKS = ("tool_use", "tool_result", "image", "thinking", "document")
"""Types of content blocks that only Anthropic's API has."""


def _holds_usage(value: Mapping[str, Any]) -> bool:
    if isinstance(value.get("usage"), dict) or {"prompt_tokens", "completion_tokens"} <= set(value):
        return True
    if {"input_tokens", "output_tokens"} <= set(value):
        return True
    return "custom_id" in value and ("response" in value or "error" in value)


def _is_finetune(value: Mapping[str, Any], *, is_alone: bool) -> bool:
    if "preferred_output" in value and "non_preferred_output" in value:
        return True
    messages = _messages_of(value)
    if not messages or "model" in value or "system" in value:
        return False
    ends_with_answer = messages[-1].get("role") == "assistant" and not is_alone
    return ends_with_answer or any("weight" in message for message in messages)
