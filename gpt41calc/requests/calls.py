"""The text of function calls and their results in OpenAI's prompts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from .json_path import compact
from .request import Call

__all__ = ["PARALLEL", "arguments_text", "parallel_text", "recipient", "results_text"]

PARALLEL = "multi_tool_use.parallel"
"""Name of the function that wraps several parallel calls."""


def recipient(name: str) -> str:
    """Return the part of a message's header that names the called function."""
    return f" to=functions.{name}"


def arguments_text(call: Call) -> str:
    """Return the arguments of a call as compact JSON, or unchanged if they are not JSON.

    >>> arguments_text(Call("find", '{"city": "Rome"}'))
    '{"city":"Rome"}'
    """
    return _compact(call.arguments)


def parallel_text(calls: Sequence[Call]) -> str:
    """Return several calls as the arguments of one call: a list of recipients and parameters, as compact JSON."""
    uses = (
        f'{{"recipient_name":{compact("functions." + call.name)},"parameters":{arguments_text(call)}}}'
        for call in calls
    )
    return f'{{"tool_uses":[{",".join(uses)}]}}'


def results_text(results: Sequence[str]) -> str:
    """Return the results of several calls as one JSON list; a result that is JSON is inserted as a value.

    >>> results_text(["sunny", '{"degrees": 20}'])
    '["sunny", {"degrees": 20}]'
    """
    return json.dumps(list(map(_value, results)), ensure_ascii=False)


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _compact(text: str) -> str:
    try:
        return compact(json.loads(text))
    except (ValueError, RecursionError):
        return text
