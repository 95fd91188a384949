"""Where the tokens are: by file, by folder, by extension, as a tree."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ..tally import Counted, Tally

__all__ = ["Breakdown", "By", "Grouping", "Row", "break_down", "largest_first"]

By = Literal["file", "folder", "extension"]
"""What the rows of a breakdown stand for."""

NO_EXTENSION = "(none)"
"""How files without an extension are shown."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """How to divide an input into parts."""

    by: By = "file"
    """What a part is."""

    top: int | None = None
    """Show only so many of the largest parts. None for all of them."""

    tree_depth: int | None = None
    """Also make a tree, of so many levels below the folder that holds everything; 0 for all. None for no tree."""


@dataclass(frozen=True, slots=True)
class Row:
    """One part of the input."""

    name: str
    """A path, a folder or an extension."""

    files: int
    """How many inputs it holds."""

    bytes: int
    """How many bytes they have."""

    tokens: int
    """How many tokens they have, in the encoding of the report."""

    depth: int = 0
    """How deep it lies in a tree; 0 in a flat list."""

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder of a tree."""
        return self.name.endswith("/")


@dataclass(frozen=True, slots=True)
class Breakdown:
    """An input in parts."""

    by: By
    """What a row stands for."""

    rows: tuple[Row, ...]
    """The parts that are shown: largest first if only the largest are, else by name."""

    omitted: int = 0
    """How many smaller parts are not shown."""

    tree: tuple[Row, ...] | None = None
    """Folders and files, parents first, then by name, each folder with the sum of what is in it. None for no tree."""


def break_down(
    inputs: Tally,
    encoding: str,
    grouping: Grouping,
    *,
    tokens_of: Callable[[int], int] = int,
) -> Breakdown:
    """Divide what was counted into parts.

    Args:
        inputs: what was counted.
        encoding: in which.
        grouping: what a part is, and which are shown.
        tokens_of: turns a count in the encoding into tokens of a model.
    """
    key, top, depth = _KEYS[grouping.by], grouping.top, grouping.tree_depth
    rows = _grouped(inputs.counted, encoding, lambda one: [key(one.path)], tokens_of)
    shown = sorted(rows, key=lambda row: (-row.tokens, row.name))[:top] if top is not None else rows
    tree = None if depth is None else _tree(inputs.counted, encoding, depth, tokens_of)
    return Breakdown(grouping.by, tuple(shown), len(rows) - len(shown), tree)


def _folder(path: str) -> str:
    return posixpath.dirname(path) or "."


def _extension(path: str) -> str:
    return posixpath.splitext(posixpath.basename(path))[1] or NO_EXTENSION


_KEYS: dict[By, Callable[[str], str]] = {"file": str, "folder": _folder, "extension": _extension}


def _grouped(
    counted: Iterable[Counted],
    encoding: str,
    keys: Callable[[Counted], Iterable[str]],
    tokens_of: Callable[[int], int],
) -> list[Row]:
    sums: dict[str, tuple[int, int, int]] = {}
    for one in counted:
        for key in keys(one):
            files, size, tokens = sums.get(key, (0, 0, 0))
            sums[key] = (files + 1, size + one.bytes, tokens + one.tokens[encoding])
    return [Row(name, files, size, tokens_of(tokens)) for name, (files, size, tokens) in sums.items()]


def _tree(counted: Sequence[Counted], encoding: str, levels: int, tokens_of: Callable[[int], int]) -> tuple[Row, ...]:
    """Return folders and files, parents first; what all have in common is one folder at the top."""
    common = _common_folder([one.path for one in counted])

    def places(one: Counted) -> Iterable[str]:
        steps = one.path[len(common) :].split("/")
        folders = [common + "/".join(steps[:level]) + "/" for level in range(1, len(steps))]
        return [*([common] if common else []), *folders, one.path]

    def depth(name: str) -> int:
        return 0 if name == common else bool(common) + name[len(common) :].rstrip("/").count("/")

    deepest = levels + bool(common) if levels else None
    rows = [
        Row(row.name, row.files, row.bytes, row.tokens, depth=depth(row.name))
        for row in _grouped(counted, encoding, places, tokens_of)
    ]
    shown = (row for row in rows if deepest is None or row.depth < deepest)
    return tuple(sorted(shown, key=lambda row: row.name.split("/")))


def largest_first(tree: Sequence[Row]) -> list[Row]:
    """Return the rows of a tree, parents first, and below each of them the largest first.

    >>> rows = [Row("a/", 2, 9, 9), Row("a/b", 1, 3, 3, depth=1), Row("a/c", 1, 6, 6, depth=1)]
    >>> [row.name for row in largest_first(rows)]
    ['a/', 'a/c', 'a/b']
    """
    above: list[tuple[int, str]] = []
    places = {}
    for row in tree:  # parents come first
        above = [*above[: row.depth], (-row.tokens, row.name)]
        places[row.name] = above
    return sorted(tree, key=lambda row: places[row.name])


def _common_folder(paths: Sequence[str]) -> str:
    """Return the folder that holds every path, ending in a slash; empty if there is none.

    >>> _common_folder(["src/a/b.py", "src/c.py"]), _common_folder(["a", "b/c"]), _common_folder(["/x/y/z"])
    ('src/', '', '/x/y/')
    """
    shared = posixpath.commonprefix([posixpath.dirname(path) + "/" if "/" in path else "" for path in paths])
    return shared[: shared.rfind("/") + 1]
