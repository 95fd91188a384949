"""The history of commits, each with its changes."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import IO

from ...errors import UsageError
from ..open_path import read_regular, why
from . import client
from .change import Change
from .raw_diff import RawChange, joined_changes, raw_change
from .repository import Repository, pathspec
from .revisions import COMMIT_FORMAT, Commit, as_commit

__all__ = ["Step", "commits"]

_BLOCK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Step:
    """A commit and its changes."""

    commit: Commit
    """The commit."""

    changes: tuple[Change, ...]
    """Changes from its first parent, or from an empty tree if it has none here. Renames are not detected."""

    cut: bool
    """Whether history is cut off before it (a shallow clone), so that it seems to add all its files."""


def commits(
    repository: Repository, since: Commit | None, until: Commit, *below: str, newest_first: bool = False
) -> Generator[Step]:
    """Yield the first-parent history of a commit, oldest first.

    Args:
        repository: the repository.
        since: leave out this commit and its history. None to begin with the first commit.
        until: the last commit.
        below: files or folders relative to the root; if given, commits that do not change them are left out.
        newest_first: whether to begin with the last commit instead; git then need not read on to the first one.

    Raises:
        UsageError: the repository is damaged.
    """
    cut = _cut(repository) if repository.shallow else frozenset()
    arguments = (
        *("--literal-pathspecs", "-c", "log.follow=false", "log", "-z", "--raw", "--no-abbrev", "--root"),
        *("--first-parent", "--diff-merges=first-parent", "--no-renames", f"-O{os.devnull}"),
        *(() if newest_first else ("--reverse",)),
        *("--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty", "--no-show-signature", "--no-decorate"),
        *COMMIT_FORMAT,
        *(until.hash, *([f"^{since.hash}"] if since else []), *pathspec(below)),
    )
    with client.start(repository.root, *arguments) as conversation:
        conversation.questions.close()
        with client.parsed("log"):
            yield from _steps(_fields(conversation.answers), cut)
        if conversation.status() != 0:
            raise UsageError("git could not read the history", hint="see what git fsck says")


def _cut(repository: Repository) -> frozenset[str]:
    """Return the commits whose parents are missing in a shallow clone."""
    shallow_path = client.answer(repository.root, "rev-parse", "--path-format=absolute", "--git-path", "shallow")
    try:
        raw = read_regular(os.fsdecode(shallow_path.stdout.removesuffix(b"\n")), _MAX_SHALLOW_BYTES)
    except OSError as error:
        message = f"cannot read where the history of this shallow clone begins: {why(error)}"
        raise UsageError(message) from error
    return frozenset(raw.decode("ascii", "replace").split())


_MAX_SHALLOW_BYTES = 64 << 20
"""Longest list of shallow commits, in bytes: about a million and a half commits."""


def _steps(fields: Iterator[bytes], cut: frozenset[str]) -> Iterator[Step]:
    """Group the fields of ``git log`` into a commit and its change records; empty fields separate them."""
    commit: Commit | None = None
    changed: list[RawChange] = []
    for field in fields:
        one = raw_change(field.removeprefix(b"\n"), fields)
        if one is not None:
            changed.append(one)
        elif field:
            if commit is not None:
                yield _step(commit, changed, cut)
            commit, changed = as_commit(field.decode("utf-8", "replace")), []
    if commit is not None:
        yield _step(commit, changed, cut)


def _step(commit: Commit, changed: list[RawChange], cut: frozenset[str]) -> Step:
    return Step(commit, tuple(joined_changes(changed)), commit.hash in cut)


def _fields(answers: IO[bytes]) -> Iterator[bytes]:
    """Yield NUL-terminated fields as they are read."""
    rest = b""
    while block := answers.read(_BLOCK_BYTES):
        *whole, rest = (rest + block).split(b"\0")
        yield from whole
    yield rest
