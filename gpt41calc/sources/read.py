"""Read a source as UTF-8 text, block by block, without trusting it."""

from __future__ import annotations

import codecs
import os
import stat
import time
from collections.abc import Iterator
from itertools import chain

from .nouns import Rules, Source
from .opening import open_path, why

__all__ = ["NotText", "Reading"]

SNIFFED_BYTES = 8 << 10
"""A NUL byte in so many bytes at the start makes a file binary without reading the rest."""

BLOCK_BYTES = 4 << 20

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FIRST_OF_A_MARK = frozenset(mark[:1] for mark, _ in _BYTE_ORDER_MARKS)
_LONGEST_MARK = max(len(mark) for mark, _ in _BYTE_ORDER_MARKS)


class NotText(Exception):
    """A source that was seen and cannot be, or should not be, counted."""

    def __init__(self, reason: str, *, expected: bool) -> None:
        """Keep the reason, and whether the user would want the source left out."""
        super().__init__(reason)
        self.reason = reason
        self.expected = expected


class Reading:
    """One pass over a source; iterating yields valid UTF-8, without a byte order mark.

    Raises (while iterating):
        NotText: the source is binary, special, too large, unreadable or gone.
    """

    def __init__(self, source: Source, rules: Rules, *, stdin: int = 0) -> None:
        """Remember what to read; nothing is opened yet."""
        self._source = source
        self._rules = rules
        self._stdin = stdin
        self.bytes = 0
        """How many bytes were read."""
        self.lossy = False
        """Whether some of them were no text."""
        self.status: os.stat_result | None = None
        """What the system said of the file before it was read."""
        self.asked_ns = 0
        """When it said so, in nanoseconds since 1970."""

    def __iter__(self) -> Iterator[bytes]:
        """Yield the text in blocks; a character never lies across two of them."""
        try:
            yield from self._decoded(self._blocks())
        except OSError as error:
            raise NotText(why(error), expected=False) from error

    def _blocks(self) -> Iterator[bytes]:
        if self._source.path is None:
            yield from self._read(self._stdin, BLOCK_BYTES)
            return
        descriptor = _open(self._source, self._rules)
        try:
            # Before it is read: whatever changes from here on changes what the system says, too.
            self.asked_ns = time.time_ns()
            self.status = os.fstat(descriptor)
            yield from self._read(descriptor, self.status.st_size + 1)
        finally:
            os.close(descriptor)

    def _read(self, descriptor: int, expected_bytes: int) -> Iterator[bytes]:
        """Yield what there is, a short file in one block; what begins as binary is not read further."""
        start = self._take(descriptor, SNIFFED_BYTES)
        if len(start) >= _LONGEST_MARK and not _mark(start)[0]:
            self._refuse_binary(start)
        # As much as there is, and one byte more: a larger buffer would cost more than the reading.
        rest = self._take(descriptor, min(max(expected_bytes - len(start), 1), BLOCK_BYTES))
        yield start + rest
        while rest:
            rest = self._take(descriptor, BLOCK_BYTES)
            yield rest

    def _take(self, descriptor: int, most: int) -> bytes:
        taken = os.read(descriptor, most)
        self.bytes += len(taken)
        limit = self._rules.max_bytes
        if limit is not None and self.bytes > limit:
            # Of a folder it is what was asked for; a file that was named was to be counted.
            message = f"larger than {limit:,} bytes"
            raise NotText(message, expected=not self._source.named)
        return taken

    def _decoded(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        first = next(blocks, b"")
        while 0 < len(first) < _LONGEST_MARK and (more := next(blocks, b"")):  # a pipe may give a byte at a time
            first += more
        mark, encoding = _mark(first)
        decoder: codecs.IncrementalDecoder | None = None
        for block in chain([first[len(mark) :] if mark else first], blocks):
            text = block
            # Most files are ASCII from end to end, and then nothing need be decoded at all.
            if decoder is not None or encoding != "utf-8" or not block.isascii():
                decoder = decoder or codecs.getincrementaldecoder(encoding)("strict")
                text = self._decode(decoder, block).encode()
            if text:
                self._refuse_binary(text)
                yield text
        if decoder is not None and (last := self._decode(decoder, b"", final=True)):
            yield last.encode()

    def _decode(self, decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> str:
        before = decoder.getstate()
        try:
            return decoder.decode(block, final)
        except UnicodeDecodeError:
            self.lossy = True
            decoder.errors = "replace"
            decoder.setstate(before)
            return decoder.decode(block, final)

    def _refuse_binary(self, text: bytes) -> None:
        if b"\0" in text and not self._rules.text:
            raise NotText("binary", expected=not self._source.named)


def _mark(first: bytes) -> tuple[bytes, str]:
    if first[:1] in _FIRST_OF_A_MARK:
        for mark, encoding in _BYTE_ORDER_MARKS:
            if first.startswith(mark):
                return mark, encoding
    return b"", "utf-8"


def _open(source: Source, rules: Rules) -> int:
    """Open a file without being caught by what only looks like one.

    A file found by walking is opened without waiting, so that a pipe put in
    its place cannot block. A named pipe is opened with waiting: the user
    asked for it, and ``<(git show X)`` is one.
    """
    path = source.path or ""
    mode = os.stat(path).st_mode if source.named else stat.S_IFREG
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise NotText("a device", expected=False)
    if stat.S_ISSOCK(mode):
        raise NotText("a socket", expected=False)
    flags = os.O_RDONLY
    if not source.named:
        flags |= getattr(os, "O_NONBLOCK", 0)
        flags |= 0 if rules.follow else getattr(os, "O_NOFOLLOW", 0)
    descriptor = open_path(path, flags)
    kind = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(kind) and not (source.named and stat.S_ISFIFO(kind)):
        os.close(descriptor)
        raise NotText("no longer a regular file", expected=False)
    return descriptor
