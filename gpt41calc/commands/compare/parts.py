"""The parts of inputs that a table of ``compare`` has a row for."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ByPart"]


class ByPart(StrEnum):
    """The parts that a table has a row for."""

    INPUT = "input"
    FILE = "file"
    SECTION = "section"
    LINE = "line"
    WORD = "word"
