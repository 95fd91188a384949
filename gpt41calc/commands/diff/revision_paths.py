"""Convert paths given by the user to paths in a revision."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from ...errors import NoSuchPath
from ...sources.git.change import Change
from ...sources.git.changes import Staged, WorkTree
from ...sources.git.repository import Repository, below_top
from ...sources.git.revisions import Commit
from ...sources.git.trees import tree

__all__ = ["WORK_TREE", "Side", "called", "known_paths", "require_known"]


Side = Commit | Staged | WorkTree


WORK_TREE = "work tree"
"""The name of the files as they are on disk."""


def called(side: Side) -> str:
    """Return the name of a side in reports."""
    if isinstance(side, Commit):
        return side.shown
    return "staged" if isinstance(side, Staged) else WORK_TREE


def known_paths(
    where: Repository, sides: Iterable[Side], below: Sequence[str], found: Iterable[Change], paths: Iterable[str]
) -> set[str]:
    """Return the paths, relative to the root, that exist on a side; git is asked only for those not on disk."""
    if all(map(os.path.lexists, paths)):
        return set()
    trees = (tree(where, side, *below) for side in sides if isinstance(side, Commit))
    changed = {path for one in found for path in (one.path, one.old_path) if path is not None}
    return {entry.path for entries in trees for entry in entries} | changed


def require_known(paths: Sequence[str], where: Repository, known: AbstractSet[str]) -> None:
    """Raise an error for a path that exists on no side: it is probably misspelt, and would seem unchanged.

    Raises:
        NoSuchPath: there is such a path.
    """
    for path in paths:
        if not os.path.lexists(path):
            (below,) = below_top(where, [path])
            if below not in known and not any(each.startswith(f"{below}/") for each in known):
                message = f"{path or _NO_NAME}: no such file or directory, neither here nor in the revisions"
                raise NoSuchPath(message, hint="paths are relative to the current folder")


_NO_NAME = "''"
