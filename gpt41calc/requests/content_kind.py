"""What a file can hold; alone in a module, so that options can name it without the readers of requests."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Kind"]


class Kind(StrEnum):
    """What a file holds."""

    TEXT = "text"
    REQUEST = "request"
    BATCH = "batch"
    FINETUNE = "finetune"
    USAGE = "usage"
