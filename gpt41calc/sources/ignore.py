"""Ignore files and glob patterns, by git's rules."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from ..errors import UsageError
from ..resources import Refusals
from .git import client
from .open_path import open_regular

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["Chain", "globs", "ignore_file", "ignore_patterns", "outer_chain"]

_MAX_BYTES = 1 << 20
"""Longest ignore file, in bytes; the longest in GitHub's collection has 10 kB."""

_MAX_PATTERNS = 10_000
"""Most patterns in force in one folder; each is matched against each path."""

_MAX_CHARACTERS = 4096
"""Longest pattern, in characters: Linux's PATH_MAX, so that a longer one matches no path."""

_MAX_GLOBS = 1000
"""Most globs for one option, on the command line and in a project file together."""


@dataclass(frozen=True, slots=True)
class _Layer:
    """The patterns of one ignore file."""

    spec: GitIgnoreSpec
    """The patterns, relative to the folder of the file."""

    below: str = ""
    """Path of that folder from the root of the walk, ending in a slash, or empty."""

    above: str = ""
    """Path of the root of the walk from that folder, ending in a slash, or empty."""

    def verdict(self, path: str) -> bool | None:
        """Return True if a path is ignored, False if it is explicitly included, None if no pattern matches."""
        return self.spec.check_file(self.above + path[len(self.below) :]).include


@dataclass(frozen=True, slots=True)
class Chain:
    """The ignore files in force at a place in a tree, lowest precedence first."""

    layers: tuple[_Layer, ...] = ()

    def with_file(self, path: str, *, above: str = "", follow: bool = True) -> Chain:
        """Return the chain extended by an ignore file, if it exists; arguments as for ``ignore_file``.

        Raises:
            UsageError: matching all patterns could take hours (ripgrep #134).
        """
        return self.with_patterns(ignore_file(path, follow=follow), path, above=above)

    def with_patterns(self, spec: GitIgnoreSpec | None, path: str, *, below: str = "", above: str = "") -> Chain:
        """Return the chain extended by the patterns of an ignore file, if it has any.

        Args:
            spec: the patterns.
            path: the file, for messages.
            below: path of its folder from the root of the walk, ending in a slash, or empty.
            above: path of the root of the walk from that folder, ending in a slash, or empty.

        Raises:
            UsageError: matching all patterns could take hours (ripgrep #134).
        """
        if spec is None:
            return self
        if len(spec.patterns) + sum(len(layer.spec.patterns) for layer in self.layers) > _MAX_PATTERNS:
            message = f"{path}: more than {_MAX_PATTERNS:,} patterns, together with the ignore files above it"
            raise UsageError(message, hint=_WITHOUT)
        return Chain((*self.layers, _Layer(spec, below, above)))

    def ignores(self, path: str) -> bool:
        """Return whether a path from the root of the chain is ignored; the path of a folder ends in a slash."""
        for layer in reversed(self.layers):
            verdict = layer.verdict(path)
            if verdict is not None:
                return verdict
        return False


def outer_chain(root: str, *, is_ignored: bool = False) -> Chain:
    """Return the ignore files in force for a folder that are not in the folder itself.

    These are the user's global file and, inside a repository, those of the parent folders. If they ignore the named
    folder itself, they are not applied: otherwise nothing in it could be counted.

    Args:
        root: the folder.
        is_ignored: whether they ignore the folder, if already known.
    """
    own = client.excludes_file(root)
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
        chain = chain.with_file(path, above=seen_from, follow=not path.endswith(".gitignore"))
    return next((one for one in (chain, users) if not above or not one.ignores("")), Chain())


def ignore_file(path: str, *, follow: bool = True) -> GitIgnoreSpec | None:
    """Return the patterns of an ignore file; None if it does not exist.

    Args:
        path: its path.
        follow: whether it may be a symbolic link: as in git, the user's global file may be one, a file in a work tree
            may not.

    Raises:
        UsageError: the file is so large, or a pattern so long, that matching could take hours (ripgrep #134).
    """
    try:
        descriptor = open_regular(path, follow=follow)  # reading a pipe would block forever
    except (OSError, ValueError) as error:  # a NUL byte in a git setting is a ValueError
        Refusals.ignore(error)
        return None
    with open(descriptor, "rb") as file:
        return ignore_patterns(file, path)


def ignore_patterns(file: IO[bytes], path: str) -> GitIgnoreSpec | None:
    """Return the patterns of an open ignore file; None if there are none or it cannot be read.

    Raises:
        UsageError: the file is so large that matching could take hours (ripgrep #134).
    """
    try:
        raw = file.read(_MAX_BYTES + 1)
    except OSError:
        return None
    # As in git, only a newline ends a line; str.splitlines() would also split at U+2028 or a form feed.
    lines = [line.removesuffix("\r") for line in os.fsdecode(raw.removeprefix(b"\xef\xbb\xbf")).split("\n")]
    if len(raw) > _MAX_BYTES or len(lines) > _MAX_PATTERNS:
        message = f"{path}: too large to honour (at most {_MAX_BYTES:,} bytes and {_MAX_PATTERNS:,} patterns)"
        raise UsageError(message, hint=_WITHOUT)
    for number, line in enumerate(lines, 1):
        if len(line) > _MAX_CHARACTERS and not line.startswith("#"):
            message = f"{path}:{number}: a pattern of {len(line):,} characters (at most {_MAX_CHARACTERS:,})"
            raise UsageError(message, hint=_WITHOUT)
    return _spec(lines)


_WITHOUT = "count without it: --no-gitignore"


def globs(patterns: Sequence[str], *, option: str) -> GitIgnoreSpec | None:
    """Return a matcher for patterns given as options.

    Raises:
        UsageError: a pattern is invalid.
    """
    if not patterns:
        return None
    if len(patterns) > _MAX_GLOBS:
        message = f"{option}: {len(patterns):,} patterns (at most {_MAX_GLOBS:,})"
        raise UsageError(message, hint="name folders, or list what to count in a file: --files-from FILE")
    for pattern in patterns:
        if len(pattern) > _MAX_CHARACTERS:
            message = f"{option}: a pattern of {len(pattern):,} characters (at most {_MAX_CHARACTERS:,})"
            raise UsageError(message)
        if _spec([pattern]) is None:
            message = f"{option}: '{pattern}' is not a pattern"
            raise UsageError(message, hint="write it as in .gitignore, for example '*.md' or 'docs/**'")
    return _spec(patterns)


def _spec(lines: Sequence[str]) -> GitIgnoreSpec | None:
    if not any(line.strip() and not line.startswith("#") for line in lines):
        return None
    from .patterns import compiled  # imports pathspec, 17 ms, which is often not needed

    return compiled(lines)
