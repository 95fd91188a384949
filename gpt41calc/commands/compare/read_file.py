"""A file of an input: its text, what it is compared by, and its sections."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from ...counting.excerpts import Text, WatchedText
from ...requests.detect_inputs import Detection
from ...sources.read import NotText, Reading
from ...sources.source import Rules, Source
from ...tally import STDIN_NAME, Counted, Skipped
from .sections import Divided, divide
from .wording import MOST_BYTES

__all__ = ["ReadFile", "StoringText"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """One file of an input, counted; its text is read when it is needed."""

    seen: Counted | Skipped
    """The counted file, or why it was skipped."""

    source: Source | None = None
    """Where it is read again. None if it can be read only once."""

    stored: bytes | None = None
    """Its text in UTF-8, if it could be read only once and was not too long. None otherwise."""

    digest: bytes | None = None
    """Digest of a text that could be read only once. None if the file can be read again."""

    parts: Divided | None = None
    """Its sections, if they were found in another way than by its name: the messages of a request. None otherwise."""

    rules: Detection
    """How it is read."""

    def text(self) -> bytes | None:
        """Return its text in UTF-8; None if it is too long to be compared line by line, or gone."""
        if self.source is None:
            return self.stored
        if not isinstance(self.seen, Counted) or self.seen.bytes > MOST_BYTES:
            return None
        storing = StoringText(Reading(self.source, self.rules.rules, stdin=self.rules.stdin))
        try:
            for _ in storing:
                pass
        except NotText:
            return None
        return storing.stored

    def content(self) -> bytes:
        """Return a digest of its text; two files are the same if their digests are.

        Raises:
            NotText: it can no longer be read.
        """
        if self.digest is not None or self.source is None:
            return self.digest or b""
        storing = StoringText(Reading(self.source, self.rules.rules), most_bytes=0)
        for _ in storing:
            pass
        return storing.digest

    def raw_digest(self) -> bytes:
        """Return a digest of its bytes, whatever they are; empty if it cannot be read, as a link is not."""
        digest = blake2b()
        if self.source is not None:
            try:
                for block in Reading(self.source, Rules(text=True)).raw():
                    digest.update(block)
            except NotText:
                return b""
        return digest.digest()

    def divided(self, text: bytes) -> Divided:
        """Return its sections.

        Args:
            text: its text.
        """
        return self.parts or divide("" if self.seen.path == STDIN_NAME else self.seen.path, text)


class StoringText(WatchedText):
    """A text that is stored while it is read, if it is not too long."""

    def __init__(self, text: Text, most_bytes: int = MOST_BYTES) -> None:
        """Take the text; nothing is read yet."""
        super().__init__(text)
        self._most_bytes = most_bytes
        self._blocks: list[builtins.bytes] | None = []
        self._size = 0
        self._digest = blake2b()

    def __iter__(self) -> Iterator[builtins.bytes]:
        """Yield the text."""
        for block in self._text:
            self._size += len(block)
            self._digest.update(block)
            if self._size > self._most_bytes:
                self._blocks = None
            if self._blocks is not None:
                self._blocks.append(block)
            yield block

    @property
    def stored(self) -> builtins.bytes | None:
        """The text; None if it was too long."""
        return None if self._blocks is None else b"".join(self._blocks)

    @property
    def digest(self) -> builtins.bytes:
        """Digest of the text."""
        return self._digest.digest()
