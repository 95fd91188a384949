"""A repository to try things on, made by git as somebody would make it."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

GIT = shutil.which("git") or "git"

WHO = {
    "GIT_AUTHOR_NAME": "A. Author",
    "GIT_AUTHOR_EMAIL": "author@example.org",
    "GIT_COMMITTER_NAME": "A. Author",
    "GIT_COMMITTER_EMAIL": "author@example.org",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ALLOW_PROTOCOL": "file",
}

NEW_YEAR = 1_767_225_600
"""2026-01-01, midnight in UTC: the time of the first commit; every other is a day later."""


@dataclass
class Scratch:
    """A repository below a temporary folder."""

    root: Path
    """The top of its work tree."""

    days: int = 0
    """How many commits there have been."""

    def git(self, *arguments: str | bytes, check: bool = True, **environment: str) -> str:
        """Run git, and return what it says."""
        when = f"{NEW_YEAR + self.days * 86_400} +0000"
        dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        ended = subprocess.run(
            [GIT, "-c", "maintenance.auto=false", *arguments],  # which every commit would start a process for
            cwd=self.root,
            env={**os.environ, **WHO, **dates, **environment},
            capture_output=True,
            check=check,
        )
        return os.fsdecode(ended.stdout.removesuffix(b"\n"))

    def init(self, *options: str) -> Scratch:
        """Make it a repository."""
        self.root.mkdir(exist_ok=True)
        self.git("init", "-q", "-b", "main", *options)
        return self

    def write(self, name: str | bytes, content: bytes | str) -> Path:
        """Write a file, and the folders it is in."""
        path = self.root / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def commit(self, subject: str = "a commit", **contents: bytes | str) -> str:
        """Write files, commit everything there is, and return the name of the commit."""
        for name, content in contents.items():
            self.write(name, content)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", subject)
        self.days += 1
        return self.git("rev-parse", "HEAD")


def lines(first: int, last: int) -> str:
    """Return a text of numbered lines."""
    return "".join(f"this is line {number}\n" for number in range(first, last + 1))
