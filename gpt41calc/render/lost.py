"""Lines of a file that could not be counted, in the words that people read."""

from __future__ import annotations

from collections.abc import Sequence

from ..tally import Skipped
from .wording import plural

__all__ = ["lost_lines"]

_MOST_LISTED = 10


def lost_lines(skipped: Sequence[Skipped]) -> list[str]:
    """Say how many lines are missing, and name the first of them.

    >>> lost_lines([Skipped("a.jsonl:3", "empty", expected=False)])
    ['1 line could not be counted, so all sums are lower bounds:', '  a.jsonl:3: empty']
    """
    if not skipped:
        return []
    named = [f"  {one.path}: {one.reason}" for one in skipped[:_MOST_LISTED]]
    more = len(skipped) - len(named)
    rest = [f"  and {plural(more, 'more line')}; --json lists every one"] if more else []
    return [f"{plural(len(skipped), 'line')} could not be counted, so all sums are lower bounds:", *named, *rest]
