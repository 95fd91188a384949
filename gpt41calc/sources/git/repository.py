"""The repository around a folder."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from ...errors import UsageError
from . import client

__all__ = ["Repository", "below_top", "pathspec", "repository"]


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository, and a folder in it."""

    root: str
    """Root of the work tree, absolute."""

    prefix: str
    """Path of the folder from the root: empty, or ending in a slash."""

    shallow: bool
    """Whether older history is missing (a shallow clone)."""

    partial: bool
    """Whether contents may be missing that git would fetch on demand (a partial clone); nothing is fetched here."""

    object_format: str
    """Hash algorithm of object ids: ``sha1`` or ``sha256``."""


def repository(folder: str) -> Repository:
    """Return the repository whose work tree contains a folder.

    Raises:
        UsageError: git is not installed or does not answer, or there is no such work tree.
    """
    answer = client.run(
        folder,
        "rev-parse",
        *("--is-bare-repository", "--is-inside-work-tree", "--is-shallow-repository", "--show-object-format"),
        "--show-toplevel",  # last, because the name of a folder may have several lines
    )
    output = answer.stdout.split(b"\n", 4)
    if answer.returncode != 0:
        raise _refusal(folder, answer.stderr, is_bare=output[0] == b"true", is_inside_git=output[1:2] == [b"false"])
    with client.parsed("rev-parse"):
        shallow, object_format, root = output[2], output[3].decode(), os.fsdecode(output[4].removesuffix(b"\n"))
        if not os.path.isabs(root) or object_format not in {"sha1", "sha256"}:
            raise ValueError(output)
    # A setting may place the work tree elsewhere, and its files are not those that were named.
    here, top = os.path.realpath(folder), os.path.realpath(root)
    below = os.path.relpath(here, top).replace(os.sep, "/")
    if below == ".." or below.startswith("../"):
        message = f"'{folder}' is not in the work tree of its repository, which is '{root}'"
        raise UsageError(message, hint="see what git config core.worktree says")
    promises = client.run(folder, "config", "--get-regexp", r"^(extensions\.partialclone|remote\..*\.promisor)$")
    return Repository(
        root=root,
        prefix="" if below == "." else below + "/",
        shallow=shallow == b"true",
        partial=promises.returncode == 0,
        object_format=object_format,
    )


def pathspec(below: tuple[str, ...]) -> tuple[str, ...]:
    """Return the arguments that limit a git command to paths from the root; no paths mean everything."""
    paths = tuple(path for path in below if path)
    return ("--", *paths) if len(paths) == len(below) else ("--",)


def below_top(where: Repository, paths: Iterable[str]) -> list[str]:
    """Return paths relative to the root of the repository.

    Raises:
        UsageError: a path is outside the repository.
    """
    top = os.path.realpath(where.root)
    below = []
    for path in paths:
        folder, name = os.path.split(path.rstrip("/") or path)
        real = (
            os.path.realpath(path) if name in {"", ".", ".."} else os.path.join(os.path.realpath(folder or "."), name)
        )
        seen = os.path.relpath(real, top).replace(os.sep, "/")
        if seen == ".." or seen.startswith("../"):
            message = f"{path}: outside the repository {where.root}"
            raise UsageError(message)
        below.append("" if seen == "." else seen)
    return below


def _refusal(folder: str, output: bytes, *, is_bare: bool, is_inside_git: bool) -> UsageError:
    if b"dubious ownership" in output:
        message = f"git does not trust the repository around '{folder}': it belongs to another user"
        return UsageError(message, hint="if you do, run: git config --global --add safe.directory FOLDER")
    if is_bare:
        message = f"'{folder}' is in a bare repository, which has no files of its own"
        return UsageError(message, hint="run in a clone of it")
    if is_inside_git:
        message = f"'{folder}' is inside the folder where git keeps its own files"
        return UsageError(message, hint="run in the work tree")
    if b"not a git repository" in output:
        message = f"'{folder}' is not in a git repository"
        return UsageError(
            message, hint="run in a repository; 'gpt41calc compare A B' compares files and folders without git"
        )
    return UsageError(f"git could not read the repository around '{folder}': {client.first_line(output)}")
