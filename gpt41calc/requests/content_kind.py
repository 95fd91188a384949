"""The kinds of content of a file, in a module of their own so that options can import them cheaply."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Kind"]


class Kind(StrEnum):
    """Kind of the content of a file."""

    TEXT = "text"
    REQUEST = "request"
    BATCH = "batch"
    FINETUNE = "finetune"
    USAGE = "usage"
