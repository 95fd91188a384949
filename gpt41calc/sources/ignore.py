"""Ignore files and globs, by git's rules."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import UsageError
from .git import client

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["Chain", "globs", "ignore_file", "outer_chain"]

_MAX_BYTES = 1 << 20
_MAX_PATTERNS = 10_000


@dataclass(frozen=True, slots=True)
class _Layer:
    """The patterns of one ignore file."""

    spec: GitIgnoreSpec
    """The patterns, relative to the folder of the file."""

    below: str = ""
    """That folder as seen from the root of the walk, ending in a slash, or empty."""

    above: str = ""
    """The root of the walk as seen from that folder, ending in a slash, or empty."""

    def verdict(self, path: str) -> bool | None:
        """Return True for ignored, False for explicitly kept, none for not mentioned."""
        return self.spec.check_file(self.above + path[len(self.below) :]).include


@dataclass(frozen=True, slots=True)
class Chain:
    """Ignore files in force somewhere in a tree, weakest first."""

    layers: tuple[_Layer, ...] = ()

    def with_file(self, spec: GitIgnoreSpec | None, *, below: str = "", above: str = "") -> Chain:
        """Return the chain with a stronger ignore file, if there is one."""
        return Chain((*self.layers, _Layer(spec, below, above))) if spec else self

    def ignores(self, path: str) -> bool:
        """Say whether a path from the root of the chain is ignored; a folder ends in a slash."""
        for layer in reversed(self.layers):
            verdict = layer.verdict(path)
            if verdict is not None:
                return verdict
        return False


def outer_chain(root: str, *, is_ignored: bool = False) -> Chain:
    """Return the ignore files in force at a folder but not in it.

    These are the user's own and, inside a repository, those of the folders
    above; but where these ignore the very folder that was named, they are
    left aside: otherwise nothing in it could ever be counted.

    Args:
        root: the folder.
        is_ignored: whether it is known already that they ignore it.
    """
    own = ignore_file(client.excludes_file(root))
    folder, above = os.path.realpath(root), ""
    files: list[tuple[str, str]] = []
    while not os.path.lexists(os.path.join(folder, ".git")):
        parent, name = os.path.split(folder)
        if parent == folder:
            return Chain().with_file(own)  # not in a repository
        folder, above = parent, f"{name}/{above}"
        files.append((os.path.join(folder, ".gitignore"), above))
    if above:
        files.append((os.path.join(folder, ".git", "info", "exclude"), above))
    chain = users = Chain().with_file(own, above=above)
    for path, seen_from in () if is_ignored else reversed(files):
        chain = chain.with_file(ignore_file(path), above=seen_from)
    return next((one for one in (chain, users) if not above or not one.ignores("")), Chain())


def ignore_file(path: str) -> GitIgnoreSpec | None:
    """Read one ignore file; none if there is none.

    Raises:
        UsageError: it is so large that matching it could take hours (ripgrep #134).
    """
    try:
        if not os.path.isfile(path):  # reading a pipe would wait for ever
            return None
        with open(path, "rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError:
        return None
    # Lines end at a newline only, as git has it; str.splitlines() would cut at U+2028 or a form feed as well.
    lines = [line.removesuffix("\r") for line in os.fsdecode(raw.removeprefix(b"\xef\xbb\xbf")).split("\n")]
    if len(raw) > _MAX_BYTES or len(lines) > _MAX_PATTERNS:
        message = f"{path}: too large to honour (at most {_MAX_BYTES:,} bytes and {_MAX_PATTERNS:,} patterns)"
        raise UsageError(message, hint="count without it: --no-gitignore")
    return _spec(lines)


def globs(patterns: Sequence[str], *, option: str) -> GitIgnoreSpec | None:
    """Return a matcher for patterns given as options.

    Raises:
        UsageError: one is not a pattern.
    """
    if not patterns:
        return None
    for pattern in patterns:
        if _spec([pattern]) is None:
            message = f"{option}: '{pattern}' is not a pattern"
            raise UsageError(message, hint="write it as in .gitignore, for example '*.md' or 'docs/**'")
    return _spec(patterns)


def _spec(lines: Sequence[str]) -> GitIgnoreSpec | None:
    if not any(line.strip() and not line.startswith("#") for line in lines):
        return None
    from .patterns import compiled  # brings pathspec, 17 ms, which inside a repository and outside of one is not needed

    return compiled(lines)
