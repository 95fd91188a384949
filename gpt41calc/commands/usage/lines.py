"""What became of every line: billed, a duplicate, a replay, or without usage."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Fate", "LineCounts"]

Fate = Literal["billed", "duplicate", "replay", "no_usage"]
"""``billed``: its answer is in the sum. ``duplicate``: the same answer is in another line, as it streamed or in
another file. ``replay``: a log of another session repeats it. ``no_usage``: there is nothing in it to bill, or it
was refused."""


@dataclass(slots=True)
class LineCounts:
    """How many lines became what; the four add up to all of them."""

    billed: int = 0
    """Lines whose answers are in the sum."""

    duplicate: int = 0
    """Lines whose answers are in the sum by another line."""

    replay: int = 0
    """Lines that repeat what another session's log has."""

    no_usage: int = 0
    """Lines without usage, those that were refused among them."""

    refused: int = 0
    """Lines whose cost is not known."""

    reasons: Counter[str] = field(default_factory=Counter)
    """Why lines without usage have none, by kind; those that were refused are not in it."""

    @property
    def total(self) -> int:
        """All lines."""
        return self.billed + self.duplicate + self.replay + self.no_usage

    def add(self, fate: Fate) -> None:
        """Count a line."""
        setattr(self, fate, getattr(self, fate) + 1)

    def move(self, before: Fate, after: Fate) -> None:
        """Change what became of a line."""
        setattr(self, before, getattr(self, before) - 1)
        self.add(after)
