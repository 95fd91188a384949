"""What a generateContent body holds, as far as it is billed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .parts import Image, Text

__all__ = ["Call", "Content", "Function", "GoogleBody", "Item", "Result"]


@dataclass(frozen=True, slots=True)
class Call:
    """A function call that the model made earlier."""

    name: str
    """Name of the function."""

    args: Mapping[str, Any]
    """Its arguments, as the body has them."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a function returned."""

    name: str
    """Name of the function."""

    response: Mapping[str, Any]
    """What it returned, as the body has it."""


Item = Text | Image | Call | Result


@dataclass(frozen=True, slots=True)
class Content:
    """One entry of ``contents``: a turn of the conversation."""

    is_model: bool
    """Whether the model wrote it."""

    items: tuple[Item, ...]
    """Its parts, in order."""

    signatures: tuple[int, ...] = ()
    """Lengths, in characters, of the thought signatures beside its parts."""

    @property
    def is_question(self) -> bool:
        """Whether a new turn begins here: the user says something that is not the result of a function."""
        return not self.is_model and not any(isinstance(item, Result) for item in self.items)


@dataclass(frozen=True, slots=True)
class Function:
    """A function declaration."""

    name: str
    """Name of the function."""

    description: str
    """What it does; may be empty."""

    schema: Mapping[str, Any]
    """What it takes; may be empty."""

    is_json_schema: bool
    """Whether ``schema`` stands under ``parametersJsonSchema`` instead of ``parameters``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleBody:
    """A generateContent body."""

    contents: tuple[Content, ...]
    """The conversation."""

    system: tuple[str, ...] | None = None
    """Texts of the system instruction. None if there is none."""

    functions: tuple[Function, ...] = ()
    """Functions that the model may call."""

    schema: Mapping[str, Any] | None = None
    """``responseSchema``, which Gemini 2.0 bills. None if there is none."""

    is_vertex: bool = False
    """Whether the body has fields that only Vertex AI takes; it bills no tokens around a content."""

    def items(self) -> Iterator[Item]:
        """Yield every part of every content."""
        return (item for content in self.contents for item in content.items)
