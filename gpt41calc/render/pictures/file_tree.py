"""Files in their folders, with as many of them as can be seen; the others are added up."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..escape import without_hidden
from ..numbers import number, plural

__all__ = ["FileTree", "Node", "file_tree"]

MOST_IN_A_FOLDER = 150
"""Most rectangles in a folder: with more of them, the smallest could not be seen."""

MOST_NODES = 6000
"""Most rectangles of a tree, which keeps the data of a page below 400 kB."""

LONGEST_NAME = 120
"""Longest name, in characters; the middle of longer ones is left out."""


class Node(NamedTuple):
    """A folder, a file, or several files that are too small to be seen."""

    parent: int
    """Place of its folder in the tree; -1 for the root."""

    name: str
    """Its own name, safe to show; a folder's ends in a slash. Empty for several small files."""

    tokens: int
    """Tokens in it."""

    files: int
    """Number of files in it."""


@dataclass(frozen=True, slots=True)
class FileTree:
    """Folders and files, each folder before its contents, the contents of a folder largest first."""

    nodes: tuple[Node, ...]
    """The root, and everything below it."""

    small_files: int = 0
    """Number of files that have no rectangle of their own."""

    def children(self) -> list[list[int]]:
        """Return the places of the contents of every node."""
        inside: list[list[int]] = [[] for _ in self.nodes]
        for place, node in enumerate(self.nodes):
            if node.parent >= 0:
                inside[node.parent].append(place)
        return inside

    def notes(self) -> tuple[str, ...]:
        """Return a sentence on the files without a rectangle of their own; none if there are no such files."""
        if not self.small_files:
            return ()
        whole = number(self.nodes[0].files)
        small = plural(self.small_files, "file")
        return (f"{small} of {whole} are too small to be seen, and added up in their folder; --json lists every one",)


@dataclass(slots=True)
class _Folder:
    """A folder while the tree is built."""

    name: str
    tokens: int = 0
    files: int = 0
    inside: dict[str, _Folder] = field(default_factory=dict)


def file_tree(files: Iterable[Mapping[str, Any]]) -> FileTree | None:
    """Return the tree of the files of a document. None if they have no tokens.

    Args:
        files: what ``files`` of a JSON document has, with ``path`` and ``tokens``.
    """
    root = _grown(files)
    if not root.tokens:
        return None
    nodes = [Node(-1, _shown(root), root.tokens, root.files)]
    small_files = 0
    open_folders = [(-root.tokens, 0, root)]
    while open_folders:  # the largest folder first, so that the limit cuts off the smallest
        _, place, folder = heapq.heappop(open_folders)
        most_children = min(MOST_IN_A_FOLDER, MOST_NODES - len(nodes))
        shown, rest = _largest(folder, most_children)
        for one in shown:
            if one.inside:
                heapq.heappush(open_folders, (-one.tokens, len(nodes), one))
            nodes.append(Node(place, _shown(one), one.tokens, one.files))
        tokens = sum(one.tokens for one in rest)
        if tokens and shown:
            nodes.append(Node(place, "", tokens, sum(one.files for one in rest)))
        small_files += sum(one.files for one in rest)
    return FileTree(tuple(nodes), small_files)


def _largest(folder: _Folder, most_children: int) -> tuple[list[_Folder], list[_Folder]]:
    """Return the contents that are shown, largest first, and the others; nothing is shown where there is no room."""
    contents = sorted(folder.inside.values(), key=lambda one: (-one.tokens, one.name))
    seen = [one for one in contents if one.tokens]
    most = most_children if len(contents) <= most_children else most_children - 1
    shown = seen[: max(most, 0)]
    return shown, contents[len(shown) :]


def _grown(files: Iterable[Mapping[str, Any]]) -> _Folder:
    """Return all folders, with what is in them added up; a folder that holds only another one is joined with it."""
    root = _Folder("")
    for file in files:
        steps = _steps(file["path"])
        folder = root
        _add(folder, file["tokens"])
        for step in steps:
            folder = folder.inside.setdefault(step, _Folder(step))
            _add(folder, file["tokens"])
    return _joined(root)


def _add(folder: _Folder, tokens: int) -> None:
    folder.tokens += tokens
    folder.files += 1


def _steps(path: str) -> Iterator[str]:
    """Yield the folders of a path, each with its slash, and the name of the file.

    >>> list(_steps("/src//a.py")), list(_steps("a"))
    (['/', 'src/', '/', 'a.py'], ['a'])
    """
    *folders, name = path.split("/")
    yield from (f"{folder}/" for folder in folders)
    yield name


def _joined(root: _Folder) -> _Folder:
    pending = [root]
    while pending:
        folder = pending.pop()
        while len(folder.inside) == 1 and (only := next(iter(folder.inside.values()))).inside:
            folder.name += only.name
            folder.inside = only.inside
        pending += folder.inside.values()
    return root


def _shown(folder: _Folder) -> str:
    r"""Return the name of a folder or file as it can be shown anywhere, and not too long.

    >>> _shown(_Folder("a\u202eb")), len(_shown(_Folder("x" * 10_000)))
    ('a\\u202eb', 120)
    """
    # A hidden character becomes several: what is certainly cut off need not be looked at.
    name, half = folder.name, LONGEST_NAME // 2
    shown = without_hidden(name if len(name) <= 2 * LONGEST_NAME else name[:LONGEST_NAME] + name[-LONGEST_NAME:])
    if len(name) <= LONGEST_NAME and len(shown) <= LONGEST_NAME:
        return shown
    return f"{shown[:half]}…{shown[-half + 1 :]}"
