"""Validate the lines of a training file like OpenAI does before a job begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["NotAnExample", "Preference", "is_preference", "messages_of", "preference_of", "weight_of"]

_Json = Mapping[str, Any]

_ROLES = ("system", "developer", "user", "assistant", "tool", "function")

_KEYS = frozenset({"role", "content", "name", "weight", "tool_calls", "tool_call_id", "function_call", "refusal"})
"""Allowed keys of a message."""

_CALLS = ("tool_calls", "function_call", "refusal")
"""Keys that an answer may have instead of ``content``."""

_SHOWN_CHARACTERS = 40


class NotAnExample(Exception):
    """A line that a training job would refuse."""

    def __init__(self, reason: str) -> None:
        """Store the reason, a phrase with the location inside the line."""
        super().__init__(reason)
        self.reason = reason


def messages_of(value: object) -> Sequence[_Json]:
    """Return the validated messages of a training example in the chat format.

    Raises:
        NotAnExample: the line is not an example; the reason names the message and the key.

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
    found = _messages_in(messages, "messages")
    if all(message["role"] != "assistant" for message in found):
        raise NotAnExample("no message of the assistant: there is nothing to learn")
    return found


def _messages_in(messages: object, where: str) -> Sequence[_Json]:
    if not isinstance(messages, list) or not messages:
        reason = f"{where}: expected a list of at least one message"
        raise NotAnExample(reason)
    for number, message in enumerate(messages):
        _check(message, f"{where}[{number}]")
    return messages


def weight_of(message: _Json) -> int:
    """Return whether a message of the assistant is trained on (1) or only read (0)."""
    weight: int = message.get("weight", 1)
    return weight


@dataclass(frozen=True, slots=True)
class Preference:
    """An example of preference data: a prompt, a preferred answer, and another answer."""

    body: _Json
    """The prompt as a request body: messages, and functions if there are any."""

    preferred: _Json
    """The preferred answer: a message of the assistant."""

    other: _Json
    """The other answer."""


def is_preference(value: object) -> bool:
    """Return whether a line is meant as preference data."""
    return isinstance(value, dict) and any(key in value for key in _OUTPUTS)


_OUTPUTS = ("preferred_output", "non_preferred_output")
"""Keys of the two answers, from https://platform.openai.com/docs/guides/direct-preference-optimization."""


def preference_of(value: _Json) -> Preference:
    """Return a validated example of preference data.

    Only conversations of one turn are accepted: one answer under each of the two keys.

    Raises:
        NotAnExample: the line is not an example; the reason names the message and the key.

    >>> preference_of({"input": {"messages": []}, "preferred_output": []})
    Traceback (most recent call last):
    ...
    gpt41calc.commands.finetune.examples.NotAnExample: input.messages: expected a list of at least one message
    """
    given = value.get("input")
    if not isinstance(given, dict):
        raise NotAnExample("input: expected an object with messages")
    _messages_in(given.get("messages"), "input.messages")
    preferred, other = (_answer_in(value.get(key), key) for key in _OUTPUTS)
    return Preference(given, preferred, other)


def _answer_in(answers: object, key: str) -> _Json:
    """Return the single answer in a list."""
    if not isinstance(answers, list) or len(answers) != 1:
        reason = f"{key}: expected a list of one message of the assistant"
        raise NotAnExample(reason)
    answer: _Json = answers[0]
    _check(answer, f"{key}[0]")
    if answer["role"] != "assistant":
        reason = f"{key}[0]: role: expected assistant, found '{answer['role']}'"
        raise NotAnExample(reason)
    return answer


def _another_format(value: _Json) -> str:
    if "prompt" in value and "completion" in value:
        return "no messages: the prompt and completion format is not that of chat models"
    if "custom_id" in value:
        return "no messages, but a request of a batch: 'gpt41calc batch' prices it"
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
