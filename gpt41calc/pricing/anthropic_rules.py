"""How Anthropic bills what is around the text of a request, by family of models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from .fields import Cited, Constrained, Line, Name, Record

__all__ = ["AnthropicRules"]

_Tokens = Annotated[int, Constrained(strict=True, ge=-1_000, le=10_000)]
"""A number of tokens, which may be a correction."""


@dataclass(frozen=True, kw_only=True)
class AnthropicRules(Record):
    """Tokens around the texts of a Messages request; ``requests.anthropic_frame`` says which texts those are."""

    family: Name
    """What models that are billed alike are called here; a model names it."""

    frame: _Tokens = 4
    """Of every request."""

    per_message: _Tokens = 3
    """Of every message but one that the answer goes on with."""

    joint: _Tokens = 1
    """Between two texts that become one: of the system, tools, the form of the answer, messages of one role."""

    system_message: _Tokens = 1
    """Of a message of the system among the others, on top."""

    thinking: _Tokens = 29
    """If thinking is enabled with a budget."""

    thinking_adaptive: _Tokens = 0
    """If thinking is left to the model."""

    task_budget: _Tokens = 0
    """If a budget of tokens is set for the whole task."""

    tools: _Tokens
    """What the vendor says about tools, once, if there are any."""

    tools_any: _Tokens
    """The same, if one of them must be called."""

    tools_named: _Tokens
    """The same, if a certain one must be called."""

    tools_single: _Tokens
    """The same, if only one call of it is allowed."""

    result: _Tokens = -5
    """Of results in one message, beside their text."""

    parallel_result: _Tokens = -3
    """Of each of several results in one message."""

    call_after_result: _Tokens = -2
    """Of calls that answer a result at once."""

    reference: _Tokens = 18
    """Of a tool that a result makes known, beside its text."""

    output_format: _Tokens = 81
    """Of the form of the answer, beside its schema."""

    text_margin: _Tokens = 1
    """By how many tokens the billed count of a request of text alone may differ, either way."""

    tools_below: _Tokens
    """By how many tokens the billed count of a request with tools may be lower."""

    tools_above: _Tokens
    """By how many tokens the billed count of a request with tools may be higher."""

    calls: Annotated[int, Constrained(strict=True, ge=0)] = 0
    """How many recorded calls of the family the numbers were tested on."""

    source: Cited
    """Keys of the table's ``sources`` that state the numbers."""

    note: Line | None = None
    """What is disputed or peculiar."""
