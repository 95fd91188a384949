"""The list of chosen paths, for ``--files-from`` of this program and of others."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from ...errors import UsageError

__all__ = ["path_list"]


def path_list(paths: Iterable[str], *, null: bool) -> Iterator[bytes]:
    """Yield the bytes of each path with its end.

    Args:
        paths: the paths.
        null: whether a NUL byte ends a path. Otherwise a newline does, as for ``--files-from`` without ``-0``.

    Raises:
        UsageError: a newline ends paths, and one of them holds a newline; nothing was yielded yet.
    """
    names = [os.fsencode(path) for path in paths]
    end = b"\0" if null else b"\n"
    divided = next((name for name in names if end in name), None)
    if divided is not None:
        message = f"{os.fsdecode(divided)}: a name with a newline cannot be in a list of lines"
        raise UsageError(message, hint="-0 ends each path with a NUL byte; '--files-from - -0' reads such a list")
    return (name + end for name in names)
