"""Match a glob with every file, a few at a time, so that the screen reacts meanwhile."""

from __future__ import annotations

import asyncio
import time
from enum import StrEnum

from .patterns import matches
from .tree import Tree
from .view import Filter, View

__all__ = ["Ask", "marks_of", "same_choices"]

_SLICE_SECONDS = 0.008
"""Longest time without a look at the keyboard."""


class Ask(StrEnum):
    """What a glob is for, as the option that it would be given to."""

    FILTER = "--include"
    EXCLUDE = "--exclude"


async def marks_of(tree: Tree, glob: str, shown_as: str, *, option: str) -> bytes:
    """Return the files of a tree that match a glob.

    Args:
        tree: the files.
        glob: one pattern, in gitignore syntax.
        shown_as: the root as it is shown, ending in a slash; empty for the current folder.
        option: the option that the glob is for, in messages.

    Raises:
        UsageError: it is not a pattern.
    """
    found = []
    since = time.monotonic()
    for some in matches(tree, glob, shown_as, option=option):
        found.append(some)
        if time.monotonic() - since > _SLICE_SECONDS:
            await asyncio.sleep(0)
            since = time.monotonic()
    return b"".join(found)


async def same_choices(view: View, tree: Tree, shown_as: str) -> View:
    """Return a tree of the same folder with the choices of a view: the same patterns, and the same filter.

    Args:
        view: the view.
        tree: the folder in another encoding.
        shown_as: the root as it is shown, ending in a slash; empty for the current folder.
    """
    if view.tree.paths == tree.paths:
        return View(tree, view.excluded, view.filter)
    excluded = {glob: await marks_of(tree, glob, shown_as, option="--exclude") for glob in view.excluded}
    if view.filter is None:
        return View(tree, excluded)
    glob = view.filter.glob
    return View(tree, excluded, Filter(glob, await marks_of(tree, glob, shown_as, option="--include")))
