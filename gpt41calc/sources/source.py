"""Sources, and the rules for finding and reading them."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["DEFAULT_RULES", "Rules", "Source"]


class Source(NamedTuple):  # created for every file, in half the time of a dataclass, and hashed in a third
    """An input that can be read as text."""

    name: str
    """Name as the user would write it: a path with forward slashes, or ``<stdin>``."""

    path: str | None
    """Path to open; None for standard input."""

    named: bool
    """Whether the user named it; then it must be counted, or the run fails."""

    root: str = ""
    """The named folder below which it was found, a prefix of ``path``: no symbolic link after it is followed."""

    @property
    def place(self) -> tuple[str, str]:
        """The folder up to which links are followed, ending in a slash, and the path below it."""
        path = self.path or ""
        root = self.root or path[: path.rfind("/") + 1]
        return root, path[len(root) :]


class Rules(NamedTuple):
    """Rules for finding files in folders and for reading them."""

    gitignore: bool = True
    """Leave out files that git ignores."""

    hidden: bool = False
    """Include files and folders whose name begins with a dot."""

    follow: bool = False
    """Follow symbolic links found in folders."""

    include: tuple[str, ...] = ()
    """Include only files that match one of these patterns, in gitignore syntax."""

    exclude: tuple[str, ...] = ()
    """Leave out files that match one of these patterns, in gitignore syntax."""

    max_bytes: int | None = None
    """Leave out inputs longer than this many bytes. None for no limit."""

    text: bool = False
    """Count binary files as if they were text."""


DEFAULT_RULES = Rules()
"""The default rules."""
