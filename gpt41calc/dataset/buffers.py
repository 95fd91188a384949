"""The memory of an Arrow array of texts: where each begins, and the bytes of all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .arrow import numpy

if TYPE_CHECKING:
    import pyarrow

__all__ = ["bytes_of", "data_of", "offsets_of", "windows"]


def offsets_of(rows: pyarrow.LargeBinaryArray) -> Any:
    """Return where each text begins and the last one ends, as numbers of numpy; nothing is copied."""
    whole = numpy().frombuffer(rows.buffers()[1], dtype="int64")
    return whole[rows.offset : rows.offset + len(rows) + 1]


def data_of(rows: pyarrow.LargeBinaryArray) -> Any:
    """Return the bytes that the offsets point into, as numbers of numpy; nothing is copied."""
    buffer = rows.buffers()[2]
    return numpy().frombuffer(buffer, dtype="uint8") if buffer is not None else numpy().zeros(0, dtype="uint8")


def bytes_of(rows: pyarrow.LargeBinaryArray) -> bytes:
    """Return all texts, one behind the other."""
    offsets = offsets_of(rows)
    return bytes(memoryview(data_of(rows))[int(offsets[0]) : int(offsets[-1])])


def windows(rows: pyarrow.LargeBinaryArray, most_bytes: int) -> Iterator[tuple[int, pyarrow.LargeBinaryArray]]:
    """Yield rows in parts of so many bytes at most, each with the number of its first row; a longer row is one part."""
    np = numpy()
    if not len(rows):
        return
    offsets = offsets_of(rows)
    start = 0
    while start < len(rows):
        end = int(np.searchsorted(offsets, offsets[start] + most_bytes, side="right")) - 1
        end = min(max(end, start + 1), len(rows))
        yield start, rows.slice(start, end - start)
        start = end
