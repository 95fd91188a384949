"""Folders and files that belong to the program: the data files of the package, and the cache folder."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

__all__ = ["cache_folder", "is_private", "shipped_file"]


def cache_folder() -> Path:
    """Return the folder of this program in the user's cache folder."""
    if sys.platform == "linux" and "ANDROID_ROOT" not in os.environ:  # platformdirs takes 5 ms to import
        for variable, below in (("XDG_CACHE_HOME", ""), ("HOME", ".cache")):
            folder = os.environ.get(variable, "")
            if folder.startswith("/") and folder == folder.strip():
                return Path(folder, below, "gpt41calc")
            if folder:
                break
    from platformdirs import user_cache_path

    return user_cache_path("gpt41calc", appauthor=False)


def is_private(folder: Path) -> bool:
    """Return whether nobody else can write to a folder, so that what is in it can be trusted."""
    if sys.platform == "win32":
        return True
    status = folder.stat()
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def shipped_file(name: str) -> Path:
    """Return the path of a data file: inside the package, or beside it in a checkout.

    A wheel holds the files as ``gpt41calc/data/``; an editable install sees
    only the checkout, where they are in ``data/``.
    """
    package = Path(__file__).parent
    inside = package / "data" / name
    return inside if inside.exists() else package.parent / "data" / name
