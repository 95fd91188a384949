"""The counted files of a folder as a tree, made for 100,000 of them.

Files are sorted so that those below any folder are neighbours: a folder is a range of files, and what it holds is the
difference of two running sums.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import le

__all__ = ["ROOT", "Folder", "Tree"]

ROOT = 0
"""Number of the folder that holds all others."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder with at least one counted file somewhere below it."""

    path: str
    """Its path from the root of the tree, ending in a slash; empty for the root."""

    parent: int
    """Number of the folder that holds it; its own for the root."""

    start: int
    """Number of the first file below it."""

    end: int
    """Number of the first file behind those below it."""

    items: tuple[int, ...]
    """What is directly in it, by name: a file as its number, a folder as the complement (``~``) of its number."""


@dataclass(slots=True)
class _Open:
    """A folder whose files are being read."""

    path: str
    number: int
    parent: int
    start: int
    items: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)  # a tree is equal to itself alone: comparing 100,000 files takes time
class Tree:
    """Folders and files.

    >>> tree = Tree.of(["b/c", "a", "b.txt"], tokens=[2, 1, 3], sizes=[9, 5, 9])
    >>> tree.paths, [tree.path_of(item) for item in tree.folders[ROOT].items]
    (('a', 'b/c', 'b.txt'), ['a', 'b/', 'b.txt'])
    """

    paths: tuple[str, ...]
    """The path of every file; the files below a folder are neighbours."""

    tokens: tuple[int, ...]
    """The tokens of every file."""

    bytes: tuple[int, ...]
    """The size of every file, in bytes."""

    folders: tuple[Folder, ...]
    """Every folder, the root first."""

    @classmethod
    def of(cls, paths: Sequence[str], *, tokens: Sequence[int], sizes: Sequence[int]) -> Tree:
        """Return the tree of some files, given column by column: 100,000 objects would take 100 ms to make.

        Args:
            paths: the path of every file from the root, with forward slashes.
            tokens: the tokens of every file.
            sizes: the size of every file, in bytes.
        """
        keys = list(map(_order, paths))
        if not all(map(le, keys, islice(keys, 1, None))):  # in most folders they are in order
            order = sorted(range(len(keys)), key=keys.__getitem__)
            paths = list(map(paths.__getitem__, order))
            tokens, sizes = (list(map(column.__getitem__, order)) for column in (tokens, sizes))
        return cls(paths=tuple(paths), tokens=tuple(tokens), bytes=tuple(sizes), folders=_folders(paths))

    def path_of(self, item: int) -> str:
        """Return the path of a file or, ending in a slash, of a folder."""
        return self.paths[item] if item >= 0 else self.folders[~item].path

    def range_of(self, item: int) -> tuple[int, int]:
        """Return the numbers of the first file of an item and of the first file behind it."""
        if item >= 0:
            return item, item + 1
        folder = self.folders[~item]
        return folder.start, folder.end

    def has_folders(self, folder: int) -> bool:
        """Return whether there are folders in a folder: the first of them would be the next one of all."""
        return folder + 1 < len(self.folders) and self.folders[folder + 1].parent == folder

    def range_below(self, path: str) -> tuple[int, int]:
        """Return the range of the file of a path, or of all files below a folder; an empty one if there are none.

        Args:
            path: a path from the root, ending in a slash for a folder; empty for everything.
        """
        if not path:
            return 0, len(self.paths)
        start = bisect_left(self.paths, _order(path), key=_order)
        if not path.endswith("/"):
            return start, start + (self.paths[start : start + 1] == (path,))
        behind = _order(path)[:-1] + "\x01"  # no name has a NUL, and none sorts before it
        return start, bisect_left(self.paths, behind, lo=start, key=_order)


def _order(path: str) -> str:
    """Return a key by which the files below a folder are neighbours: a slash sorts before every other character."""
    return path.replace("/", "\0")


def _folders(paths: Sequence[str]) -> tuple[Folder, ...]:
    """Return every folder of some ordered paths, the root first, without recursion: trees may be deep."""
    current = _Open("", ROOT, ROOT, 0)
    above: list[_Open] = []
    done: dict[int, Folder] = {}
    numbers = 1
    for number, path in enumerate(paths):
        folder = path[: path.rfind("/") + 1]
        if folder != current.path:
            while not folder.startswith(current.path):
                done[current.number] = _closed(current, number)
                current = above.pop()
            while len(current.path) < len(folder):
                inner = folder[: folder.index("/", len(current.path)) + 1]
                current.items.append(~numbers)
                above.append(current)
                current = _Open(inner, numbers, current.number, number)
                numbers += 1
        current.items.append(number)
    for each in (*above, current):
        done[each.number] = _closed(each, len(paths))
    return tuple(done[number] for number in range(numbers))


def _closed(folder: _Open, end: int) -> Folder:
    return Folder(folder.path, folder.parent, folder.start, end, tuple(folder.items))
