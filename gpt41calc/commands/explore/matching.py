"""Match a glob with every file, a few at a time, so that the screen reacts meanwhile."""

from __future__ import annotations

import asyncio
import time

from .patterns import matches
from .tree import Tree

__all__ = ["marks_of"]

_SLICE_SECONDS = 0.008
"""Longest time without a look at the keyboard."""


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
