"""Decode bytes to UTF-8 text, block by block, or say why they are not text."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import chain

from ..utf8 import valid_bytes

__all__ = ["Decoding", "NotText"]

# UTF-32 comes first: its little-endian mark begins with that of UTF-16.
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
    """A source that was found but cannot be counted, or should not be."""

    def __init__(self, reason: str, *, expected: bool) -> None:
        """Store the reason, and whether the user would expect the source to be left out."""
        super().__init__(reason)
        self.reason = reason
        self.expected = expected


class Decoding:
    """One decoding pass over bytes."""

    def __init__(self, *, as_text: bool, expected: bool) -> None:
        """Take the rules for decoding.

        Args:
            as_text: treat binary content as text.
            expected: whether the user would expect binary content to be left out.
        """
        self._as_text = as_text
        self._expected = expected
        self.lossy = False
        """Whether some bytes were not valid text."""

    def sniff(self, start: bytes) -> None:
        """Raise an error if the first bytes are binary, before anything is decoded.

        Raises:
            NotText: the content is binary.
        """
        if len(start) >= _LONGEST_MARK and not _mark(start)[0]:
            self._refuse_binary(start)

    def decoded(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield valid UTF-8 without a byte order mark; no character is split between two blocks.

        Raises:
            NotText: the content is binary.
        """
        first = next(blocks, b"")
        while 0 < len(first) < _LONGEST_MARK and (more := next(blocks, b"")):  # a pipe may deliver one byte at a time
            first += more
        mark, encoding = _mark(first)
        texts = chain([first[len(mark) :] if mark else first], blocks)
        for text in self._checked(texts) if encoding == "utf-8" else self._recoded(texts, encoding):
            if text:
                self._refuse_binary(text)
                yield text

    def _checked(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield UTF-8 unchanged, as long as it is valid."""
        cut = b""
        for block in blocks:
            text = cut + block if cut else block
            end = valid_bytes(text)
            if end is None:
                yield from self._recoded(chain([text], blocks), "utf-8")
                return
            text, cut = text[:end], text[end:]  # the same object, if it is complete
            yield text
        if cut:
            self.lossy = True
            yield cut.decode(errors="replace").encode()

    def _recoded(self, blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
        """Yield other encodings and partly invalid text as UTF-8."""
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        for block in blocks:
            yield self._decode(decoder, block).encode()
        yield self._decode(decoder, b"", final=True).encode()

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
        if b"\0" in text and not self._as_text:
            raise NotText("binary", expected=self._expected)


def _mark(first: bytes) -> tuple[bytes, str]:
    if first[:1] in _FIRST_OF_A_MARK:
        for mark, encoding in _BYTE_ORDER_MARKS:
            if first.startswith(mark):
                return mark, encoding
    return b"", "utf-8"
