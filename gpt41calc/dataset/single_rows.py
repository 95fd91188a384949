"""The few rows that gigatoken cannot be given: they are no UTF-8, or have characters that it cuts differently."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ..tokenizer.unicode_versions import UNSETTLED_RANGES, is_unsettled, may_be_unsettled
from ..utf8 import valid_bytes
from .arrow import numpy, pa
from .buffers import bytes_of, offsets_of, windows

if TYPE_CHECKING:
    import pyarrow

__all__ = ["single_rows"]

_WINDOW_BYTES = 1 << 20
"""So much stays in the processor's cache, and takes 4 MB as numbers of characters."""


def single_rows(rows: pyarrow.LargeBinaryArray) -> list[int]:
    """Return the numbers of such rows, rising.

    Nearly all text is cleared by searches for a few bytes, at GB/s. Where that is not enough, the characters are
    looked up in a table, at 200 MB/s: a batch of many languages has such a row nearly always.
    """
    return [start + at for start, window in windows(rows, _WINDOW_BYTES) for at in _in_window(window)]


def _in_window(rows: pyarrow.LargeBinaryArray) -> list[int]:
    raw = bytes_of(rows)
    if raw.isascii():
        return []
    if not _is_utf8(rows):
        return [at for at, row in enumerate(rows) if _is_single(row.as_py())]
    return _unsettled(raw, offsets_of(rows)) if may_be_unsettled(raw) else []


def _is_single(raw: bytes) -> bool:
    return valid_bytes(raw) != len(raw) or is_unsettled(raw)


def _unsettled(raw: bytes, offsets: Any) -> list[int]:
    np = numpy()
    points = np.frombuffer(raw.decode().encode("utf-32-le"), dtype="uint32")
    found = np.flatnonzero(_table()[points])
    if not found.size:
        return []
    is_continued = (np.frombuffer(raw, dtype="uint8") & 0xC0) == 0x80  # noqa: PLR2004 - how UTF-8 marks such bytes
    begins = np.flatnonzero(~is_continued)[found]
    numbers: list[int] = np.unique(np.searchsorted(offsets - offsets[0], begins, side="right") - 1).tolist()
    return numbers


@cache
def _table() -> Any:
    """Return for every code point whether it is unsettled; 1.1 MB."""
    table = numpy().zeros(0x110000, dtype=bool)
    for first, last in UNSETTLED_RANGES:
        table[first : last + 1] = True
    return table


def _is_utf8(rows: pyarrow.LargeBinaryArray) -> bool:
    """Say whether every row is UTF-8 by itself; 5 GB/s."""
    try:
        rows.cast(pa().large_string())
    except pa().ArrowInvalid:
        return False
    return True
