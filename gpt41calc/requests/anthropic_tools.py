"""Tools, calls and results as the texts whose tokens Anthropic bills.

Anthropic does not publish these texts. Their form was derived from the billed tokens of recorded calls: functions as
JSON, one per line; calls as elements with one element per argument; results with the name of the tool if there are
several. Tokens that no text explains are a number in the family's rules
(:class:`~gpt41calc.pricing.anthropic_rules.AnthropicRules`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["call_text", "function_text", "result_text", "text_of"]

_PREFIX = "antml:"
"""Prefix of the element names that the model itself writes."""


def function_text(tool: Mapping[str, Any]) -> str:
    r"""Return the billed text of a function: schema keys are sorted, and an empty description is left out.

    >>> function_text({"name": "now", "description": "", "input_schema": {"type": "object", "properties": {}}})
    '<function>{"name": "now", "parameters": {"properties": {}, "type": "object"}}</function>\n'
    """
    description = tool.get("description")
    written = {"description": description} if description else {}
    schema = tool.get("input_schema") or {}
    # Only ASCII, the default of json.dumps: the billed tokens of descriptions in other scripts confirm it.
    whole = written | {"name": tool["name"], "parameters": json.loads(json.dumps(schema, sort_keys=True))}
    return f"<function>{json.dumps(whole)}</function>\n"


def call_text(calls: Iterable[Mapping[str, Any]]) -> str:
    """Return the billed text of all calls in one message.

    Args:
        calls: blocks of the type ``tool_use``.
    """
    return _element("function_calls", "\n" + "".join(map(_invocation, calls)))


def _invocation(call: Mapping[str, Any]) -> str:
    arguments = call.get("input")
    written = "".join(
        _element("parameter", value if isinstance(value, str) else json.dumps(value), name) + "\n"
        for name, value in (arguments if isinstance(arguments, dict) else {}).items()
    )
    return _element("invoke", "\n" + written, call["name"]) + "\n"


def _element(kind: str, content: str, name: str | None = None) -> str:
    named = "" if name is None else f' name="{name}"'
    return f"<{_PREFIX}{kind}{named}>{content}</{_PREFIX}{kind}>"


def result_text(results: Iterable[tuple[str, str]], *, is_single: bool) -> str:
    """Return the billed text of the results in one message: one as it is, several with the names of their tools.

    Args:
        results: name of the tool and text of each result.
        is_single: whether it is the only one in its message.
    """
    if is_single:
        return "".join(f"<function_results>\n{text}\n</function_results>" for _, text in results)
    each = "".join(
        f"<result>\n<tool_name>{name}</tool_name>\n<stdout>{text}</stdout>\n</result>\n" for name, text in results
    )
    return f"<function_results>\n{each}</function_results>"


def text_of(content: Any) -> str:
    """Return the text in the content of a result or a message."""
    if isinstance(content, str):
        return content
    blocks = content if isinstance(content, list) else []
    return "".join(block.get("text") or "" for block in blocks if block.get("type") == "text")
