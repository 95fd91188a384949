"""A request to a model, whichever API it is written for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from .parts import Image, Text

if TYPE_CHECKING:
    from .google_body import GoogleBody

__all__ = ["AnswerSchema", "Call", "Endpoint", "Message", "Part", "Request", "Tool"]

Endpoint = Literal["chat", "responses", "anthropic", "google"]
"""Which API a body is written for: Chat Completions, Responses, Anthropic's Messages, Google's generateContent."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function that an answer asked for."""

    name: str
    """The function."""

    arguments: str
    """Its arguments, as they are written: JSON as a rule."""

    id: str = ""
    """By what its result names it; empty if there is none."""

    is_stored: bool = False
    """Whether it carries the identifier of the item of an earlier answer, as Responses gives it."""


Part = Text | Image | Call


@dataclass(frozen=True, slots=True)
class Message:
    """A message of one role."""

    role: str
    """Who says it, as it is written."""

    parts: tuple[Part, ...]
    """Its parts, in order."""

    name: str | None = None
    """The name of who says it, if it is given."""

    answers: str | None = None
    """The call whose result it is, by its identifier. None if it is no result."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that a model may call."""

    name: str
    """What it is called."""

    description: str
    """What it does; may be empty."""

    parameters: Mapping[str, Any]
    """The JSON schema of what it takes; may be empty."""


@dataclass(frozen=True, slots=True)
class AnswerSchema:
    """The JSON schema that an answer must keep."""

    name: str
    """What it is called."""

    description: str
    """What it is for; may be empty."""

    schema: Mapping[str, Any]
    """The schema."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The body of a request."""

    endpoint: Endpoint
    """Which API it is for."""

    model: str | None
    """The model, as it is written. None if the body names none."""

    messages: tuple[Message, ...]
    """The messages, instructions first."""

    tools: tuple[Tool, ...] = ()
    """What may be called."""

    schema: AnswerSchema | None = None
    """The JSON schema that the answer must keep, if there is one."""

    max_output: int | None = None
    """The most tokens that an answer may have, if the body says so."""

    choices: int = 1
    """How many answers are asked for."""

    must_call: bool = False
    """Whether a tool must be called."""

    google: GoogleBody | None = None
    """The body as Google bills it. None if it is for another API."""

    messages_body: Mapping[str, Any] | None = None
    """The body itself, if it is one of Anthropic's; its form decides how Claude reads it."""

    has_choice: bool = False
    """Whether the body says if and which tool is to be called."""

    chosen: str | None = None
    """The function that must be called, if the body names one."""

    left_out: tuple[str, ...] = ()
    """What cannot be counted and was left out, each with its place: the count is a lower bound."""
