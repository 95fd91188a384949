"""Find log files in folders, in the layout of coding agents: one folder per project, one file per session."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..tally import Skipped
from .open_path import why

__all__ = ["LogFile", "find_logs"]

_ENDINGS = (".jsonl", ".ndjson", ".json")
_PACKED = ("", ".gz", ".zst")


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log file to read."""

    path: str
    """Path of the file; ``-`` is standard input."""

    is_named: bool = True
    """Whether the user named the file itself, not a folder that contains it."""

    session: str | None = None
    """Name of the file without its endings; None for standard input."""

    project: str | None = None
    """Name of the folder that contains a found file; None for a named file."""


def find_logs(paths: Sequence[str]) -> Iterator[LogFile | Skipped]:
    """Yield named files, and the logs below named folders in the order of their names; each file once.

    A named file is always read. In folders, JSON files are logs (``.jsonl``, ``.ndjson``, ``.json``, also followed by
    ``.gz`` or ``.zst``), including hidden ones: agents store them in hidden folders. Links to folders are not followed.
    """
    seen: set[tuple[int, int]] = set()
    for path in paths:
        if path != "-" and os.path.isdir(path):
            for one in _below(path):
                if isinstance(one, Skipped) or _is_new(one.path, seen):
                    yield one
        elif path == "-" or _is_new(path, seen):
            name = os.path.basename(path)
            yield LogFile(path, session=None if path == "-" else _stem(name) or name)


def _is_new(path: str, seen: set[tuple[int, int]]) -> bool:
    try:
        status = os.stat(path)
    except OSError:  # reading it gives the reason
        return True
    key = (status.st_dev, status.st_ino)
    if key in seen:
        return False
    seen.add(key)
    return True


def _below(folder: str) -> Iterator[LogFile | Skipped]:
    failures: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=failures.append):
        folders.sort()
        while failures:
            yield _failed(failures.pop(), folder)
        for name in sorted(files):
            if stem := _stem(name):
                project = os.path.basename(os.path.abspath(parent))
                yield LogFile(os.path.join(parent, name), is_named=False, session=stem, project=project)
    while failures:
        yield _failed(failures.pop(), folder)


def _failed(error: OSError, folder: str) -> Skipped:
    return Skipped(os.fsdecode(error.filename or folder), why(error), expected=False)


def _stem(name: str) -> str:
    """Return the name of a log without its endings; empty if it is not a log.

    >>> _stem("rollout.jsonl.gz"), _stem("notes.txt")
    ('rollout', '')
    """
    lower = name.lower()
    return next((name[: -len(end)] for end in _LONGEST_FIRST if lower.endswith(end) and len(name) > len(end)), "")


_LONGEST_FIRST = tuple(sorted((one + two for one in _ENDINGS for two in _PACKED), key=len, reverse=True))
