"""The result of every line: billed, a duplicate, a replay, or without usage."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Fate", "LineCounts"]

Fate = Literal["billed", "duplicate", "replay", "no_usage"]
"""``billed``: its answer is in the sum. ``duplicate``: another line has the same answer, while streaming or in another
file. ``replay``: the log of another session repeats it. ``no_usage``: it has nothing to bill, or was refused.
"""


@dataclass(slots=True)
class LineCounts:
    """Number of lines by result; the four numbers add up to all lines."""

    billed: int = 0
    """Lines whose answers are in the sum."""

    duplicate: int = 0
    """Lines whose answer is already in the sum through another line."""

    replay: int = 0
    """Lines repeated from another session's log."""

    no_usage: int = 0
    """Lines without usage, including refused ones."""

    refused: int = 0
    """Lines whose cost is not known."""

    reasons: Counter[str] = field(default_factory=Counter)
    """Reasons of lines without usage, by kind; refused lines are not included."""

    @property
    def total(self) -> int:
        """Number of all lines."""
        return self.billed + self.duplicate + self.replay + self.no_usage

    def add(self, fate: Fate) -> None:
        """Count a line."""
        setattr(self, fate, getattr(self, fate) + 1)

    def move(self, before: Fate, after: Fate) -> None:
        """Change the result of a line."""
        setattr(self, before, getattr(self, before) - 1)
        self.add(after)
