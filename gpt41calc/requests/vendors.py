"""Check that a body fits the vendor of its model: some fields exist only in one vendor's API."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from ..errors import RequestError
from .request import Endpoint

__all__ = ["require_fit"]

Vendor = Literal["OpenAI", "Anthropic", "Google"]

_MODELS: dict[Vendor, re.Pattern[str]] = {
    "OpenAI": re.compile(r"(openai/)?(ft:)?(gpt-|chatgpt-|o\d)"),
    "Anthropic": re.compile(r"(anthropic/)?claude"),
    "Google": re.compile(r"(google/|models/)*gemini"),
}
"""Patterns of model names, by vendor."""

_KEYS: dict[Vendor, frozenset[str]] = {
    "OpenAI": frozenset(
        {
            "function_call",
            "functions",
            "input",
            "instructions",
            "logprobs",
            "max_completion_tokens",
            "max_output_tokens",
            "n",
            "parallel_tool_calls",
            "previous_response_id",
            "reasoning",
            "reasoning_effort",
            "response_format",
            "text",
        }
    ),
    "Anthropic": frozenset({"anthropic_version", "stop_sequences", "system", "thinking", "top_k"}),
    "Google": frozenset(
        {
            "cachedContent",
            "cached_content",
            "contents",
            "generationConfig",
            "generation_config",
            "safetySettings",
            "safety_settings",
            "systemInstruction",
            "system_instruction",
            "toolConfig",
            "tool_config",
        }
    ),
}
"""Keys of a body that exist only in one vendor's API."""

_BLOCKS: dict[Vendor, frozenset[str]] = {
    "OpenAI": frozenset(("image_url", "input_audio", "input_image", "input_text", "output_text", "refusal")),
    "Google": frozenset(),
    "Anthropic": frozenset(("document", "image", "redacted_thinking", "thinking", "tool_result", "tool_use")),
}
"""Types of message parts that exist only in one vendor's API."""

_MESSAGE_KEYS: dict[Vendor, tuple[str, ...]] = {
    "OpenAI": ("tool_calls", "tool_call_id", "function_call"),
    "Anthropic": (),
    "Google": ("parts",),
}
_TOOL_KEYS: dict[Vendor, tuple[str, ...]] = {
    "OpenAI": ("function",),
    "Anthropic": ("input_schema",),
    "Google": ("functionDeclarations", "function_declarations"),
}
_MOST_NAMED = 5


def require_fit(body: Mapping[str, Any], endpoint: Endpoint, path: str = "") -> None:
    """Raise an error if a body has fields that the vendor of its model does not have.

    A Chat Completions body for another vendor's model is not an error by itself: proxies accept it.

    Args:
        body: the body.
        endpoint: the API for which it is parsed.
        path: its location, for the message.

    Raises:
        RequestError: it has such fields; the message lists them with their locations.

    >>> require_fit({"model": "gpt-4.1", "system": "Hi", "messages": []}, "anthropic")
    Traceback (most recent call last):
    ...
    gpt41calc.errors.RequestError: the body: its model gpt-4.1 is OpenAI's, these fields are Anthropic's: system
    """
    model = body.get("model")
    own = next((vendor for vendor, names in _MODELS.items() if isinstance(model, str) and names.match(model)), None)
    if own is None or endpoint == "chat":
        return
    found = {vendor: list(_foreign(body, vendor)) for vendor in _MODELS if vendor != own}
    named = [f"these fields are {vendor}'s: {_some(fields)}" for vendor, fields in found.items() if fields]
    if named:
        message = f"{path or 'the body'}: its model {model:.60} is {own}'s, {'; '.join(named)}"
        raise RequestError(message)


def _some(fields: Sequence[str]) -> str:
    more = f" and {len(fields) - _MOST_NAMED} more" if len(fields) > _MOST_NAMED else ""
    return f"{', '.join(fields[:_MOST_NAMED])}{more}"


def _foreign(body: Mapping[str, Any], vendor: Vendor) -> Iterator[str]:
    """Yield the locations of fields that exist only in one vendor's API."""
    yield from (key for key in body if key in _KEYS[vendor])
    for at, message in enumerate(_list(body.get("messages"))):
        yield from (f"messages[{at}].{key}" for key in _MESSAGE_KEYS[vendor] if key in message)
        for part, block in enumerate(_list(message.get("content"))):
            kind = block.get("type")
            if isinstance(kind, str) and kind in _BLOCKS[vendor]:
                yield f"messages[{at}].content[{part}] ({kind})"
    for at, tool in enumerate(_list(body.get("tools"))):
        yield from (f"tools[{at}].{key}" for key in _TOOL_KEYS[vendor] if key in tool)


def _list(value: object) -> list[Mapping[str, Any]]:
    return [one if isinstance(one, Mapping) else {} for one in value] if isinstance(value, list) else []
