"""A source, and the rules by which sources are found and read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["DEFAULT_RULES", "Rules", "Source"]


class Source(NamedTuple):  # made for every file, in half the time of a dataclass, and hashed in a third
    """Something that can be read as text."""

    name: str
    """How the user would recognise it: a path with forward slashes, or ``<stdin>``."""

    path: str | None
    """Where to open it; none for standard input."""

    named: bool
    """Whether the user named it: then it must be counted or fail loudly."""

    root: str = ""
    """The folder that was named and below which it was found, as ``path`` begins: no link after that is followed."""

    @property
    def place(self) -> tuple[str, str]:
        """The folder up to which links are followed, ending in a slash, and the path below it."""
        path = self.path or ""
        root = self.root or path[: path.rfind("/") + 1]
        return root, path[len(root) :]


@dataclass(frozen=True, slots=True)
class Rules:
    """What to take from a folder, and what to read of a file."""

    gitignore: bool = True
    """Leave out what git would not show."""

    hidden: bool = False
    """Take files and folders whose name begins with a dot."""

    follow: bool = False
    """Follow symbolic links that are found in folders."""

    include: tuple[str, ...] = ()
    """Take only files that match one of these patterns, in gitignore syntax."""

    exclude: tuple[str, ...] = ()
    """Leave out files that match one of these patterns, in gitignore syntax."""

    max_bytes: int | None = None
    """Leave out inputs longer than this many bytes."""

    text: bool = False
    """Count what looks binary as if it were text."""


DEFAULT_RULES = Rules()
"""The default rules."""
