"""The items of a JSON array, one at a time: an export of gigabytes is not held in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["BadArray", "array_items"]

_MARKS = re.compile(rb'[\[\]{},"]')
_STRING_ENDS = re.compile(rb'["\\]')
_SPACE = b" \t\r\n"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class BadArray(Exception):
    """What is no array, or breaks off, with the reason."""

    def __init__(self, reason: str) -> None:
        """Keep the reason: a lower-case phrase."""
        super().__init__(reason)
        self.reason = reason


def array_items(blocks: Iterator[bytes], max_item_bytes: int) -> Iterator[bytes]:
    r"""Yield every item of an array as it is written, and those of further arrays behind it.

    Only brackets, commas and quotes are looked at: whether an item is JSON is
    for its reader to say.

    Args:
        blocks: UTF-8, in pieces of any size.
        max_item_bytes: how much of one item is held in memory.

    Raises:
        BadArray: it breaks off, an item is too long, or something else follows.

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
    """What is held of an array between two blocks."""

    def __init__(self) -> None:
        self._held = b""
        self._start = 0
        """Where the item at hand begins."""
        self._at = 0
        """Up to where brackets and quotes were looked at."""
        self._depth = 0
        """How many brackets are open; 0: none, 1: that of the array itself."""
        self._is_in_string = False

    @property
    def held_bytes(self) -> int:
        """How long the item at hand is so far."""
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
        """Refuse an array that is not closed, and what follows one that is."""
        if self._depth:
            raise BadArray("not JSON: it ends in the middle of a value")
        self._require_space(len(self._held))

    def _ends_string(self) -> bool:
        """Go behind the string at hand, and say whether it ends in what is held."""
        while found := _STRING_ENDS.search(self._held, self._at):
            if found[0] == b'"':
                self._is_in_string, self._at = False, found.end()
                return True
            if found.end() >= len(self._held):  # what is escaped comes with the next block
                self._at = found.start()
                return False
            self._at = found.end() + 1
        self._at = len(self._held)
        return False

    def _item(self, mark: bytes, position: int) -> bytes | None:
        """Take a bracket, comma or quote, and return the item that ends with it; None if none does."""
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
