"""Split a Messages request into the texts that Claude reads, and the names of the rules for the tokens around them.

The names are fields of :class:`~gpt41calc.pricing.anthropic_rules.AnthropicRules`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from .anthropic_tools import call_text, function_text, result_text, text_of

__all__ = ["Stretch", "anthropic_stretches"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One element that Claude reads."""

    text: str = ""
    """The text to count; may be empty."""

    rules: tuple[str, ...] = ()
    """Names of the rules whose tokens are billed in addition."""

    picture: int | None = None
    """Index of the picture in the request. None if it is not a picture."""

    is_head: bool = False
    """Whether it is the beginning of a message."""


def anthropic_stretches(body: Mapping[str, Any]) -> Iterator[Stretch]:
    """Yield the elements of a request, in the order in which Claude reads them.

    Args:
        body: the body of a request that :func:`~gpt41calc.requests.anthropic.anthropic_request` accepts.
    """
    yield Stretch(rules=("frame", *_thinking(body)))
    tools = [tool for tool in body.get("tools") or () if not tool.get("defer_loading")]
    functions = "".join(map(function_text, tools))
    system = [text for text in _system(body.get("system")) if text]
    if body.get("tools"):
        yield Stretch(text=functions, rules=(_tool_prompt(body.get("tool_choice")),))
    schema = _output_schema(body)
    if schema is not None:
        yield Stretch(text=json.dumps(schema, indent=2), rules=("output_format",))
    yield from (Stretch(text=text) for text in system)
    parts = len(system) + bool(functions) + (schema is not None)
    if parts > 1:
        yield Stretch(rules=("joint",) * (parts - 1))
    yield from _messages(body["messages"], {tool["name"]: function_text(tool) for tool in body.get("tools") or ()})


def _thinking(body: Mapping[str, Any]) -> tuple[str, ...]:
    kind = (body.get("thinking") or {}).get("type")
    rules = {"enabled": "thinking", "adaptive": "thinking_adaptive"}
    thinking = (rules[kind],) if kind in rules else ()
    return (*thinking, "task_budget") if (body.get("output_config") or {}).get("task_budget") else thinking


def _system(system: Any) -> list[str]:
    """Return the texts of the system prompt."""
    return [system] if isinstance(system, str) else [block.get("text") or "" for block in system or ()]


def _tool_prompt(choice: Any) -> str:
    """Return the rule for the vendor's prompt about tools."""
    given = choice or {}
    kind = given.get("type")
    if kind == "tool":
        return "tools_single" if given.get("disable_parallel_tool_use") else "tools_named"
    return "tools_any" if kind == "any" else "tools"


def _output_schema(body: Mapping[str, Any]) -> Any:
    """Return the JSON schema of the output format, or None if there is none."""
    given = body.get("output_format") or (body.get("output_config") or {}).get("format") or {}
    return given.get("schema") if isinstance(given, dict) else None


def _messages(messages: Sequence[Mapping[str, Any]], functions: Mapping[str, str]) -> Iterator[Stretch]:
    names = {
        block["id"]: block["name"]
        for message in messages
        for block in _blocks(message)
        if block["type"] == "tool_use" and "id" in block
    }
    numbers = count()
    role, had_results = None, False
    for at, message in enumerate(messages):
        is_open = at == len(messages) - 1 and message["role"] == "assistant"
        yield Stretch(rules=_head(message["role"], role, is_open=is_open), is_head=True)
        yield from _parts(message, numbers)
        calls = [block for block in _blocks(message) if block["type"] == "tool_use"]
        if calls:
            yield Stretch(text=call_text(calls), rules=("call_after_result",) if had_results else ())
        results = [block for block in _blocks(message) if block["type"] == "tool_result"]
        yield from _results(results, names, functions)
        role, had_results = message["role"], bool(results)


def _parts(message: Mapping[str, Any], numbers: Iterator[int]) -> Iterator[Stretch]:
    """Yield texts and pictures of a message; earlier thinking blocks are not billed."""
    if isinstance(message["content"], str):
        yield Stretch(text=message["content"])
    for block in _blocks(message):
        if block["type"] == "text":
            yield Stretch(text=block["text"])
        elif block["type"] == "document":
            yield Stretch(text=block["source"]["data"])
        inside = block.get("content") if block["type"] == "tool_result" else [block]
        for one in inside if isinstance(inside, list) else ():
            if one["type"] == "image":
                yield Stretch(picture=next(numbers))


def _blocks(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    content = message["content"]
    return content if isinstance(content, list) else []


def _head(role: str, before: str | None, *, is_open: bool) -> tuple[str, ...]:
    """Return the rules for a message's frame; messages of one role are joined, a last answer is continued."""
    if role == before:
        return ("joint",)
    if is_open:
        return ()
    return ("per_message", "system_message") if role == "system" else ("per_message",)


def _results(
    results: Sequence[Mapping[str, Any]], names: Mapping[str, str], functions: Mapping[str, str]
) -> Iterator[Stretch]:
    """Yield the tool results in one message, and the functions that they reference."""
    made_known = [
        inner["tool_name"]
        for result in results
        if isinstance(result.get("content"), list)
        for inner in result["content"]
        if inner["type"] == "tool_reference"
    ]
    for name in made_known:
        yield Stretch(text=functions.get(name, name), rules=("reference",))
    plain = [result for result in results if not _is_reference(result)]
    if plain:
        texts = [(names.get(result.get("tool_use_id", ""), "tool"), text_of(result.get("content"))) for result in plain]
        several = ("parallel_result",) * len(plain) if len(results) > 1 else ()
        yield Stretch(text=result_text(texts, is_single=len(results) == 1), rules=("result", *several))


def _is_reference(result: Mapping[str, Any]) -> bool:
    content = result.get("content")
    return isinstance(content, list) and any(inner["type"] == "tool_reference" for inner in content)
