"""List a folder."""

from __future__ import annotations

import os
import stat

__all__ = ["kinds_of_entries"]


def kinds_of_entries(folder: str | int) -> dict[str, int]:
    """Return the names in a folder, each with the type bits of its mode; links are not followed.

    Args:
        folder: its path or descriptor.

    Raises:
        OSError: as for ``os.scandir``.
    """
    with os.scandir(folder) as entries:
        return {
            entry.name: stat.S_IFREG if entry.is_file(follow_symlinks=False) else _kind(entry)  # as most are
            for entry in entries
        }


def _kind(entry: os.DirEntry[str]) -> int:
    """Return the type bits of an entry that is no file, from the listing alone if the system provides them."""
    if entry.is_dir(follow_symlinks=False):
        return stat.S_IFDIR
    if entry.is_symlink():
        return stat.S_IFLNK
    return stat.S_IFMT(entry.stat(follow_symlinks=False).st_mode)
