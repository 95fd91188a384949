"""The kinds of content of a file, in a module that options and the detection of text can import cheaply."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["PICTURE_ENDINGS", "Kind"]

PICTURE_ENDINGS = frozenset({".gif", ".jpeg", ".jpg", ".png", ".webp"})
"""File name endings of pictures that models accept."""


class Kind(StrEnum):
    """Kind of the content of a file."""

    TEXT = "text"
    REQUEST = "request"
    BATCH = "batch"
    FINETUNE = "finetune"
    USAGE = "usage"
