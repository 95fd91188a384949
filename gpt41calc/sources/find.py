"""Turn the paths given by the user into sources to read."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from typing import IO

from ..errors import NoSuchPath, UsageError
from ..tally import STDIN_NAME, Skipped
from .open_path import why
from .source import Rules, Source

__all__ = ["as_shown", "default_paths", "gather", "listed_paths"]

_STDIN = "-"
_NO_NAME = "''"


def default_paths(stdin: int) -> list[str]:
    """Return the default input: standard input if it is a pipe or a regular file, else the current folder."""
    try:
        mode = os.fstat(stdin).st_mode
    except OSError:
        return ["."]
    return [_STDIN] if stat.S_ISFIFO(mode) or stat.S_ISREG(mode) else ["."]


def listed_paths(list_file: str, stdin: int, *, null: bool) -> list[str]:
    """Return the paths in a list, one per line or NUL-separated, from a file or from standard input.

    Raises:
        UsageError: the list cannot be read, is too long, or has NUL bytes although lines are expected.
    """
    try:
        with open(stdin if list_file == _STDIN else list_file, "rb", closefd=list_file != _STDIN) as file:
            listed = list(_listed(file, list_file, null=null))
    except OSError as error:
        message = f"cannot read the list of paths '{list_file}': {why(error)}"
        raise UsageError(message) from error
    if not null:
        _require_plain_names(listed, list_file)
    return listed


def _require_plain_names(listed: Iterable[str], list_file: str) -> None:
    """Raise an error for a list whose lines are not plain names, because of the program that wrote it.

    Raises:
        NoSuchPath: a line has a Windows line end, or is quoted in git's style, and there is no file of that name.
    """
    for path in listed:
        if path.endswith("\r") and not os.path.lexists(path):
            message = f"{path[:-1]}: no such file or directory under this name and a carriage return"
            hint = f"{_named(list_file)} has Windows line ends: write it with LF alone, as tr -d '\\r' does"
            raise NoSuchPath(message, hint=hint)
        if len(path) > 1 and path[0] == path[-1] == '"' and not os.path.lexists(path):
            message = f"{path}: no such file or directory"
            hint = "git quotes such names: list them with -z and read them with -0, as git ls-files -z does"
            raise NoSuchPath(message, hint=hint)


def _named(list_file: str) -> str:
    return "the list" if list_file == _STDIN else list_file


def _listed(file: IO[bytes], name: str, *, null: bool) -> Iterator[str]:
    """Yield the paths of a list while it is read.

    Raises:
        UsageError: as for ``listed_paths``; the message names the line.
    """
    end, unit = (b"\0", "path") if null else (b"\n", "line")
    number = paths = size = 0
    rest = b""
    while block := file.read(_BLOCK_BYTES):
        if not null and b"\0" in block:
            message = f"the list of paths '{name}' holds NUL bytes"
            raise UsageError(message, hint="give -0 as well if the paths are separated by them")
        *found, rest = (rest + block).split(end)
        size += len(block)
        paths += sum(map(bool, found))
        longest = max(map(len, (*found, rest)))
        if size > _MAX_LIST_BYTES or paths > _MAX_PATHS or longest > _MAX_PATH_BYTES:
            at = number + next((at for at, path in enumerate(found, 1) if len(path) > _MAX_PATH_BYTES), len(found) + 1)
            reason = (
                f"a path of more than {_MAX_PATH_BYTES:,} bytes"
                if longest > _MAX_PATH_BYTES
                else f"more than {_MAX_PATHS:,} paths, or {_MAX_LIST_BYTES:,} bytes of them"
            )
            message = f"the list of paths '{name}': {unit} {at:,}: {reason}"
            raise UsageError(message, hint="name folders instead, or divide the list")
        number += len(found)
        yield from map(_listed_path, filter(None, found))
    yield from map(_listed_path, filter(None, [rest]))


def _listed_path(path: bytes) -> str:
    # "./-", so that a file named "-" in a list is not standard input.
    return "./-" if path == b"-" else os.fsdecode(path)


_BLOCK_BYTES = 1 << 20

_MAX_PATHS = 1_000_000
"""Most paths in one list. The result of each takes half a kilobyte of memory; for folders, git can list more."""

_MAX_LIST_BYTES = 1 << 27
"""Longest list, in bytes, so that an endless one, such as /dev/zero, does not use up the memory."""

_MAX_PATH_BYTES = 1 << 16
"""Longest path in a list, in bytes. Linux accepts 4,096 at once; longer ones are opened folder by folder."""


def gather(paths: Iterable[str], rules: Rules) -> list[Source | Skipped]:
    """Return all sources for the given paths, each once, in the order of the arguments.

    Raises:
        NoSuchPath: a named path does not exist; nothing was read yet.
        UsageError: a glob pattern is invalid, or the current folder was deleted.
    """
    kinds = [(path, _kind(path)) for path in paths]
    if any(path != _STDIN and not os.path.isabs(path) for path, _ in kinds):
        _require_current_folder()
    if len(kinds) == 1:  # a single walk finds nothing twice
        return list(_found(*kinds[0], rules))
    # Named paths come first: they must be counted or fail, even if a walk also finds them.
    named = {_key(path) for path, kind in kinds if not stat.S_ISDIR(kind) and path != _STDIN}
    seen: set[str] = set()
    return [one for path, kind in kinds for one in _found(path, kind, rules) if _is_new(one, seen, named)]


def _require_current_folder() -> None:
    """Raise an error if the current folder was deleted: it can still be listed, and would count as empty."""
    try:
        os.getcwd()
    except OSError as error:
        message = f"the current folder: {why(error)}"
        raise NoSuchPath(message) from error


def _kind(path: str) -> int:
    """Return the file type of a named path, after following links.

    Raises:
        NoSuchPath: the path does not exist.
        UsageError: the text cannot be a path.
    """
    if path == _STDIN:
        return stat.S_IFIFO
    try:
        return stat.S_IFMT(os.stat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError) as error:
        reason = "a broken symbolic link" if os.path.lexists(path) else "no such file or directory"
        raise _missing(path, reason) from error
    except ValueError as error:
        message = f"{path}: not the name of a file"
        raise UsageError(message) from error
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG and len(os.path.basename(path)) > _LONGEST_SHOWN:
            raise _missing(path, "no such file or directory") from error
        return stat.S_IFREG  # it exists but is not accessible: reading it gives the reason


def _missing(path: str, reason: str) -> NoSuchPath:
    shown = path if len(path) <= _LONGEST_SHOWN else f"{path[:_LONGEST_SHOWN]}…"
    error = NoSuchPath(f"{shown or _NO_NAME}: {reason}")
    error.path = path
    return error


_LONGEST_SHOWN = 200
"""Most characters of a path in a message: a text may have been given as a path by mistake."""


def _found(path: str, kind: int, rules: Rules) -> Iterator[Source | Skipped]:
    if path == _STDIN:
        yield Source(STDIN_NAME, None, named=True)
    elif stat.S_ISDIR(kind):
        from .walk import walk  # imports pathspec and subprocess, which a prompt in a pipe does not need

        yield from walk(as_shown(path), rules)
    else:
        yield Source(as_shown(path), path, named=True)


def _is_new(one: Source | Skipped, seen: set[str], named: set[str]) -> bool:
    """Return whether a path is new; hard links and symbolic links count as separate paths."""
    key = STDIN_NAME if one.path is None else _key(one.path)
    is_named = isinstance(one, Source) and one.named
    if key in seen or (key in named and not is_named):
        return False
    seen.add(key)
    return True


def _key(path: str) -> str:
    """Return a key that is the same for all spellings of a path."""
    if ".." not in path.split(os.sep):
        return os.path.abspath(path)
    # After a symbolic link, ".." leads to another folder than the spelling suggests.
    folder, name = os.path.split(path)
    return os.path.join(os.path.realpath(folder), name)


def as_shown(path: str) -> str:
    """Return a path as shown in reports."""
    slashed = path.replace("\\", "/") if sys.platform == "win32" else path
    return _HERE.sub("", slashed) or "."


_HERE = re.compile(r"\A(?:\./+)+")
"""A prefix for the current folder; the rest of ".//a" must not become "/a"."""
