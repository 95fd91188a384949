"""How a Gemini model is billed for a request beyond its texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from .fields import Cited, Constrained, Line, Record

__all__ = ["GoogleRules"]

_Few = Annotated[int, Constrained(strict=True, ge=0, le=1000)]


@dataclass(frozen=True, kw_only=True)
class GoogleRules(Record):
    """Tokens around the texts of a generateContent body."""

    functions: Literal["values", "python", "declarations"]
    """How functions, calls and results are written: as values (2.0), as Python (2.5), or as declarations (3)."""

    per_content: _Few = 1
    """Around each entry of ``contents``, and around the system instruction."""

    thoughts: Literal["unknown", "turn", "all"] = "unknown"
    """Which thought signatures bring their thoughts into the prompt: those of the current turn, all, or mostly none."""

    bills_schema: bool = False
    """Whether ``responseSchema`` is part of the prompt."""

    source: Cited
    """Keys of the table's ``sources``."""

    note: Line | None = None
    """What is disputed or peculiar."""
