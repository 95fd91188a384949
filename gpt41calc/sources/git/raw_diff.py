"""What git says of two sides, in its raw format."""

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
    """One record of git's, with nothing left out."""

    letter: str
    """Git's letter for what happened."""

    path: str
    """Its path after the change."""

    old_path: str
    """Its path before, mostly the same."""

    before: Blob | None
    """What it was."""

    after: Blob | None
    """What it is."""

    def as_change(self) -> Change | None:
        """Return what there is to tell, or none if only permissions differ."""
        return change_of(self.path, self.old_path, self.before, self.after)


def committed_changes(
    repository: Repository, before: Commit, after: Commit, below: tuple[str, ...]
) -> Iterator[RawChange]:
    """Return what one commit holds that another does not, and the other way round."""
    return _compared(repository, ("diff-tree", "-r"), (before.hash, after.hash), below)


def staged_changes(repository: Repository, before: Commit, below: tuple[str, ...]) -> list[RawChange]:
    """Return what the index holds that a commit does not, and the other way round."""
    # What was only announced (git add -N) is not staged.
    command = ("diff-index", "--cached", "--ita-invisible-in-index")
    return list(_compared(repository, command, (before.hash,), below))


def joined_changes(raw: Iterable[RawChange]) -> Iterator[Change]:
    """Yield those records of which there is something to tell."""
    return (change for one in raw if (change := one.as_change()) is not None)


def _compared(
    repository: Repository, command: tuple[str, ...], sides: tuple[str, ...], below: tuple[str, ...]
) -> Iterator[RawChange]:
    """Yield what git says of two sides."""
    # In a partial clone git would try to fetch contents to see how alike they are.
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
    """Return the record that begins with a field, taking its paths from the fields after it, or none."""
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
