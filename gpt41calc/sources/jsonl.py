"""Read JSON Lines as a stream; a line that cannot be read yields a skip with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ..tally import Skipped
from .strict_json import NotJson, parse_json

__all__ = ["MAX_LINE_BYTES", "Line", "Parsed", "lines", "parsed_lines"]

MAX_LINE_BYTES = 64 << 20
"""Longest line, in bytes, that is held in memory; no request with its pictures is as long."""

_ENDLESS_LINE_BYTES = 1 << 30
"""From this length on, in bytes, reading stops: the input may be endless, such as ``/dev/zero``."""

_MAX_LINES = 10_000_000
"""Most lines of one file. A busy service makes fewer requests per day, and the result of each is held in memory."""

_MAX_BAD_LINES = 100_000
"""Most bad lines of one file: each is reported, and a file with more of them is not JSON Lines."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """A line that is not blank."""

    number: int
    """Line number, from 1, counting blank lines."""

    raw: bytes
    """The line without its line end."""


class Parsed(NamedTuple):
    """A line with valid JSON."""

    number: int
    """Line number, from 1, counting blank lines."""

    value: Any
    """The parsed value."""

    bytes: int
    """Length of the line without its line end, in bytes."""


def lines(blocks: Iterable[bytes], name: str, *, max_line_bytes: int = MAX_LINE_BYTES) -> Iterator[Line | Skipped]:
    r"""Yield every line that is not blank, and a skip for every line that is too long.

    Only ``
    ``, with an optional ``\r`` before it, ends a line: other Unicode line separators may be part of a JSON string.

    Args:
        blocks: the bytes as they are read.
        name: the file, as the user wrote it.
        max_line_bytes: longest line that is held in memory.

    >>> [line.raw for line in lines([b'{"a":', b' 1}\r\n\n2'], "f.jsonl")]
    [b'{"a": 1}', b'2']
    """
    number = 0
    try:
        for number, raw in enumerate(_split(blocks, max_line_bytes), 1):
            if number > _MAX_LINES:
                yield Skipped(f"{name}:{number}", f"more than {_MAX_LINES:,} lines; {_NOT_READ}", expected=False)
                return
            if raw is None:
                yield Skipped(f"{name}:{number}", f"a line of more than {max_line_bytes:,} bytes", expected=False)
                continue
            line = raw.removeprefix(_BYTE_ORDER_MARK) if number == 1 else raw
            if line and not line.isspace():
                yield Line(number, line.removesuffix(b"\r"))
    except _EndlessLine:
        reason = f"a line of more than {_ENDLESS_LINE_BYTES:,} bytes; {_NOT_READ}"
        yield Skipped(f"{name}:{number + 1}", reason, expected=False)


_NOT_READ = "the rest was not read"


class _EndlessLine(Exception):
    """A line that may have no end."""


def parsed_lines(
    blocks: Iterable[bytes], name: str, *, max_line_bytes: int = MAX_LINE_BYTES
) -> Iterator[Parsed | Skipped]:
    """Yield the value of every line, and a skip with its reason for every line that cannot be read."""
    bad = 0
    for line in lines(blocks, name, max_line_bytes=max_line_bytes):
        if isinstance(line, Skipped):
            yield line
            continue
        try:
            yield Parsed(line.number, parse_json(line.raw), len(line.raw))
        except NotJson as error:
            yield Skipped(f"{name}:{line.number}", error.reason, expected=False)
            bad += 1
            if bad == _MAX_BAD_LINES:
                reason = f"after {bad:,} lines that cannot be read, {_NOT_READ}"
                yield Skipped(f"{name}:{line.number + 1}", reason, expected=False)
                return


def _split(blocks: Iterable[bytes], most: int) -> Iterator[bytes | None]:
    """Yield every line without its newline; None for a line that is too long.

    Raises:
        _EndlessLine: a line may be endless.
    """
    begun: list[bytes] = []
    held = 0
    for block in blocks:
        *ends, rest = block.split(b"\n")
        for end in ends:
            yield b"".join((*begun, end)) if held + len(end) <= most else None
            begun, held = [], 0
        held += len(rest)
        if held > _ENDLESS_LINE_BYTES:
            raise _EndlessLine
        if held <= most:
            begun.append(rest)
        else:
            begun.clear()
    if held:
        yield b"".join(begun) if held <= most else None
