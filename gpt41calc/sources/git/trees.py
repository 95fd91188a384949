"""List all files of a revision."""

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
    """A file of a revision, or a submodule or link in its place."""

    path: str
    """Path from the root, with forward slashes."""

    blob: Blob
    """Its object; a submodule has no content."""


def tree(repository: Repository, commit: Commit, *below: str) -> list[Entry]:
    """Return the files of a revision, in the byte order of their paths.

    Args:
        repository: the repository.
        commit: the revision.
        below: limits the result to these files or folders, relative to the root; everything if there are none, or one
            is empty.

    Raises:
        UsageError: the repository is damaged.
    """
    # In a partial clone, git would try to fetch a missing object to get its size.
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
