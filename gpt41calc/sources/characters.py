"""Count the characters of texts, where their bytes alone do not tell whether a limit is exceeded."""

from __future__ import annotations

from collections.abc import Iterable

from ..tally import Skipped, Tally
from .read import NotText, Reading
from .source import Rules, Source

__all__ = ["characters"]

_LONGEST = 4
"""Most bytes per character, in UTF-8 and in the other supported encodings."""

_CONTINUATION = bytes(range(0x80, 0xC0))
"""Bytes that are never the first byte of a character."""


def characters(found: Iterable[Source | Skipped], counted: Tally, rules: Rules, limit: int) -> tuple[int, int]:
    """Return the fewest and the most characters that texts can have together.

    The texts are read again only if their bytes exceed the limit; standard input can no longer be read then.

    Args:
        found: the sources that were read.
        counted: their results.
        rules: the rules by which they were read.
        limit: the limit to compare with, in characters.
    """
    if counted.bytes <= limit:
        return _bounds(counted.bytes)
    sources = {one.name: one for one in found if isinstance(one, Source)}
    ends = [_ends(sources.get(one.path), one.bytes, rules) for one in counted.counted]
    return sum(low for low, _ in ends), sum(high for _, high in ends)


def _bounds(size: int) -> tuple[int, int]:
    return -(-size // _LONGEST), size


def _ends(source: Source | None, size: int, rules: Rules) -> tuple[int, int]:
    """Return the bounds for one text: the same number twice if it can be read again."""
    if source is None or source.path is None:
        return _bounds(size)
    try:
        count = sum(len(block.translate(None, _CONTINUATION)) for block in Reading(source, rules))
    except NotText:  # it changed or is gone; the limit is checked with the first count
        return _bounds(size)
    return count, count
