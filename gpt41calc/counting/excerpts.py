"""Texts that are read once: some parts are stored, to see later what kind of text it was."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from typing import Protocol

from ..sources.read import Reading
from ..tally import Counted, Skipped

__all__ = ["Excerpted", "Text", "WatchedText"]


class Text(Protocol):
    """Something that is read as UTF-8, block by block.

    Raises (while iterating):
        NotText: it is no text, or cannot be read.
    """

    @property
    def bytes(self) -> int:
        """How many bytes were read."""

    @property
    def lossy(self) -> bool:
        """Whether some of them were no text."""

    def __iter__(self) -> Iterator[builtins.bytes]:
        """Yield the text; a character never lies across two blocks."""


class WatchedText:
    """A text of which something is seen while it is read."""

    def __init__(self, text: Text) -> None:
        """Take the text; nothing is read yet."""
        self._text = text

    @property
    def bytes(self) -> int:
        """How many bytes were read."""
        return self._text.bytes

    @property
    def lossy(self) -> bool:
        """Whether some of them were no text."""
        return self._text.lossy


class Excerpted(WatchedText):
    """A text of which some parts are stored while it is read, one in every stretch of the same length."""

    def __init__(self, text: Text) -> None:
        """Take the text; nothing is read yet."""
        super().__init__(text)
        self._excerpts: list[builtins.bytes] = []
        self._stretch_bytes = _EXCERPT_BYTES

    def with_excerpts(self, seen: Counted | Skipped) -> Counted | Skipped:
        """Return what became of the text, with the parts of it."""
        return seen._replace(excerpts=tuple(self._excerpts)) if isinstance(seen, Counted) else seen

    def is_longer(self, limit_bytes: int) -> bool:
        """Say whether the status of what is read says that it is longer."""
        return isinstance(self._text, Reading) and self._text.is_longer(limit_bytes)

    def __iter__(self) -> Iterator[builtins.bytes]:
        """Yield the text."""
        passed = 0
        for block in self._text:
            while (start := self._next_start() - passed) < len(block):
                self._excerpts.append(block[start : start + _EXCERPT_BYTES])
                if len(self._excerpts) > _MOST_EXCERPTS:
                    del self._excerpts[1::2]
                    self._stretch_bytes *= 2
            passed += len(block)
            yield block

    def _next_start(self) -> int:
        """Return where the next part begins, in bytes.

        Its place in its stretch differs from one stretch to the next, because a text may repeat itself.
        """
        number = len(self._excerpts)
        return number * self._stretch_bytes + int(number * _GOLDEN % 1 * (self._stretch_bytes - _EXCERPT_BYTES))


_GOLDEN = 0.618034
"""Fractions of multiples of this are distributed evenly, however many there are."""

_MOST_EXCERPTS = 1024
"""If there are more, 1 MiB in all, every second one is dropped, and the stretches are twice as long from then on."""

_EXCERPT_BYTES = 1 << 10
