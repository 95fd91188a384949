"""Parts of a message: text and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Detail", "Image", "Text"]


Detail = Literal["auto", "low", "high"]
"""Detail level at which a model processes a picture."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text part of a message."""

    text: str
    """The text, unchanged."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in a message."""

    url: str
    """A data URL, the address of a remote picture, or the path of a file."""

    detail: Detail
    """The requested detail level."""

    where: str
    """Location in the body."""
