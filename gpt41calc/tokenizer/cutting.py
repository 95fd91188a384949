"""Find the longest start or end of a text that, with a marker, has no more tokens than a limit.

The tokens of a shorter text are not the first tokens of the longer one: at the cut, a word or a run of blanks may be
divided anew, and a marker may merge with what is beside it. The count of a start may even shrink while the start grows.
So every result is counted as it will be sent, from the longest that is possible downwards; only the segment with the
cut has to be counted for that (``segments``).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from .borders import CONTEXT_CHARACTERS, At, token_ends, whole_characters, written_ends, written_starts
from .protocol import Tokenizer
from .segments import first_cut, last_cut, segments
from .token_bytes import TokenBytes

__all__ = ["Cut", "Cutter", "Pieces", "Place"]

_LONG_SEGMENT = 2000
"""From this length, in characters, not all places of a segment are tried."""

_SLACK_TOKENS = 16
"""The places of a long segment are tried up to this many tokens beyond those that are left: a part of a segment that
lies between two of its tokens is encoded as these tokens, but for a few at its ends.
"""


class Place(NamedTuple):
    """A place in a text that was read in pieces."""

    piece: int
    """Number of the piece, from 0."""

    character: int
    """Characters of the piece before the place."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Consecutive pieces of a text, whose counts add up."""

    texts: Sequence[str]
    """The pieces."""

    counts: Sequence[int]
    """Tokens of each."""

    first: int = 0
    """Number of the first of them in the text."""

    @property
    def tokens(self) -> int:
        """Tokens of all of them."""
        return sum(self.counts)

    @property
    def end(self) -> Place:
        """Where the last of them ends."""
        return Place(self.first + len(self.texts) - 1, len(self.texts[-1]) if self.texts else 0)

    def around(self, index: int) -> tuple[str, int]:
        """Return a piece with the text around it, and where it begins in that."""
        before = self.texts[index - 1][-CONTEXT_CHARACTERS:] if index else ""
        after = self.texts[index + 1][:CONTEXT_CHARACTERS] if index + 1 < len(self.texts) else ""
        return before + self.texts[index] + after, len(before)

    def text(self, start: Place | None = None, end: Place | None = None) -> str:
        """Return the text between two places. None for the start or the end of the pieces."""
        first, skipped = (0, 0) if start is None else (start.piece - self.first, start.character)
        if end is None:
            return "".join(self.texts[first:])[skipped:]
        last = end.piece - self.first
        return ("".join(self.texts[first:last]) + self.texts[last][: end.character])[skipped:]


class Cut(NamedTuple):
    """Where a text is cut."""

    place: Place | None
    """The place. None if nothing of the text is left."""

    tokens: int
    """Tokens of what is left with the marker, encoded as they are."""


