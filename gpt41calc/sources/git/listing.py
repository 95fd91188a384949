"""List the files that git shows below a folder, or say why it cannot."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ...errors import UsageError
from ...resources import Refusals
from .client import first_line, run

__all__ = ["Listing", "Refused", "list_files"]


@dataclass(frozen=True, slots=True)
class Listing:
    """The files that git shows below a folder."""

    paths: tuple[str, ...]
    """Paths relative to the folder, with forward slashes."""

    complete: bool
    """Whether git could read all folders."""

    complaints: tuple[bytes, ...] = ()
    """Git's error messages for folders that it could not read."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A repository that git refused to list, so that its tracked files are not known."""

    reason: str
    """The reason, and what to do about it: a lower-case phrase."""


def list_files(folder: str) -> Listing | Refused | None:
    """Return the tracked files below a folder, and the untracked ones that are not ignored.

    Returns:
        The files; or why git does not list them although there is a repository around the folder; or None if there is
        no repository.
    """
    marker = _repository_around(folder)
    try:
        listed = run(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
        top = run(folder, "rev-parse", "--show-toplevel") if listed.returncode == 0 else None
    except UsageError as error:
        Refusals.ignore(error)
        return _refused(str(error)) if marker else None
    if top is None:
        return _refused(_refusal(listed.stderr)) if marker else None
    root = os.fsdecode(top.stdout.removesuffix(b"\n"))
    if top.returncode != 0 or not os.path.isabs(root):  # no output does not mean that there are no files
        return _refused("it ended well and wrote nothing that can be understood")
    if not _is_below(folder, root):  # then the names are those of the files there
        return _refused(f"the setting core.worktree puts its files elsewhere, at {root}")
    names = {os.fsdecode(name) for name in listed.stdout.split(b"\0") if name}
    # Git continues after a folder it cannot open, and reports it only here. Sorted, so that files of one folder are
    # read one after the other.
    return Listing(tuple(sorted(names)), complete=not listed.stderr)


_WITHOUT_GIT = "--no-gitignore counts every file without asking git"


def _refused(why_not: str) -> Refused:
    return Refused(f"a repository of which git does not list the files: {why_not}; {_WITHOUT_GIT}")


def _refusal(output: bytes) -> str:
    if b"dubious ownership" in output:
        return (
            "it belongs to another user, and git does not trust it;"
            " if you do, run 'git config --global --add safe.directory FOLDER'"
        )
    return first_line(output) or "no reason given"


def _repository_around(folder: str) -> bool:
    """Return whether a folder is in a work tree, by its files: git itself may not recognise a damaged one.

    An empty folder named .git is not a repository, and neither is the inside of one. The search ends where git's search
    ends.
    """
    at = here = os.path.realpath(folder)
    ceilings = {os.path.realpath(one) for one in os.environ.get("GIT_CEILING_DIRECTORIES", "").split(os.pathsep) if one}
    crosses = os.environ.get("GIT_DISCOVERY_ACROSS_FILESYSTEM", "").lower() in {"1", "true", "yes", "on"}
    while True:
        marker = os.path.join(at, ".git")
        if os.path.lexists(marker):
            is_inside = here == marker or here.startswith(marker + os.sep)
            return not is_inside and not _is_empty(marker)
        parent = os.path.dirname(at)
        if parent == at or parent in ceilings or not (crosses or _is_one_file_system(at, parent)):
            return False
        at = parent


def _is_one_file_system(folder: str, parent: str) -> bool:
    try:
        return os.stat(folder).st_dev == os.stat(parent).st_dev
    except OSError:
        return True


def _is_empty(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except OSError:
        return False


def _is_below(folder: str, root: str) -> bool:
    here, top = os.path.realpath(folder), os.path.realpath(root)
    return here == top or here.startswith(os.path.join(top, ""))
