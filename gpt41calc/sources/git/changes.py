"""Changes between two sides: a commit, and another commit, the index or the work tree."""

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
    """Selects the index, the content of the next commit."""


@dataclass(frozen=True, slots=True)
class WorkTree:
    """Selects the work tree: tracked files, and untracked files that are not ignored."""


def changes(repository: Repository, before: Commit, after: Commit | Staged | WorkTree, *below: str) -> list[Change]:
    """Return the changed files, in the byte order of their paths.

    A file counts as renamed if git finds at least half of it unchanged. A file in the work tree that matches the index
    is unchanged: line ends that git wrote on checkout are no difference.

    Args:
        repository: the repository.
        before: the commit to compare with.
        after: the side to compare with it.
        below: limits the result to these files or folders, relative to the root; everything if there are none, or one
            is empty.

    Raises:
        UsageError: the index is requested and has conflicts, or the repository is damaged.
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