class Cutter:
    """Cuts texts in one encoding."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        tokens: TokenBytes,
        at: At,
        ends: Callable[[str, At], list[int]] = written_ends,
    ) -> None:
        """Take the tokenizer, the bytes of its tokens, what is kept whole, and where a start of a text may end."""
        self._tokenizer = tokenizer
        self._tokens = tokens
        self._at = at
        self._written_ends = ends

    def longest_start(self, text: Pieces, marker: str, limit: int, before: Place) -> Cut:
        """Return the end of the longest start that has no more tokens than a limit, with a marker after it.

        Args:
            text: the text, from its first piece to one with which it has more tokens than the limit, and one more if
                there is one.
            marker: what follows; with no more tokens than the limit.
            limit: most tokens of both.
            before: the start ends before this place.
        """
        near = marker[: first_cut(marker)]  # what comes after it is encoded alike, whatever is before it
        far = self._tokenizer.count(marker[len(near) :])
        behind = list(accumulate(text.counts, initial=0))
        for index in reversed(range(len(text.texts))):
            allowed = limit - far - behind[index]
            if allowed > 0:
                for character, tokens in self._starts(text, index, near, allowed):
                    place = Place(index, character)
                    if place < before:
                        return Cut(place, behind[index] + tokens + far)
        return Cut(None, self._tokenizer.count(marker))

    def longest_end(self, text: Pieces, marker: str, limit: int) -> Cut:
        """Return the start of the longest end that has no more tokens than a limit, with a marker before it.

        Args:
            text: the text up to its last piece, from one with which it has more tokens than the limit, or from the one
                before that if there is one.
            marker: what comes before; with no more tokens than the limit.
            limit: most tokens of both.
        """
        near = marker[last_cut(marker) :]
        far = self._tokenizer.count(marker[: len(marker) - len(near)])
        after = 0
        candidates: list[
            tuple[int, int]
        ] = []  # pieces that can hold the cut, with the tokens after each; the last one first
        for index in reversed(range(len(text.texts))):
            if limit - far - after > 0:
                candidates.append((index, after))
            after += text.counts[index]
        for index, behind in reversed(candidates):
            for character, tokens in self._ends(text, index, near, limit - far - behind):
                place = Place(text.first + index, character)
                if place != (0, 0):
                    return Cut(place, far + tokens + behind)
        return Cut(None, self._tokenizer.count(marker))

    def _starts(self, text: Pieces, index: int, near: str, allowed: int) -> Iterator[tuple[int, int]]:
        """Yield the places of a piece up to which it has few enough tokens, the last one first, with the tokens."""
        piece = text.texts[index]
        written = self._written(text, index, self._written_ends)
        parts = segments(piece)
        counts = list(accumulate(map(self._tokenizer.count, parts), initial=0))
        end = len(piece)
        for number in reversed(range(len(parts))):
            part, left, begin = parts[number], allowed - counts[number], end - len(parts[number])
            if left > 0:
                places = self._places(part, begin, written[bisect_right(written, begin) : bisect_right(written, end)])
                if len(part) > _LONG_SEGMENT:
                    places = places[: bisect_right(places, self._token_place(part, left + _SLACK_TOKENS))]
                for place in reversed(places):
                    tokens = self._tokenizer.count(part[:place] + near)
                    if place and tokens <= left:
                        yield begin + place, counts[number] + tokens
            end = begin

    def _ends(self, text: Pieces, index: int, near: str, allowed: int) -> Iterator[tuple[int, int]]:
        """Yield the places of a piece from which on it has few enough tokens, the first one first, with the tokens."""
        piece = text.texts[index]
        written = self._written(text, index, written_starts)
        parts = segments(piece)
        counts = list(accumulate(reversed(list(map(self._tokenizer.count, parts))), initial=0))[-2::-1]
        begin = 0
        for part, behind in zip(parts, counts, strict=True):
            left, end = allowed - behind, begin + len(part)
            if left > 0:
                places = self._places(part, begin, written[bisect_left(written, begin) : bisect_left(written, end)])
                if len(part) > _LONG_SEGMENT:
                    places = places[bisect_left(places, self._token_place(part, -left - _SLACK_TOKENS)) :]
                for place in places:
                    tokens = self._tokenizer.count(near + part[place:])
                    if place < len(part) and tokens <= left:
                        yield begin + place, behind + tokens
            begin = end

    def _written(self, text: Pieces, index: int, find: Callable[[str, At], list[int]]) -> list[int]:
        """Return the places in a piece at which a word, a line or a sentence ends or begins."""
        if self._at is At.TOKEN:
            return []
        around, start = text.around(index)
        return [place - start for place in find(around, self._at)]

    def _places(self, part: str, begin: int, written: Sequence[int]) -> list[int]:
        """Return the places in a segment at which the text may be cut."""
        if self._at is At.TOKEN:
            return whole_characters(part, [0, *token_ends(part, self._tokenizer, self._tokens)])
        return whole_characters(part, [place - begin for place in written])

    def _token_place(self, part: str, number: int) -> int:
        """Return where a number of tokens of a segment end; negative to count from its end."""
        ends = [0, *token_ends(part, self._tokenizer, self._tokens)]
        return ends[max(-len(ends), min(number, len(ends) - 1))]
