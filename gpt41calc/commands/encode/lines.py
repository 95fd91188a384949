"""Token ids as a line of numbers, and as a JSON document, while they come."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator

__all__ = ["as_document", "as_line"]

_AT_ONCE = 1 << 14
"""Ids that are written at once: as text they take a hundred times the memory."""


def as_line(ids: Iterable[array[int]]) -> Iterator[bytes]:
    r"""Yield a line of ids that are separated by blanks.

    >>> b"".join(as_line([array("I", [1, 2]), array("I", [3])]))
    b'1 2 3\n'
    """
    yield from _joined(ids, " ")
    yield b"\n"


def as_document(ids: Iterable[array[int]], head: dict[str, object]) -> Iterator[bytes]:
    """Yield a JSON document: the keys of a head, the ids, and their number, which is known last."""
    yield json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}").encode() + b',\n  "ids": ['
    count = 0

    def counted() -> Iterator[array[int]]:
        nonlocal count
        for block in ids:
            count += len(block)
            yield block

    yield from _joined(counted(), ", ")
    yield f'],\n  "tokens": {count}\n}}\n'.encode()


def _joined(ids: Iterable[array[int]], separator: str) -> Iterator[bytes]:
    before = ""
    for block in ids:
        for at in range(0, len(block), _AT_ONCE):
            yield (before + separator.join(map(str, block[at : at + _AT_ONCE]))).encode()
            before = separator
