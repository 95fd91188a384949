"""The billed parts of a generateContent body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .parts import Image, Text

__all__ = ["Call", "Content", "Function", "GoogleBody", "Item", "Result"]


@dataclass(frozen=True, slots=True)
class Call:
    """A function call made earlier by the model."""

    name: str
    """Name of the function."""

    args: Mapping[str, Any]
    """Its arguments, as in the body."""


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a function call."""

    name: str
    """Name of the function."""

    response: Mapping[str, Any]
    """The returned value, as in the body."""


Item = Text | Image | Call | Result


@dataclass(frozen=True, slots=True)
class Content:
    """One entry of ``contents``: a turn of the conversation."""

    is_model: bool
    """Whether its role is ``model``."""

    items: tuple[Item, ...]
    """Its parts, in order."""

    signatures: tuple[int, ...] = ()
    """Lengths of the thought signatures beside its parts, in characters."""

    @property
    def is_question(self) -> bool:
        """Whether it begins a new turn: it is from the user and not only a function result."""
        return not self.is_model and not any(isinstance(item, Result) for item in self.items)


@dataclass(frozen=True, slots=True)
class Function:
    """A function declaration."""

    name: str
    """Name of the function."""

    description: str
    """Description of the function; may be empty."""

    schema: Mapping[str, Any]
    """JSON schema of its parameters; may be empty."""

    is_json_schema: bool
    """Whether ``schema`` was given as ``parametersJsonSchema`` instead of ``parameters``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleBody:
    """A generateContent body."""

    contents: tuple[Content, ...]
    """The conversation."""

    system: tuple[str, ...] | None = None
    """Texts of the system instruction. None if there is none."""

    functions: tuple[Function, ...] = ()
    """Declared functions."""

    schema: Mapping[str, Any] | None = None
    """The ``responseSchema``, which Gemini 2.0 bills. None if there is none."""

    is_vertex: bool = False
    """Whether the body has fields that only Vertex AI accepts; Vertex AI bills no tokens around a content."""

    def items(self) -> Iterator[Item]:
        """Yield every part of every content."""
        return (item for content in self.contents for item in content.items)
