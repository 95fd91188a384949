"""Ignore files and globs, by git's rules, through pathspec."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import AnyStr

from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from ..errors import UsageError
from . import git

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


def outer_chain(root: str) -> Chain:
    """Return the ignore files in force at a folder but not in it.

    These are the user's own and, inside a repository, those of the folders
    above; but where these ignore the very folder that was named, they are
    left aside: otherwise nothing in it could ever be counted.
    """
    own = ignore_file(git.excludes_file(root))
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
    for path, seen_from in reversed(files):
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
    """Compile patterns; like git, pass over a line that is no pattern."""
    patterns = [pattern for line in lines if (pattern := _compiled(line)) is not None]
    return GitIgnoreSpec(patterns) if any(pattern.include is not None for pattern in patterns) else None


def _compiled(line: str) -> GitIgnoreSpecPattern | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # re thinks aloud about [[:alpha:]]
            line = _TRAILING_BLANK.sub(r"[\g<0>]", line)
            return _Linear(line) if line.count("**") <= _MAX_DOUBLE_STARS else None
    except (ValueError, re.error):  # pathspec lets a bad range such as [z-a] through to re
        return None


_TRAILING_BLANK = re.compile(r"(?<!\\)[^\S ](?= *\Z)")
"""A tab or the like at the end: part of the pattern for git, which strips only spaces, but not for pathspec."""

_MAX_DOUBLE_STARS = 8
"""Each one multiplies the ways to match by the depth of the path; nobody writes more than two or three."""


class _Linear(GitIgnoreSpecPattern):
    """A pattern in which many stars cost no more than one.

    Matching ``a*a*a*…b`` against a long name takes hours when each star may
    give back what it took. Only the last star ever needs to: for all others
    the first place where the text up to the next star fits is as good as any.
    """

    @classmethod
    def pattern_to_regex(cls, pattern: AnyStr) -> tuple[AnyStr | None, bool | None]:
        """Translate as pathspec does, make every star but the last atomic, and keep brackets off slashes."""
        regex, include = super().pattern_to_regex(pattern)
        if isinstance(regex, str):
            regex = _STAR_BEFORE_STAR.sub(r"(?>[^/]*?\1)", regex)
            regex = _BRACKETS.sub(lambda found: "(?!/)" + found[0] if found[1] else found[0], regex)
        return regex, include


_STAR_BEFORE_STAR = re.compile(
    r"\[\^/\]\*"  # a star, as pathspec translates it,
    r"((?:\\.|\[\^?[^\]]+\](?![*+])|[^][\\()$*+?])+)"  # the text up to
    r"(?=\[\^/\]\*)"  # the next star
)

_BRACKETS = re.compile(r"\\.|\[\^/\]|(\[\^?(?:\\.|[^\\\]])+\])")
"""What is escaped, a star, or a bracket expression: only that is a group, and in git it never matches a slash."""
