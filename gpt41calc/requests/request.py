"""A parsed request to a model, independent of the API that it is written for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from .parts import Image, Text

if TYPE_CHECKING:
    from .google_body import GoogleBody

__all__ = ["AnswerSchema", "Call", "Endpoint", "Message", "Part", "Request", "Tool"]

Endpoint = Literal["chat", "responses", "anthropic", "google"]
"""The API of a body: Chat Completions, Responses, Anthropic's Messages, Google's generateContent."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function call in an answer."""

    name: str
    """Name of the function."""

    arguments: str
    """Its arguments, unparsed: usually JSON."""

    id: str = ""
    """Identifier by which the result refers to it; empty if there is none."""

    is_stored: bool = False
    """Whether it has the item id of an earlier answer, as in the Responses API."""


Part = Text | Image | Call


@dataclass(frozen=True, slots=True)
class Message:
    """A message of one role."""

    role: str
    """Role, as in the body."""

    parts: tuple[Part, ...]
    """Its parts, in order."""

    name: str | None = None
    """Name of the speaker. None if there is none."""

    answers: str | None = None
    """Identifier of the call whose result it is. None if it is not a result."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that a model may call."""

    name: str
    """Name of the function."""

    description: str
    """Description of the function; may be empty."""

    parameters: Mapping[str, Any]
    """JSON schema of its parameters; may be empty."""


@dataclass(frozen=True, slots=True)
class AnswerSchema:
    """The JSON schema that an answer must follow."""

    name: str
    """Name of the schema."""

    description: str
    """Description of the schema; may be empty."""

    schema: Mapping[str, Any]
    """The JSON schema itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A parsed request body."""

    endpoint: Endpoint
    """The API of the body."""

    model: str | None
    """The model, as in the body. None if the body names none."""

    messages: tuple[Message, ...]
    """The messages, instructions first."""

    tools: tuple[Tool, ...] = ()
    """The functions that the model may call."""

    schema: AnswerSchema | None = None
    """The JSON schema that the answer must follow. None if there is none."""

    max_output: int | None = None
    """Output limit set in the body, in tokens. None if there is none."""

    choices: int = 1
    """Number of answers requested."""

    must_call: bool = False
    """Whether the model must call a tool."""

    google: GoogleBody | None = None
    """The parts billed by Google. None if it is for another API."""

    messages_body: Mapping[str, Any] | None = None
    """The body as parsed JSON, for Anthropic's API, where its exact form affects the count. None for another API."""

    has_choice: bool = False
    """Whether the body has a tool choice."""

    chosen: str | None = None
    """Name of the function that must be called. None if there is none."""

    left_out: tuple[str, ...] = ()
    """Parts that cannot be counted and were left out, with their locations: the count is then a lower bound."""
