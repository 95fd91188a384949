"""Parts of a message: text and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Detail", "Image", "Text"]


Detail = Literal["auto", "low", "high"]
"""How closely a model looks at a picture."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words of a message."""

    text: str
    """As they are written."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in a message."""

    url: str
    """A data URL, the address of a remote picture, or the path of a file."""

    detail: Detail
    """How closely to look at it."""

    where: str
    """Where it stands in the body."""
