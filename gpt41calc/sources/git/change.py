"""A file that differs between two sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .blobs import SUBMODULE, Blob, why_no_file

__all__ = ["Change", "OnDisk", "Status", "change_of"]


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A file in the work tree whose content is not a git object."""

    path: str
    """Path to open."""

    mode: int
    """Its mode, as git would record it."""

    root: str = ""
    """Root of the work tree, a prefix of ``path``: no symbolic link after it is followed."""

    incomparable: str = ""
    """Why it cannot be compared with git's content; empty if it can."""

    @property
    def reason(self) -> str:
        """Why it is not counted, independent of its content; empty for a file."""
        return "a git repository of its own" if self.mode == SUBMODULE else why_no_file(self.mode)


Status = Literal["added", "removed", "renamed", "changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """A file that differs between two sides."""

    status: Status
    """Kind of the change; a renamed file may also have changed content."""

    path: str
    """Path from the root: after the change, or before its removal."""

    old_path: str | None
    """Path before a rename. None if it was not renamed."""

    before: Blob | None
    """The file before the change. None if it was added."""

    after: Blob | OnDisk | None
    """The file after the change. None if it was removed."""

    @property
    def incomparable(self) -> str:
        """Why the two sides cannot be compared; empty if they can."""
        return self.after.incomparable if isinstance(self.after, OnDisk) and self.before is not None else ""


def change_of(path: str, old_path: str, before: Blob | None, after: Blob | OnDisk | None) -> Change | None:
    """Return the change between two sides of one file, or None if there is no difference that matters."""
    if before is None:
        return Change("added", path, None, None, after) if after is not None else None
    if after is None:
        return Change("removed", old_path, None, before, None)
    if path != old_path:
        return Change("renamed", path, old_path, before, after)
    if isinstance(after, Blob) and before.id == after.id and before.reason == after.reason:
        return None
    return Change("changed", path, None, before, after)
