"""How many characters texts have, where their bytes alone do not tell on which side of a limit they are."""

from __future__ import annotations

from collections.abc import Iterable

from ..tally import Skipped, Tally
from .read import NotText, Reading
from .source import Rules, Source

__all__ = ["characters"]

_LONGEST = 4
"""Bytes of a character in UTF-8, or in any other encoding that is read."""

_CONTINUATION = bytes(range(0x80, 0xC0))
"""Bytes with which no character begins."""


def characters(found: Iterable[Source | Skipped], counted: Tally, rules: Rules, limit: int) -> tuple[int, int]:
    """Return the fewest and the most characters that texts can have, one after the other.

    They are only counted, by reading once more, if their bytes are more than
    the limit; standard input is gone by then.

    Args:
        found: the sources that were read.
        counted: what came of them.
        rules: by which they were read.
        limit: what the number will be compared with.
    """
    if counted.bytes <= limit:
        return _bounds(counted.bytes)
    sources = {one.name: one for one in found if isinstance(one, Source)}
    ends = [_ends(sources.get(one.path), one.bytes, rules) for one in counted.counted]
    return sum(low for low, _ in ends), sum(high for _, high in ends)


def _bounds(size: int) -> tuple[int, int]:
    return -(-size // _LONGEST), size


def _ends(source: Source | None, size: int, rules: Rules) -> tuple[int, int]:
    """Return the bounds of one text: the same number twice if it can be read again."""
    if source is None or source.path is None:
        return _bounds(size)
    try:
        count = sum(len(block.translate(None, _CONTINUATION)) for block in Reading(source, rules))
    except NotText:  # it has changed or gone; the limit is checked with what was counted
        return _bounds(size)
    return count, count
