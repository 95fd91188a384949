"""Read the items of a JSON array one at a time, so that an export of gigabytes is not held in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["BadArray", "array_items"]

_MARKS = re.compile(rb'[\[\]{},"]')
_STRING_ENDS = re.compile(rb'["\\]')
_SPACE = b" \t\r\n"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class BadArray(Exception):
    """Text that is not an array, or an incomplete one, with the reason."""

    def __init__(self, reason: str) -> None:
        """Store the reason, a lower-case phrase."""
        super().__init__(reason)
        self.reason = reason


def array_items(blocks: Iterator[bytes], max_item_bytes: int) -> Iterator[bytes]:
    r"""Yield the raw text of every item of an array, and of further arrays after it.

    Only brackets, commas and quotes are examined: the caller parses the items.

    Args:
        blocks: UTF-8, in pieces of any size.
        max_item_bytes: longest accepted item.

    Raises:
        BadArray: the array is incomplete, an item is too long, or other text follows.

    >>> list(array_items(iter([b'[{"a": "]"}', b', 1]\n[2]']), 100))
    [b'{"a": "]"}', b'1', b'2']
    """
    splitter = _Splitter()
    for block in blocks:
        yield from splitter.take(block)
        if splitter.held_bytes > max_item_bytes:
            message = f"an item of more than {max_item_bytes:,} bytes"
            raise BadArray(message)
    splitter.end()


class _Splitter:
    """The part of an array that is held between two blocks."""

    def __init__(self) -> None:
        self._held = b""
        self._start = 0
        """Offset where the current item begins."""
        self._at = 0
        """Offset up to which brackets and quotes were examined."""
        self._depth = 0
        """Number of open brackets; 0 outside the array, 1 directly inside it."""
        self._is_in_string = False

    @property
    def held_bytes(self) -> int:
        """Length of the current item so far, in bytes."""
        return len(self._held) - self._start

    def take(self, block: bytes) -> Iterator[bytes]:
        """Yield the items that end in a block."""
        self._held = self._held[self._start :] + block
        self._at -= self._start
        self._start = 0
        while True:
            if self._is_in_string and not self._ends_string():
                return
            found = _MARKS.search(self._held, self._at)
            if found is None:
                self._at = len(self._held)
                return
            self._at = found.end()
            item = self._item(found[0], found.start())
            if item is not None:
                yield item

    def end(self) -> None:
        """Raise an error for an array that is not closed, or for text after it."""
        if self._depth:
            raise BadArray("not JSON: it ends in the middle of a value")
        self._require_space(len(self._held))

    def _ends_string(self) -> bool:
        """Move past the current string, and return whether its end is in the buffer."""
        while found := _STRING_ENDS.search(self._held, self._at):
            if found[0] == b'"':
                self._is_in_string, self._at = False, found.end()
                return True
            if found.end() >= len(self._held):  # the escaped character comes with the next block
                self._at = found.start()
                return False
            self._at = found.end() + 1
        self._at = len(self._held)
        return False

    def _item(self, mark: bytes, position: int) -> bytes | None:
        """Process a bracket, comma or quote, and return the item that ends with it; None if none does."""
        if mark == b'"' and self._depth:
            self._is_in_string = True
        elif not self._depth:
            self._open(mark, position)
        elif mark in b"[{":
            self._depth += 1
        elif self._depth > 1:
            self._depth -= mark in b"]}"
        elif mark == b"}":
            raise BadArray("not JSON: a brace that was not opened")
        else:
            item = self._held[self._start : position].strip(_SPACE)
            self._start = self._at
            self._depth -= mark == b"]"
            return item if item or mark == b"," else None
        return None

    def _open(self, mark: bytes, position: int) -> None:
        if mark != b"[":
            raise BadArray(_MORE)
        self._require_space(position)
        self._depth, self._start = 1, self._at

    def _require_space(self, end: int) -> None:
        if self._held[self._start : end].removeprefix(_BYTE_ORDER_MARK).strip(_SPACE):
            raise BadArray(_MORE)


_MORE = "not JSON: something else follows a list"
