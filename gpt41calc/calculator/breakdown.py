"""Break the tokens of an input down by file, by folder, by extension, or as a tree."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ..tally import Counted, Tally

__all__ = ["Breakdown", "By", "Grouping", "Row", "as_text", "break_down", "largest_first"]

By = Literal["file", "folder", "extension"]
"""What one row of a breakdown stands for."""

NO_EXTENSION = "(none)"
"""The name shown for files without an extension."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """How to divide an input into parts."""

    by: By = "file"
    """What one part is."""

    top: int | None = None
    """Show only this many of the largest parts. None for all of them."""

    tree_depth: int | None = None
    """Also make a tree with this many levels below the common folder; 0 for all levels. None for no tree."""


@dataclass(frozen=True, slots=True)
class Row:
    """One part of the input."""

    name: str
    """A path, a folder or an extension."""

    files: int
    """Number of inputs in this part."""

    bytes: int
    """Size of these inputs, in bytes."""

    tokens: int
    """Tokens of these inputs, in the encoding of the report."""

    depth: int = 0
    """Depth in a tree, 0 at the top; 0 in a flat list."""

    @property
    def is_folder(self) -> bool:
        """Whether the row is a folder of a tree."""
        return self.name.endswith("/")


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The parts of an input."""

    by: By
    """What one row stands for."""

    rows: tuple[Row, ...]
    """The rows shown: largest first if ``top`` was given, else sorted by name."""

    omitted: int = 0
    """Number of smaller parts that are not shown."""

    tree: tuple[Row, ...] | None = None
    """Folders and files, sorted by name, each folder before its contents and with their sum. None for no tree."""


def break_down(
    inputs: Tally,
    encoding: str,
    grouping: Grouping,
    *,
    tokens_of: Callable[[int], int] = int,
) -> Breakdown:
    """Return the breakdown of an input.

    Args:
        inputs: the counted files.
        encoding: the encoding of the counts.
        grouping: what one part is, and how many are shown.
        tokens_of: converts a count in the encoding into tokens of a model.
    """
    key, top, depth = _KEYS[grouping.by], grouping.top, grouping.tree_depth
    rows = _grouped(inputs.counted, encoding, lambda one: [key(one.path)], tokens_of)
    shown = sorted(rows, key=lambda row: (-row.tokens, row.name))[:top] if top is not None else rows
    tree = None if depth is None else _tree(inputs.counted, encoding, depth, tokens_of)
    return Breakdown(grouping.by, tuple(shown), len(rows) - len(shown), tree)


def as_text(inputs: Tally, encoding: str, model: str) -> Tally:
    """Return the counted inputs, with the tokens that rules add for a model as if they were text."""
    if not inputs.is_modelled:
        return inputs
    counted = (
        one._replace(tokens={**one.tokens, encoding: one.tokens.get(encoding, 0) + one.added.get(model, 0)})
        for one in inputs.counted
    )
    return Tally.of(*counted, *inputs.skipped)


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
    """Return folders and files, parents first, with the common folder of all files as one root."""
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
    """Return the rows of a tree, each folder before its contents, and the contents largest first.

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
