"""Ask git, the only place where a program is started.

A repository may come from anyone, so nothing in its configuration may run a
program, and nothing of the environment may point git at another repository.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass

__all__ = ["Listing", "excludes_file", "is_ignored", "list_files"]

_MISLEADING = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR")
"""Set while a hook runs, and then about another folder than the one asked about."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What git shows below a folder."""

    paths: tuple[str, ...]
    """Paths relative to the folder, with forward slashes."""

    complete: bool
    """Whether git could look everywhere."""


def list_files(folder: str) -> Listing | None:
    """Return the tracked files below a folder and those it would offer to add, or none outside a repository."""
    listed = _git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if listed is None or listed.returncode != 0:
        return None
    names = {os.fsdecode(name) for name in listed.stdout.split(b"\0") if name}
    # git goes on after a folder it cannot open, and says so only here.
    return Listing(tuple(names), complete=not listed.stderr)


def is_ignored(folder: str) -> bool:
    """Say whether the repository around a folder ignores the folder itself."""
    parent, name = os.path.split(os.path.realpath(folder))
    answer = _git(parent, "check-ignore", "-q", "--", name)
    return answer is not None and answer.returncode == 0


def excludes_file(folder: str) -> str:
    """Return the path of the user's own ignore file, whether or not it exists; set to nothing, it is a folder."""
    answer = _git(folder, "config", "--type=path", "--get", "core.excludesFile")
    if answer is not None and answer.returncode == 0:
        return os.path.join(folder, os.fsdecode(answer.stdout.rstrip(b"\n")))
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return os.path.join(home, "git", "ignore")


def _git(folder: str, *arguments: str) -> subprocess.CompletedProcess[bytes] | None:
    program = shutil.which("git")
    if program is None:
        return None
    environment = {name: value for name, value in os.environ.items() if name not in _MISLEADING}
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        return subprocess.run(
            [program, "-c", "core.fsmonitor=false", *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError:
        return None
