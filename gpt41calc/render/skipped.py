"""Sentences on skipped inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ..tally import Skipped
from .numbers import plural

__all__ = ["lost_lines", "skipped_lines", "skipped_sentence"]


def skipped_sentence(skipped: Iterable[Skipped]) -> str:
    """Return the number of skipped inputs, by reason.

    >>> skipped_sentence([Skipped("a", "binary", True), Skipped("b", "binary", True)])
    '2 (2 binary)'
    """
    reasons = Counter(one.reason.removeprefix("a ") for one in skipped)
    return f"{reasons.total():,} ({', '.join(f'{count:,} {reason}' for reason, count in reasons.most_common())})"


def skipped_lines(skipped: Iterable[Skipped]) -> list[str]:
    """Return a line for each skipped input: first those that should have been counted; of the others, only some."""
    ordered = sorted(skipped, key=lambda one: one.expected)
    lost = sum(not one.expected for one in ordered)
    shown = max(lost, _MOST_LISTED)
    more = [f"and {len(ordered) - shown:,} more; --json lists every one"] if len(ordered) > shown else []
    return [f"{one.path}: {one.reason}" for one in ordered[:shown]] + more


def lost_lines(skipped: Sequence[Skipped], what: str = "line") -> list[str]:
    """Return lines with the number of lines, or what else was not counted, and the first of them.

    >>> lost_lines([Skipped("a.jsonl:3", "empty", expected=False)])
    ['1 line could not be counted, so all sums are lower bounds: a.jsonl:3: empty']
    """
    if not skipped:
        return []
    first, *named = [f"{one.path}: {one.reason}" for one in skipped[:_MOST_LISTED]]
    more = len(skipped) - len(named) - 1
    rest = [f"and {plural(more, f'more {what}')}; --json lists every one"] if more else []
    return [f"{plural(len(skipped), what)} could not be counted, so all sums are lower bounds: {first}", *named, *rest]


_MOST_LISTED = 10
"""Most expected skips that are listed: a repository may have thousands of binary files."""
