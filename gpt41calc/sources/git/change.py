"""A file that is not the same on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .blobs import SUBMODULE, Blob, why_no_file

__all__ = ["Change", "OnDisk", "Status", "change_of"]


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A file of the work tree that git does not keep as it is."""

    path: str
    """Where to open it."""

    mode: int
    """What it is, as git would note it down."""

    root: str = ""
    """The top of the work tree, as ``path`` begins: no link after that is followed."""

    incomparable: str = ""
    """Why it cannot be compared with what git keeps; empty if it can."""

    @property
    def reason(self) -> str:
        """Why it is not counted, whatever it holds; empty for a file."""
        return "a git repository of its own" if self.mode == SUBMODULE else why_no_file(self.mode)


Status = Literal["added", "removed", "renamed", "changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """A file that is not the same on both sides."""

    status: Status
    """What happened to it; a renamed file may have changed as well."""

    path: str
    """Its path from the top: after the change, or before it was removed."""

    old_path: str | None
    """Its path before it was renamed; otherwise none."""

    before: Blob | None
    """What it was; none if it was added."""

    after: Blob | OnDisk | None
    """What it is; none if it was removed."""

    @property
    def incomparable(self) -> str:
        """Why its two sides cannot be compared; empty if they can."""
        return self.after.incomparable if isinstance(self.after, OnDisk) and self.before is not None else ""


def change_of(path: str, old_path: str, before: Blob | None, after: Blob | OnDisk | None) -> Change | None:
    """Return the change between two sides of one file, or none if there is nothing to tell."""
    if before is None:
        return Change("added", path, None, None, after) if after is not None else None
    if after is None:
        return Change("removed", old_path, None, before, None)
    if path != old_path:
        return Change("renamed", path, old_path, before, after)
    if isinstance(after, Blob) and before.id == after.id and before.reason == after.reason:
        return None
    return Change("changed", path, None, before, after)
