"""The last change of each file, by the first-parent history."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import dataclass

from .changes import WorkTree, changes
from .log import commits
from .repository import Repository
from .revisions import Commit, resolve_revision

__all__ = ["LastChange", "last_changes"]


@dataclass(frozen=True, slots=True)
class LastChange:
    """When a file was last changed."""

    rank: int
    """Place in the first-parent history, 1 for the last commit; 0 if it is not committed yet."""

    commit: Commit | None
    """The commit. None if the file differs from the last commit, or is new."""

    is_cut: bool = False
    """Whether history is cut off before the commit (a shallow clone), so that the change may be older."""


def last_changes(repository: Repository, wanted: AbstractSet[str], *below: str) -> Mapping[str, LastChange]:
    """Return the last change of files, by path from the root; files that git ignores and no commit has are left out.

    A merge changes what it brings into the branch.

    Args:
        repository: the repository.
        wanted: paths of files, relative to the root.
        below: files or folders in which these are, relative to the root; fewer of them make git faster.

    Raises:
        UsageError: there is no commit yet, or the repository is damaged.
    """
    head = resolve_revision(repository, "HEAD")
    uncommitted = {one.path for one in changes(repository, head, WorkTree(), *below)} & wanted
    found = {path: LastChange(0, None) for path in uncommitted}
    missing = set(wanted) - uncommitted
    with closing(commits(repository, None, head, *below, newest_first=True)) as walked:
        for rank, step in enumerate(walked, 1):
            for change in step.changes:
                if change.path in missing:
                    missing.remove(change.path)
                    if change.after is not None:  # else git ignores what has come back since
                        found[change.path] = LastChange(rank, step.commit, step.cut)
            if not missing:
                break
    return found
