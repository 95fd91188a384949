"""What was skipped, in the words that people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..tally import Skipped

__all__ = ["skipped_lines", "skipped_sentence"]


def skipped_sentence(skipped: Iterable[Skipped]) -> str:
    """Say how many inputs were skipped for which reason.

    >>> skipped_sentence([Skipped("a", "binary", True), Skipped("b", "binary", True)])
    '2 (2 binary)'
    """
    reasons = Counter(one.reason.removeprefix("a ") for one in skipped)
    return f"{reasons.total():,} ({', '.join(f'{count:,} {reason}' for reason, count in reasons.most_common())})"


def skipped_lines(skipped: Iterable[Skipped]) -> list[str]:
    """Name what was skipped: all that should have been counted first, and not more than can be read."""
    ordered = sorted(skipped, key=lambda one: one.expected)
    lost = sum(not one.expected for one in ordered)
    shown = max(lost, _MOST_LISTED)
    more = [f"and {len(ordered) - shown:,} more; --json lists every one"] if len(ordered) > shown else []
    return [f"{one.path}: {one.reason}" for one in ordered[:shown]] + more


_MOST_LISTED = 10
"""Skips that are expected are named up to this many; binaries in a repository may be thousands."""
