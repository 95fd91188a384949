"""All files of a revision."""

from __future__ import annotations

import os
from dataclasses import dataclass

from . import client
from .blobs import Blob
from .repository import Repository, pathspec
from .revisions import Commit

__all__ = ["Entry", "tree"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a revision, or what stands in the place of one."""

    path: str
    """Its path from the top, with forward slashes."""

    blob: Blob
    """Its content; where that is the commit of a submodule, there is nothing to read."""


def tree(repository: Repository, commit: Commit, *below: str) -> list[Entry]:
    """Return the files of a revision, in the order of the bytes of their paths.

    Args:
        repository: where to look.
        commit: the revision.
        below: files or folders to which to keep, from the top; none, or an empty one: everything.

    Raises:
        UsageError: the repository is damaged.
    """
    # In a partial clone git would try to fetch a missing content to learn its size.
    sizes = () if repository.partial else ("-l",)
    arguments = ("--literal-pathspecs", "ls-tree", "-r", "-z", "--full-tree", *sizes, commit.hash, *pathspec(below))
    listed = client.answer(repository.root, *arguments).stdout
    with client.parsed("ls-tree"):
        return [_entry(record) for record in listed.split(b"\0") if record]


def _entry(record: bytes) -> Entry:
    words, _, path = record.partition(b"\t")
    mode, _, name, *size = words.split()
    known = size and size[0].isdigit()
    return Entry(os.fsdecode(path), Blob(name.decode(), int(mode, 8), int(size[0]) if known else None))
