"""Read JSON files with one value per line, or with one document over several lines."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from ..errors import NoSuchPath, UsageError
from ..tally import STDIN_NAME, Skipped
from .decompress import NotReadable, as_utf8
from .jsonl import MAX_LINE_BYTES, Line, lines
from .open_path import open_path, why
from .strict_json import NotJson, parse_json

__all__ = [
    "Record",
    "file_bytes",
    "folder_of",
    "is_large",
    "read_bytes",
    "records",
    "require_files",
    "usable",
    "value_lines",
]

_STDIN = "-"
_BLOCK_BYTES = 1 << 20

_LARGE_BYTES = 64 << 10


class Record(NamedTuple):
    """One JSON value with its location."""

    place: str
    """File and line, or file and position in a list."""

    value: Any
    """The parsed value."""


def require_files(paths: list[str], *, takes_folders: bool = False) -> None:
    """Raise an error for paths that cannot be files of records, before any is read.

    Args:
        paths: the named paths.
        takes_folders: whether folders are allowed, for the files in them.

    Raises:
        NoSuchPath: a file does not exist.
        UsageError: a path is a folder, or standard input is named twice.
    """
    if paths.count(_STDIN) > 1:
        raise UsageError("standard input can be read only once")
    for path in paths:
        if path == _STDIN:
            continue
        try:
            mode = os.stat(path).st_mode
        except (FileNotFoundError, NotADirectoryError, ValueError) as error:
            message = f"{path}: no such file or directory"
            missing = NoSuchPath(message)
            missing.path = path
            raise missing from error
        except OSError:  # it exists but is not accessible: reading it gives the reason
            continue
        if stat.S_ISDIR(mode) and not takes_folders:
            message = f"{path}: a folder"
            raise UsageError(message, hint="name the files in it")


def folder_of(path: str) -> str:
    """Return the folder of a file, to which paths in the file are relative."""
    return os.path.dirname(path) or "."


def is_large(path: str) -> bool:
    """Return whether counting a file by look-up takes longer than loading a vocabulary."""
    try:
        return path == _STDIN or os.stat(path).st_size > _LARGE_BYTES
    except OSError:
        return False


def usable(
    path: str, stdin: int, skipped: list[Skipped], *, observe: Callable[[int], None] = lambda _bytes: None
) -> Iterator[Record]:
    """Yield every value of a file, and add skipped lines to ``skipped``; ``observe`` as for :func:`records`."""
    for one in records(path, stdin, observe=observe):
        if isinstance(one, Skipped):
            skipped.append(one)
        else:
            yield one


def records(
    path: str, stdin: int, *, has_items: bool = False, observe: Callable[[int], None] = lambda _bytes: None
) -> Iterator[Record | Skipped]:
    """Yield every value of a file, and a skip with its reason for everything that is not a value.

    A file whose first line opens an object or a list and does not close it is
    one document; of a list, every item is a value. Any other file has a value a
    line, or a ``data:`` line for each event that a server sent. UTF-16, UTF-32,
    gzip and Zstandard are undone.

    Args:
        path: the file; ``-`` is standard input.
        stdin: descriptor of standard input.
        has_items: whether a list that is written on one line stands for its
            items, too, and not for a value of its own.
        observe: is told again and again how many bytes of the file were read.
    """
    name = STDIN_NAME if path == _STDIN else path
    blocks = as_utf8(_observed(_blocks(path, stdin), observe))
    try:
        begun = _with_first_line(blocks)
        first = begun.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")[0].strip()
        if has_items and first.startswith(b"["):
            yield from _items(chain([begun], blocks), name)
        elif first[:1] in {b"{", b"["} and first[-1:] in {b"{", b"[", b","}:
            yield from _document(begun, blocks, name)
        else:
            yield from _lines(chain([begun], blocks), name)
    except NotReadable as error:
        yield Skipped(name, error.reason, expected=False)
    except OSError as error:
        yield Skipped(name, why(error), expected=False)


def _with_first_line(blocks: Iterator[bytes]) -> bytes:
    """Return the beginning of a file, up to the block with the end of its first line, unless that is too long."""
    begun = next(blocks, b"")
    while b"\n" not in begun.lstrip() and len(begun) < MAX_LINE_BYTES and (more := next(blocks, b"")):
        begun += more
    return begun


_EVENT_FIELDS = (b"event:", b"id:", b"retry:", b":")
"""What begins the lines of server-sent events that carry no data."""

_DONE = b"[DONE]"
"""The last event of OpenAI's streams."""


