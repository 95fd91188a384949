"""Count the lines of a file with several processes if there are many; results keep the order of the lines."""

from __future__ import annotations

import marshal
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from typing import TYPE_CHECKING

from ...sources.jsonl import Line
from ...tally import Skipped
from .weigh import Weigher
from .weighed import WeighedLine

if TYPE_CHECKING:
    from ...counting.piece_workers import PieceWorkers

__all__ = ["weighed_lines"]

_FIRST_PART_BYTES = 1 << 16
"""Bytes of the first lines, which this process counts before there are workers: it loads all that they share."""

_PART_BYTES = 1 << 19
"""Bytes of lines handed to a worker at once: 5 ms of work."""

_LONGEST_PART_BYTES = 1 << 20

_RESULT_BYTES = 1 << 20


def weighed_lines(
    lines: Iterable[Line | Skipped], weigher: Weigher, pieces: PieceWorkers | None
) -> Generator[tuple[Line | Skipped, WeighedLine | None], None, None]:
    """Yield every line with its result; None for the result of a skipped line.

    Args:
        lines: the lines.
        weigher: counts a line.
        pieces: worker processes; None if this process does all of the work.
    """
    if pieces is None:
        for some in _together(lines):
            here = iter(weigher.weigh_all([line.raw for line in some if isinstance(line, Line)]))
            yield from ((line, next(here) if isinstance(line, Line) else None) for line in some)
        return
    reading: deque[list[Line | Skipped]] = deque()

    def parts() -> Iterator[bytes]:
        for some in _together(lines):
            reading.append(some)
            yield marshal.dumps([line.raw for line in some if isinstance(line, Line)])

    def weigh(part: bytes) -> bytes:
        raws = marshal.loads(part)  # noqa: S302 - written by this process
        return marshal.dumps(list(map(tuple, weigher.weigh_all(raws))))

    for result in pieces.in_order(parts(), weigh, part_bytes=_LONGEST_PART_BYTES, result_bytes=_RESULT_BYTES):
        weighed = iter(marshal.loads(result))  # noqa: S302 - written by this process or a copy of it
        for line in reading.popleft():
            yield line, WeighedLine(*next(weighed)) if isinstance(line, Line) else None


def _together(lines: Iterable[Line | Skipped]) -> Iterator[list[Line | Skipped]]:
    """Yield the lines in groups."""
    some: list[Line | Skipped] = []
    size, most = 0, _FIRST_PART_BYTES
    for line in lines:
        some.append(line)
        size += len(line.raw) if isinstance(line, Line) else 0
        if size >= most:
            yield some
            some, size, most = [], 0, _PART_BYTES
    if some:
        yield some
