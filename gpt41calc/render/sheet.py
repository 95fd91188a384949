"""A table of cells that every format can write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from .answer import Answer
from .cells import Cell, is_number, shown, written_column

if TYPE_CHECKING:
    from .pictures.picture import Picture

__all__ = ["BAR", "MOST_NOTES", "Cell", "Look", "Sheet", "short_notes", "shown"]

MOST_NOTES = 3
"""Most sentences below a table; the rest are for ``--explain``."""

_POINTER = "more: --explain"

BAR = "bar"
"""Stands in ``expendable`` for the bar beside percentages, which is not a column."""


class Look(NamedTuple):
    """Style of rows on a terminal; plain text and Markdown use only the headings, CSV and JSON nothing."""

    expendable: tuple[str, ...] = ()
    """Headings of the columns that a narrow terminal omits, in this order; may contain ``BAR``."""

    bar: str = ""
    """Heading of the column of percentages with a bar; empty for none."""

    fixed: tuple[str, ...] = ()
    """Headings of text columns that are never wrapped: identifiers, short words."""

    paths: str = ""
    """Heading of the column of paths, which are shortened in the middle if too long; empty for none."""

    styles: tuple[str, ...] = ()
    """Style of each row: ``dim`` for unusable models, ``bold``, or empty; an empty tuple for no styles."""

    rules: tuple[int, ...] = ()
    """Numbers of the rows before which a line is drawn."""


_PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows under headings, with title and notes."""

    title: str
    """Title of the table; empty if the answer is enough."""

    columns: tuple[str, ...]
    """Headings; in CSV, the same in snake_case."""

    rows: tuple[tuple[Cell, ...], ...]
    """One cell per column."""

    document: Mapping[str, Any] = field(default_factory=dict)
    """The document for JSON."""

    notes: tuple[str, ...] = ()
    """Sentences below the table: at most three, each fitting on a line of a narrow terminal."""

    quiet: tuple[str, ...] = ()
    """The lines printed with ``--quiet`` instead."""

    depths: tuple[int, ...] = ()
    """Depth of each row in a tree; empty for a flat list."""

    answer: Answer | None = None
    """The first line. None if the title is already the answer."""

    explained: tuple[str, ...] = ()
    """Sentences after the notes with ``--explain``, and always in Markdown."""

    look: Look = _PLAIN
    """Style of the table on a terminal."""

    pictures: Callable[[Mapping[str, Any]], Iterable[Picture]] | None = None
    """Makes the pictures of the document, for HTML and SVG. None if there are no pictures of it."""

    def drawn(self) -> Sequence[Picture]:
        """Return the pictures of the document; none if nothing can be drawn."""
        return list(self.pictures(self.document)) if self.pictures else []

    def own_notes(self, *, is_explained: bool) -> list[str]:
        """Return the notes; without the pointer to ``--explain`` where all sentences follow anyway.

        >>> [Sheet("", (), (), notes=("a; more: --explain",)).own_notes(is_explained=each) for each in (False, True)]
        [['a; more: --explain'], ['a']]
        """
        if not is_explained:
            return list(self.notes)
        return [note for each in self.notes if (note := each.removesuffix(_POINTER).removesuffix("; "))]

    @property
    def numeric(self) -> tuple[bool, ...]:
        """For every column, whether it contains only numbers."""
        columns = ([row[at] for row in self.rows if row[at] is not None] for at in range(len(self.columns)))
        return tuple(bool(cells) and all(map(is_number, cells)) for cells in columns)

    def written(self, *, ascii_only: bool = False) -> list[list[str]]:
        """Return the cells as text, row by row: numbers of a column can be compared, and a tree is drawn.

        Args:
            ascii_only: whether the lines of a tree are drawn with letters.
        """
        columns = [written_column(cells) for cells in zip(*self._outlined(ascii_only=ascii_only), strict=True)]
        rows = [list(row) for row in zip(*columns, strict=True)]
        return [["-" if text == "–" else text for text in row] for row in rows] if ascii_only else rows

    def _outlined(self, *, ascii_only: bool) -> Iterable[tuple[Cell, ...]]:
        """Return the rows with the last column as a tree, if there is one."""
        if not self.depths:
            return self.rows
        branches = _branches(self.depths, _LETTERS if ascii_only else _LINES)
        return (
            (*row[:-1], branch + _last_step(str(row[-1])) if depth else row[-1])
            for row, depth, branch in zip(self.rows, self.depths, branches, strict=True)
        )


_LINES = ("├── ", "└── ", "│   ")
_LETTERS = ("|-- ", "`-- ", "|   ")


def _branches(depths: tuple[int, ...], lines: tuple[str, str, str]) -> list[str]:
    """Return the lines before each name of a tree, parents first.

    Args:
        depths: how deep each name lies.
        lines: before a name that others follow, before the last one, and beside what is below another.

    >>> _branches((0, 1, 2, 1), ("├── ", "└── ", "│   "))
    ['', '├── ', '│   └── ', '└── ']
    """
    middle, last, beside = lines
    drawn = []
    open_levels: set[int] = set()  # those at which another row follows below
    for depth in reversed(depths):
        is_last = depth not in open_levels
        trunk = "".join(beside if level in open_levels else "    " for level in range(1, depth))
        drawn.append(trunk + (last if is_last else middle) if depth else "")
        open_levels = {level for level in open_levels if level < depth} | {depth}
    return drawn[::-1]


def short_notes(notes: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Divide sentences, the weightiest first, into those that always follow a table and those for ``--explain``.

    >>> short_notes(["a", "b", "c", "d"])
    (('a', 'b', 'c'), ('d',))
    """
    every = tuple(notes)
    return every[:MOST_NOTES], every[MOST_NOTES:]


def _last_step(path: str) -> str:
    """Return a file's name, or a folder's with its slash."""
    return path[path.rstrip("/").rfind("/") + 1 :]