def _lines(blocks: Iterator[bytes], name: str) -> Iterator[Record | Skipped]:
    for line in lines(blocks, name):
        if isinstance(line, Skipped):
            yield line
            continue
        raw = line.raw
        if raw.startswith(_EVENT_FIELDS):
            continue
        if raw.startswith(b"data:"):
            raw = raw[len(b"data:") :].strip()
            if raw in {b"", _DONE}:
                continue
        yield _record(Line(line.number, raw), f"{name}:{line.number}")


def _record(line: Line, place: str) -> Record | Skipped:
    try:
        return Record(place, parse_json(line.raw))
    except NotJson as error:
        return Skipped(place, error.reason, expected=False)


def _items(blocks: Iterator[bytes], name: str) -> Iterator[Record | Skipped]:
    from .json_array import BadArray, array_items

    try:
        for position, raw in enumerate(array_items(blocks, MAX_LINE_BYTES)):
            yield _record(Line(0, raw), f"{name}[{position}]")
    except BadArray as error:
        yield Skipped(name, error.reason, expected=False)


def value_lines(
    blocks: Iterator[bytes], name: str, *, is_value: Callable[[bytes], bool] = lambda _line: False
) -> Iterator[Line | Skipped]:
    """Yield the values of a file that has one value per line, or is one list of values.

    Args:
        blocks: the bytes as they are read; UTF-16 and UTF-32 are decoded.
        name: the file, as the user wrote it.
        is_value: returns whether a first line that opens a list is a value itself, and not a list of values.
    """
    from .json_array import BadArray, array_items

    blocks = as_utf8(blocks)
    try:
        begun = _with_first_line(blocks)
        whole = chain([begun], blocks)
        head = begun.removeprefix(b"\xef\xbb\xbf").lstrip()
        if head.startswith(b"[") and not is_value(head.partition(b"\n")[0]):
            for number, raw in enumerate(array_items(whole, MAX_LINE_BYTES), 1):
                yield Line(number, raw)
        else:
            yield from lines(whole, name)
    except (BadArray, NotReadable) as error:
        yield Skipped(name, error.reason, expected=False)


def read_bytes(path: str, stdin: int) -> bytes:
    """Return a whole file as UTF-8, decompressed.

    Args:
        path: the file; ``-`` is standard input.
        stdin: descriptor of standard input.

    Raises:
        UsageError: the file cannot be read, or is too long for a document.
    """
    name = STDIN_NAME if path == _STDIN else path
    held = bytearray()
    try:
        for block in as_utf8(_blocks(path, stdin)):
            held += block
            if len(held) > MAX_LINE_BYTES:
                message = f"{name}: a document of more than {MAX_LINE_BYTES:,} bytes"
                raise UsageError(message)
    except (NotReadable, OSError) as error:
        reason = error.reason if isinstance(error, NotReadable) else why(error)
        message = f"{name}: {reason}"
        raise UsageError(message) from error
    return bytes(held)


def _document(begun: bytes, rest: Iterator[bytes], name: str) -> Iterator[Record | Skipped]:
    held = [begun]
    length = len(begun)
    for block in rest:
        held.append(block)
        length += len(block)
        if length > MAX_LINE_BYTES:
            yield Skipped(name, f"a document of more than {MAX_LINE_BYTES:,} bytes", expected=False)
            return
    try:
        value = parse_json(b"".join(held))
    except NotJson as error:
        yield Skipped(name, error.reason, expected=False)
        return
    if isinstance(value, list):
        yield from (Record(f"{name}[{position}]", item) for position, item in enumerate(value))
    else:
        yield Record(name, value)


def file_bytes(path: str) -> int:
    """Return the length of a file in bytes; 0 if it is not known, as for a pipe."""
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _observed(blocks: Iterator[bytes], observe: Callable[[int], None]) -> Iterator[bytes]:
    read = 0
    for block in blocks:
        read += len(block)
        observe(read)
        yield block


def _blocks(path: str, stdin: int) -> Iterator[bytes]:
    """Yield the bytes of a file unchanged."""
    descriptor = stdin if path == _STDIN else open_path(path, os.O_RDONLY)
    try:
        while block := os.read(descriptor, _BLOCK_BYTES):
            yield block
    finally:
        if path != _STDIN:
            os.close(descriptor)
