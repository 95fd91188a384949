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
    """A text of which some parts are stored while it is read."""

    def __init__(self, text: Text) -> None:
        """Take the text; nothing is read yet."""
        super().__init__(text)
        self._excerpts: list[builtins.bytes] = []
        self._passed = 0
        self._every = 1

    def with_excerpts(self, seen: Counted | Skipped) -> Counted | Skipped:
        """Return what became of the text, with the parts of it."""
        return seen._replace(excerpts=tuple(self._excerpts)) if isinstance(seen, Counted) else seen

    def is_longer(self, limit_bytes: int) -> bool:
        """Say whether the status of what is read says that it is longer."""
        return isinstance(self._text, Reading) and self._text.is_longer(limit_bytes)

    def __iter__(self) -> Iterator[builtins.bytes]:
        """Yield the text."""
        for block in self._text:
            step = max(_EXCERPT_BYTES, len(block) // _EXCERPTS)
            for start in range(0, len(block), step):
                if self._passed % self._every == 0:
                    self._excerpts.append(block[start : start + _EXCERPT_BYTES])
                self._passed += 1
            if len(self._excerpts) > _MOST_EXCERPTS:
                del self._excerpts[1::2]
                self._every *= 2
            yield block


_EXCERPTS = 24
"""So many parts are stored of every block, which has at most 1 MiB."""

_MOST_EXCERPTS = 4096
"""Of a text without end no more are stored, 4 MiB in all: then every second one is dropped, and of what follows, every
second one is stored.
"""

_EXCERPT_BYTES = 1 << 10
