"""Which lines of a training file can be learned from, as OpenAI checks them before a job begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["NotAnExample", "messages_of", "weight_of"]

_Json = Mapping[str, Any]

_ROLES = ("system", "developer", "user", "assistant", "tool", "function")

_KEYS = frozenset({"role", "content", "name", "weight", "tool_calls", "tool_call_id", "function_call", "refusal"})
"""What a message may hold."""

_CALLS = ("tool_calls", "function_call", "refusal")
"""What an answer may hold instead of a content."""

_SHOWN_CHARACTERS = 40


class NotAnExample(Exception):
    """A line that a training job would not take."""

    def __init__(self, reason: str) -> None:
        """Keep the reason: a phrase with the place inside the line."""
        super().__init__(reason)
        self.reason = reason


def messages_of(value: object) -> Sequence[_Json]:
    """Return the messages of a training example in the chat format, each of them as it has to be.

    Raises:
        NotAnExample: it is none; the reason names the message and the key.

    >>> messages_of({"messages": [{"role": "user", "content": "Hello"}]})
    Traceback (most recent call last):
    ...
    gpt41calc.commands.finetune.examples.NotAnExample: no message of the assistant: there is nothing to learn
    """
    if not isinstance(value, dict):
        raise NotAnExample("expected an object with messages")
    messages = value.get("messages")
    if messages is None:
        raise NotAnExample(_another_format(value))
    if not isinstance(messages, list) or not messages:
        raise NotAnExample("messages: expected a list of at least one message")
    for number, message in enumerate(messages):
        _check(message, f"messages[{number}]")
    if all(message["role"] != "assistant" for message in messages):
        raise NotAnExample("no message of the assistant: there is nothing to learn")
    return messages


def weight_of(message: _Json) -> int:
    """Return whether a message of the assistant is learned (1) or only read (0)."""
    weight: int = message.get("weight", 1)
    return weight


def _another_format(value: _Json) -> str:
    if "prompt" in value and "completion" in value:
        return "no messages: the prompt and completion format is not that of chat models"
    if "preferred_output" in value:
        return "no messages: a preferred answer and another one is not the chat format"
    return "no messages"


def _check(message: object, where: str) -> None:
    if not isinstance(message, dict):
        reason = f"{where}: expected an object"
        raise NotAnExample(reason)
    unknown = sorted(set(message) - _KEYS)
    if unknown:
        reason = f"{where}: unknown key '{_short(unknown[0])}'"
        raise NotAnExample(reason)
    role = message.get("role")
    if role not in _ROLES:
        found = f"found '{_short(role)}'" if isinstance(role, str) else "found none"
        reason = f"{where}: role: expected {', '.join(_ROLES[:-1])} or {_ROLES[-1]}, {found}"
        raise NotAnExample(reason)
    _check_content(message, where)
    _check_weight(message, where)


def _check_content(message: _Json, where: str) -> None:
    content = message.get("content")
    if content is not None and not isinstance(content, str | list):
        reason = f"{where}: content: expected a text or a list of parts"
        raise NotAnExample(reason)
    is_call = message["role"] == "assistant" and any(message.get(key) for key in _CALLS)
    if not content and not is_call:
        reason = f"{where}: empty content" if "content" in message else f"{where}: no content"
        raise NotAnExample(reason)


def _check_weight(message: _Json, where: str) -> None:
    if "weight" not in message:
        return
    if message["role"] != "assistant":
        reason = f"{where}: weight: only messages of the assistant have one"
        raise NotAnExample(reason)
    weight = message["weight"]
    if isinstance(weight, bool) or not isinstance(weight, int) or weight not in {0, 1}:
        reason = f"{where}: weight: expected 0 or 1"
        raise NotAnExample(reason)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"
