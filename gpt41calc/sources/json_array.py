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
    held = b""
    start = at = 0
    depth = 0
    is_in_string = False
    ended = True
    for block in blocks:
        held = held[start:] + block if start else held + block
        at -= start
        start = 0
        while True:
            if is_in_string:
                found = _STRING_ENDS.search(held, at)
                if found is None:
                    at = len(held)
                    break
                if found[0] == b"\\":
                    if found.end() >= len(held):
                        at = found.start()
                        break
                    at = found.end() + 1
                else:
                    is_in_string, at = False, found.end()
                continue
            found = _MARKS.search(held, at)
            if found is None:
                at = len(held)
                break
            at = found.end()
            mark = found[0]
            if depth == 0:
                if mark != b"[" or held[start : found.start()].removeprefix(_BYTE_ORDER_MARK).strip(_SPACE):
                    raise BadArray("not JSON: something else follows a list")
                depth, start, ended = 1, at, False
            elif mark == b'"':
                is_in_string = True
            elif mark in b"[{":
                depth += 1
            elif mark in b"]}" and depth > 1:
                depth -= 1
            elif depth == 1 and mark in b",]":
                item = held[start : found.start()].strip(_SPACE)
                if item or mark == b",":
                    yield item
                start = at
                if mark == b"]":
                    depth, ended = 0, True
            elif depth == 1:
                raise BadArray("not JSON: a brace that was not opened")
        if at - start > max_item_bytes:
            message = f"an item of more than {max_item_bytes:,} bytes"
            raise BadArray(message)
    if not ended or is_in_string:
        raise BadArray("not JSON: it ends in the middle of a value")
    if held[start:].strip(_SPACE):
        raise BadArray("not JSON: something else follows a list")
