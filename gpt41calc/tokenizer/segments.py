"""Divide a text at every place where no token can cross, however the text before and after it is cut.

``chunks`` divides long input at such places by its bytes, a few megabytes at a time. Here all of them are found, by the
classes of characters, so that a text can be shortened and only the segment at its end has to be counted again.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from .unicode_versions import as_unassigned

if TYPE_CHECKING:
    from regex import Pattern

__all__ = ["first_cut", "last_cut", "segments"]


def segments(text: str) -> list[str]:
    r"""Divide a text; the token counts of the segments add up to that of the text, in every encoding.

    The same holds for a text that ends inside one of them, or begins there: each place is known by the character
    before it and the one after it.

    >>> segments("It's 12 o'clock.\nStop")
    ["It's", ' 12', " o'clock", '.\n', 'Stop']
    """
    cuts = [0, *_cuts(text), len(text)]
    return [text[start:end] for start, end in pairwise(cuts) if start < end]


def first_cut(text: str) -> int:
    """Return where the first segment ends."""
    found = _pattern().search(as_unassigned(text))
    return found.start() if found else len(text)


def last_cut(text: str) -> int:
    """Return where the last segment begins."""
    cuts = _cuts(text)
    return cuts[-1] if cuts else 0


def _cuts(text: str) -> list[int]:
    return [cut.start() for cut in _pattern().finditer(as_unassigned(text))]


@cache
def _pattern() -> Pattern[str]:
    import regex

    # In o200k_base and cl100k_base a piece with letters goes on over letters, marks and an apostrophe alone, one with
    # digits over digits alone, and one that ends with newlines over none of both. Format characters are kept beside
    # what they join, so that no emoji is divided either.
    after_letter = r"(?<=\p{L})(?=[^\p{L}\p{M}\p{Cf}'])"
    after_digit = r"(?<=\p{N})(?=[^\p{N}\p{M}\p{Cf}])"
    after_newline = r"(?<=\n)(?=[\p{L}\p{N}])"
    return regex.compile(f"{after_letter}|{after_digit}|{after_newline}")
