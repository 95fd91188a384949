"""Read files of JSON: one value a line, or one document that is written over several."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from ..errors import NoSuchPath, UsageError
from ..tally import STDIN_NAME, Skipped
from .jsonl import MAX_LINE_BYTES, parsed_lines
from .open_path import open_path, why
from .strict_json import NotJson, parse_json

__all__ = ["Record", "folder_of", "is_large", "records", "require_files", "usable"]

_STDIN = "-"
_BLOCK_BYTES = 1 << 20

_LARGE_BYTES = 64 << 10


@dataclass(frozen=True, slots=True)
class Record:
    """One value, and where it stands."""

    place: str
    """File and line, or file and position in a list."""

    value: Any
    """What the JSON stands for."""


def require_files(paths: list[str]) -> None:
    """Refuse what cannot be a file of records before any is read.

    Raises:
        NoSuchPath: there is no such file.
        UsageError: it is a folder, or standard input is named twice.
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
            raise NoSuchPath(message) from error
        except OSError:  # it exists and cannot be looked at: reading says why
            continue
        if stat.S_ISDIR(mode):
            message = f"{path}: a folder"
            raise UsageError(message, hint="name the files in it")


def folder_of(path: str) -> str:
    """Return the folder of a file, from which the paths in it are read."""
    return os.path.dirname(path) or "."


def is_large(path: str) -> bool:
    """Say whether it takes longer to count a file by looking tokens up than to load a vocabulary."""
    try:
        return path == _STDIN or os.stat(path).st_size > _LARGE_BYTES
    except OSError:
        return False


def usable(path: str, stdin: int, skipped: list[Skipped]) -> Iterator[Record]:
    """Yield every value of a file, and add what is none to ``skipped``."""
    for one in records(path, stdin):
        if isinstance(one, Skipped):
            skipped.append(one)
        else:
            yield one


def records(path: str, stdin: int) -> Iterator[Record | Skipped]:
    """Yield every value of a file, and a skip with its reason for all that is none.

    A file whose first line opens an object or a list and nothing more is one
    document; of a list, every item is a value. Any other file has a value a line.

    Args:
        path: the file; ``-`` is standard input.
        stdin: descriptor of standard input.
    """
    name = STDIN_NAME if path == _STDIN else path
    blocks = _blocks(path, stdin)
    try:
        begun = next(blocks, b"")
        while b"\n" not in begun.lstrip() and len(begun) < MAX_LINE_BYTES and (more := next(blocks, b"")):
            begun += more
        first = begun.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")[0].strip()
        if first in {b"{", b"["}:
            yield from _document(begun, blocks, name)
            return
        for one in parsed_lines(chain([begun], blocks), name):
            yield one if isinstance(one, Skipped) else Record(f"{name}:{one.number}", one.value)
    except OSError as error:
        yield Skipped(name, why(error), expected=False)


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


def _blocks(path: str, stdin: int) -> Iterator[bytes]:
    """Yield the bytes of a file as they are."""
    descriptor = stdin if path == _STDIN else open_path(path, os.O_RDONLY)
    try:
        while block := os.read(descriptor, _BLOCK_BYTES):
            yield block
    finally:
        if path != _STDIN:
            os.close(descriptor)
