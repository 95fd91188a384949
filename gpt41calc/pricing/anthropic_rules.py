"""Tokens that Anthropic bills for the parts of a request other than its texts, by model family."""

from typing import Annotated

from .fields import Cited, Constrained, Line, Name, Record

__all__ = ["AnthropicRules"]

_Tokens = Annotated[int, Constrained(strict=True, ge=-1_000, le=10_000)]
"""A number of tokens; it may be negative, as a correction."""


class AnthropicRules(Record):
    """Token overheads of a Messages request; ``requests.anthropic_frame`` defines which texts they surround."""

    family: Name
    """Name of a group of models that are billed alike; a model refers to it."""

    frame: _Tokens = 4
    """Tokens for every request."""

    per_message: _Tokens = 3
    """Tokens for every message, except a last message of the assistant that the answer continues."""

    joint: _Tokens = 1
    """Tokens between two texts that are joined into one: of the system prompt, tools, output format, messages of one
    role.
    """

    system_message: _Tokens = 1
    """Additional tokens for a system message among the other messages."""

    thinking: _Tokens = 29
    """Tokens if thinking is enabled with a budget."""

    thinking_adaptive: _Tokens = 0
    """Tokens if thinking is adaptive."""

    task_budget: _Tokens = 0
    """Tokens if a task budget is set."""

    tools: _Tokens
    """Tokens of the vendor's prompt about tools, once, if there are any tools."""

    tools_any: _Tokens
    """Tokens of that prompt if the model must call a tool (``any``)."""

    tools_named: _Tokens
    """Tokens of that prompt if the model must call one named tool (``tool``)."""

    tools_single: _Tokens
    """Tokens of that prompt if parallel calls are disabled."""

    result: _Tokens = -5
    """Tokens for the tool results in one message, beside their text."""

    parallel_result: _Tokens = -3
    """Tokens for each of several tool results in one message."""

    call_after_result: _Tokens = -2
    """Tokens for tool calls that directly follow a tool result."""

    reference: _Tokens = 18
    """Tokens for a tool that a result refers to, beside its text."""

    output_format: _Tokens = 81
    """Tokens for the output format, beside its schema."""

    text_margin: _Tokens = 1
    """Tokens by which the billed count of a text-only request may be higher or lower."""

    tools_below: _Tokens
    """By how many tokens the billed count of a request with tools may be lower."""

    tools_above: _Tokens
    """By how many tokens the billed count of a request with tools may be higher."""

    calls: Annotated[int, Constrained(strict=True, ge=0)] = 0
    """Number of recorded calls of the family that the numbers were tested with."""

    source: Cited
    """Keys of the table's ``sources`` that state the numbers."""

    note: Line | None = None
    """Remark on what is disputed or unusual. None if there is nothing to say."""
