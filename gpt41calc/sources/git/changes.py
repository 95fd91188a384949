"""What changed between two sides: a commit, and another commit, the index or the work tree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from ...errors import UsageError
from .change import Change
from .raw_diff import RawChange, committed_changes, joined_changes, staged_changes
from .repository import Repository
from .revisions import Commit
from .worktree import work_tree_changes

__all__ = ["Staged", "WorkTree", "changes"]


@dataclass(frozen=True, slots=True)
class Staged:
    """The side of what would be committed: the index."""


@dataclass(frozen=True, slots=True)
class WorkTree:
    """The side of what is on disk: what git tracks, and what it would offer to add."""


def changes(repository: Repository, before: Commit, after: Commit | Staged | WorkTree, *below: str) -> list[Change]:
    """Return what changed, in the order of the bytes of the paths.

    Files are renamed if git finds them to be the same by half at least. A file
    of the work tree that is as it was staged counts as what was staged:
    line endings that git wrote on checking it out are no change.

    Args:
        repository: where to look.
        before: the commit to compare with.
        after: what to compare.
        below: files or folders to which to keep, from the top; none, or an empty one: everything.

    Raises:
        UsageError: the index is asked for and has conflicts, or the repository is damaged.
    """
    if isinstance(after, WorkTree):
        found = work_tree_changes(repository, before, below)
    elif isinstance(after, Staged):
        found = _without_conflicts(staged_changes(repository, before, below))
    else:
        found = joined_changes(committed_changes(repository, before, after, below))
    return sorted(found, key=lambda change: os.fsencode(change.path))


def _without_conflicts(raw: list[RawChange]) -> Iterator[Change]:
    for one in raw:
        if one.letter == "U":
            message = f"the index has conflicts, in '{one.path}' for one: what would be committed is not decided"
            raise UsageError(message, hint="resolve them and git add the files, or compare without --staged")
    return joined_changes(raw)
