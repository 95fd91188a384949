"""Explain why a JSON value that looks like a request is not one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["looks_like_request", "why_no_request"]

_PARAMETERS = frozenset(
    {
        *("temperature", "top_p", "max_tokens", "max_completion_tokens", "max_output_tokens", "stream", "stop", "seed"),
        *("tools", "tool_choice", "response_format", "instructions", "frequency_penalty", "presence_penalty", "n"),
    }
)
"""Keys that indicate a request body if they occur beside a model."""

_BEGINNING_BYTES = 4096

_MODEL = re.compile(rb"""["']model["']\s*:""")
_MESSAGES = re.compile(rb"""["'](messages|input|contents)["']\s*:\s*[\["']""")
_ROLE = re.compile(rb"""["']role["']\s*:\s*["'](system|developer|user|assistant|model|tool)["']""")


def looks_like_request(raw: bytes) -> bool:
    """Return whether text that is not valid JSON was probably meant as a request body, by its beginning.

    >>> looks_like_request(b"{'model': 'gpt-4.1', 'messages': [{'role': 'user'"), looks_like_request(b"{model}")
    (True, False)
    """
    begun = raw[:_BEGINNING_BYTES]
    signs = sum(sign.search(begun) is not None for sign in (_MODEL, _MESSAGES, _ROLE))
    return signs > 1


def why_no_request(value: Any) -> str:
    """Return what is missing or wrong in a value that looks like a request body; empty if it does not look like one.

    >>> why_no_request({"model": "gpt-4.1", "messages": [{"content": "Hi"}]})
    'messages[0]: missing role'
    >>> why_no_request({"name": "a package", "version": "1.0"})
    ''
    """
    if isinstance(value, list):
        return _in_messages(value, "")
    if not isinstance(value, dict):
        return ""
    if isinstance(value.get("body"), dict) and {"method", "url"} & set(value):
        return "missing custom_id, which every line of a batch file has"
    if "contents" in value:
        return _in_contents(value["contents"])
    if "messages" in value:
        return (
            _in_messages(value["messages"], "messages")
            if _names_a_model(value) or _has_roles(value["messages"])
            else ""
        )
    return _without_messages(value) if _names_a_model(value) else ""


def _names_a_model(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("model"), str)


def _has_roles(messages: Any) -> bool:
    return isinstance(messages, list) and any(isinstance(one, dict) and "role" in one for one in messages)


def _without_messages(value: Mapping[str, Any]) -> str:
    input_value = value.get("input")
    if isinstance(input_value, list) and input_value and all(isinstance(one, str | int | list) for one in input_value):
        return "an input of texts or tokens is one of embeddings, whose requests are not counted as such"
    if "input" in value:
        return "input: expected a text or a list of objects"
    if isinstance(value.get("prompt"), dict):
        return "prompt: its text is kept by OpenAI, and is not in the file"
    if "prompt" in value:
        return "prompt: requests of the legacy completions API are not counted as such"
    return "missing messages, input or contents" if _PARAMETERS & set(value) else ""


def _in_messages(messages: Any, at: str) -> str:
    """Return what is wrong in a list of messages; a bare list is only checked if its items have roles."""
    if not isinstance(messages, list):
        return f"{at}: expected a list of messages"
    if not (at or _has_roles(messages)):
        return ""
    if not messages:
        return f"{at}: expected at least one message"
    return next(filter(None, (_in_message(one, f"{at}[{number}]") for number, one in enumerate(messages))), "")


def _in_message(message: Any, at: str) -> str:
    if not isinstance(message, dict):
        return f"{at}: expected an object with role and content"
    missing = next((key for key in ("role", "content") if key not in message and not _needs_no(key, message)), None)
    if missing:
        return f"{at}: missing {missing}"
    if message["role"] not in _ROLES:
        return f"{at}.role: expected one of {', '.join(_ROLES)}, found {message['role']!s:.20}"
    return ""


_ROLES: Sequence[str] = ("system", "developer", "user", "assistant", "tool", "function")


def _needs_no(key: str, message: Mapping[str, Any]) -> bool:
    return key == "content" and bool({"tool_calls", "function_call"} & set(message))


def _in_contents(contents: Any) -> str:
    if not isinstance(contents, list) or not all(isinstance(one, dict) for one in contents):
        return ""
    number = next((number for number, one in enumerate(contents) if "parts" not in one), None)
    return "" if number is None or "role" not in contents[number] else f"contents[{number}]: missing parts"
