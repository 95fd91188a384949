"""A plain table of cells, which every format can write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from .answer import Answer
from .numbers import number

__all__ = ["Cell", "Sheet", "shown"]

Cell = str | int | Decimal | date | None
"""Text, a count, an amount of dollars, a day, or nothing."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows under headings, and what belongs around them."""

    title: str
    """What the rows are; empty: the answer says so."""

    columns: tuple[str, ...]
    """Headings; in CSV the same in snake_case."""

    rows: tuple[tuple[Cell, ...], ...]
    """One cell a column."""

    document: Mapping[str, Any] = field(default_factory=dict)
    """The same for JSON."""

    notes: tuple[str, ...] = ()
    """Sentences below the table."""

    quiet: tuple[str, ...] = ()
    """The lines that ``--quiet`` prints instead."""

    depths: tuple[int, ...] = ()
    """How deep each row lies in a tree; none: it is a flat list."""

    answer: Answer | None = None
    """The first line. None if the title is the answer already."""

    explained: tuple[str, ...] = ()
    """Sentences that follow the notes with ``--explain``, and in Markdown always."""

    expendable: tuple[str, ...] = ()
    """Headings of the columns that a narrow terminal does without, the first to go first."""

    @property
    def outlined(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows with the paths of a tree indented under their folders, where lines can be indented."""
        if not self.depths:
            return self.rows
        return tuple(
            (*row[:-1], "  " * depth + _last_step(str(row[-1])) if depth else row[-1])
            for row, depth in zip(self.rows, self.depths, strict=True)
        )

    @property
    def numeric(self) -> tuple[bool, ...]:
        """For every column, whether it holds numbers and nothing else."""
        columns = ([row[at] for row in self.rows if row[at] is not None] for at in range(len(self.columns)))
        return tuple(bool(cells) and all(isinstance(cell, int | Decimal) for cell in cells) for cells in columns)


def _last_step(path: str) -> str:
    """Return a file's name, or a folder's with its slash."""
    return path[path.rstrip("/").rfind("/") + 1 :]


def shown(cell: Cell) -> str:
    """Write a cell for people.

    >>> [shown(cell) for cell in (None, 1000, Decimal("0.40"), "x")]
    ['–', '1,000', '0.40', 'x']
    """
    if cell is None:
        return "–"
    if isinstance(cell, int):
        return number(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell if isinstance(cell, str) else cell.isoformat()
