"""Patterns for ``--exclude``: of a chosen row, and the files that a pattern matches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from ...errors import UsageError
from ...sources.ignore import globs
from ...sources.patterns import compiled
from .marks import marked
from .tree import Tree

__all__ = ["matches", "pattern_of"]

_FILES_AT_ONCE = 1000
"""Files matched before the screen may react again: about 2 ms."""


def pattern_of(tree: Tree, path: str, shown_as: str) -> tuple[str, bytes]:
    r"""Return a pattern for a file or folder, and all files that it matches as an option.

    An option is matched with the path below the folder that was named, and with the path as it is shown. A pattern
    may so match more than is meant, if a folder has the name of one above it; of two patterns, the one is returned
    that matches fewer files.

    Args:
        tree: the files.
        path: path from the root, ending in a slash for a folder.
        shown_as: the root as it is shown, ending in a slash; empty for the current folder.

    Raises:
        UsageError: the path is longer than a pattern may be.

    >>> pattern_of(Tree.of(["a/[1] ", "b"], tokens=[1, 1], sizes=[1, 1]), "a/[1] ", "")
    ('/a/\\[1]\\ ', b'\x01\x00')
    """
    top = shown_as.removeprefix("/")
    meant = [(path, _literal_ranges(tree, path, top)), (top + path, _literal_ranges(tree, top + path, top))]
    found = [("/" + _escaped(each), marked(len(tree.paths), ranges)) for each, ranges in meant]
    pattern, marks = min(found, key=lambda one: one[1].count(1))
    globs((pattern,), option="--exclude")
    return pattern, marks


def _literal_ranges(tree: Tree, path: str, top: str) -> list[tuple[int, int]]:
    """Return the ranges of the files whose path, or whose path as shown, is a path or below it."""
    folder = path if path.endswith("/") else path + "/"  # the pattern of a file matches a folder of its name, too
    ranges = [tree.range_below(path), tree.range_below(folder)]
    if path.startswith(top):
        ranges += [tree.range_below(path[len(top) :]), tree.range_below(folder[len(top) :])]
    elif top.startswith(folder):
        ranges.append(tree.range_below(""))
    return ranges


def _escaped(path: str) -> str:
    """Return a path as a pattern that matches nothing else."""
    escaped = re.sub(r"([\\*?\[])", r"\\\1", path)
    blanks = len(escaped) - len(escaped.rstrip(" "))
    return escaped[: len(escaped) - blanks] + "\\ " * blanks


def matches(tree: Tree, pattern: str, shown_as: str, *, option: str) -> Iterator[bytes]:
    """Yield the marks of the files that a pattern matches, for some files at a time.

    Args:
        tree: the files.
        pattern: one pattern, in gitignore syntax.
        shown_as: the root as it is shown, ending in a slash; empty for the current folder.
        option: the option that it will be given to, for messages.

    Raises:
        UsageError: it is not a pattern, or begins with ``!``.
    """
    if pattern.startswith("!"):
        message = f"{option}: '{pattern}' takes back what other patterns match"
        raise UsageError(message, hint="press x on a row that is left out, or u for the last one")
    match = _matcher(pattern, shown_as.removeprefix("/"), option)
    for start in range(0, len(tree.paths), _FILES_AT_ONCE):
        yield match(tree.paths[start : start + _FILES_AT_ONCE])


def _matcher(pattern: str, top: str, option: str) -> Callable[[Sequence[str]], bytes]:
    """Return a function that says of each path whether it, or the path as it is shown, matches a pattern."""
    spec = compiled([pattern]) if globs((pattern,), option=option) else None
    regex = next((one.regex for one in spec.patterns if one.include), None) if spec else None
    if regex is None:  # blanks, or a comment
        return lambda paths: bytes(len(paths))
    # Of one pattern that is not negated, whether it matches is all that there is to know: this takes a fifth of the
    # time of asking the spec.
    search = regex.search
    if not top:
        return lambda paths: bytes(map(bool, map(search, paths)))
    return lambda paths: bytes([search(path) is not None or search(top + path) is not None for path in paths])
