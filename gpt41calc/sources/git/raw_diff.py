"""Parse git's raw diff format."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from . import client
from .blobs import Blob
from .change import Change, change_of
from .index import index_environment
from .repository import Repository, pathspec
from .revisions import Commit

__all__ = ["RawChange", "committed_changes", "joined_changes", "raw_change", "staged_changes"]


@dataclass(frozen=True, slots=True)
class RawChange:
    """One record of a raw diff, complete."""

    letter: str
    """Git's letter for the kind of change."""

    path: str
    """Path after the change."""

    old_path: str
    """Path before the change, usually the same."""

    before: Blob | None
    """The object before the change. None if the file was added."""

    after: Blob | None
    """The object after the change. None if the file was removed."""

    def as_change(self) -> Change | None:
        """Return the change, or None if only permissions differ."""
        return change_of(self.path, self.old_path, self.before, self.after)


def committed_changes(
    repository: Repository, before: Commit, after: Commit, below: tuple[str, ...]
) -> Iterator[RawChange]:
    """Yield the differences between two commits."""
    return _compared(repository, ("diff-tree", "-r"), (before.hash, after.hash), below)


def staged_changes(repository: Repository, before: Commit, below: tuple[str, ...]) -> list[RawChange]:
    """Return the differences between a commit and the index."""
    # A file that was only announced (git add -N) is not staged.
    command = ("diff-index", "--cached", "--ita-invisible-in-index")
    return list(_compared(repository, command, (before.hash,), below))


def joined_changes(raw: Iterable[RawChange]) -> Iterator[Change]:
    """Yield the changes of those records that are not only about permissions."""
    return (change for one in raw if (change := one.as_change()) is not None)


def _compared(
    repository: Repository, command: tuple[str, ...], sides: tuple[str, ...], below: tuple[str, ...]
) -> Iterator[RawChange]:
    """Yield git's records of the differences between two sides."""
    # In a partial clone, git would try to fetch contents to detect renames.
    alike = "--find-renames=100%" if repository.partial else "--find-renames=50%"
    arguments = (
        *("--literal-pathspecs", *command, "-z", "--raw", "--no-abbrev", "--no-ext-diff", "--no-textconv"),
        *("--ignore-submodules=dirty", alike, "-l1000", *sides, *pathspec(below)),
    )
    environment = index_environment(repository)
    fields = iter(client.answer(repository.root, *arguments, environment=environment).stdout.split(b"\0"))
    with client.parsed(command[0]):
        for field in fields:
            if (one := raw_change(field, fields)) is not None:
                yield one


_RAW = re.compile(rb":(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*")


def raw_change(field: bytes, fields: Iterator[bytes]) -> RawChange | None:
    """Return the record that begins with a field, with paths from the fields after it; None if it is not a record."""
    header = _RAW.fullmatch(field)
    if header is None:
        return None
    old_path = path = os.fsdecode(next(fields))
    if header[5] == b"R":
        path = os.fsdecode(next(fields))
    before, after = _blob(header[1], header[3]), _blob(header[2], header[4])
    return RawChange(header[5].decode(), path, old_path, before, after)


def _blob(mode: bytes, name: bytes) -> Blob | None:
    return Blob(name.decode(), int(mode, 8)) if stat.S_IFMT(int(mode, 8)) else None
