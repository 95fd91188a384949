"""The folders that belong to this program."""

from __future__ import annotations

from pathlib import Path

__all__ = ["cache_folder"]


def cache_folder() -> Path:
    """Return the folder that belongs to this program in the user's cache folder."""
    from platformdirs import user_cache_path

    return user_cache_path("gpt41calc", appauthor=False)
