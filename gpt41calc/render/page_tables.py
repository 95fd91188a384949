"""The tables of an HTML page: cells with their text and, where they are numbers, their exact value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .cells import Cell, Money, Share, shown, style_of
from .json import plain_decimal
from .pictures.file_tree import FileTree
from .pictures.picture import Bars, Lines, Picture, Treemap
from .sheet import Sheet
from .templates import shown_safely

__all__ = ["Column", "PageTable", "TableCell", "TableRow", "picture_table", "sheet_table"]

MOST_FILES = 100
"""Most files in the table beside a treemap."""


class TableCell(NamedTuple):
    """A cell."""

    text: str
    """The text, safe to show."""

    value: str | None = None
    """The exact number. None if the cell is no number."""

    look: str = ""
    """Its classes in the style sheet."""


class Column(NamedTuple):
    """A column."""

    name: str
    """Its heading."""

    is_numeric: bool
    """Whether it has only numbers."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row."""

    cells: tuple[TableCell, ...]
    """A cell for each column."""

    look: str = ""
    """Its class in the style sheet."""


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table."""

    title: str
    """Its title; empty if the answer is enough."""

    columns: tuple[Column, ...]
    """The columns."""

    rows: tuple[TableRow, ...]
    """The rows."""

    notes: tuple[str, ...] = ()
    """Sentences below it."""


def sheet_table(sheet: Sheet) -> PageTable:
    """Return a sheet as a table of a page."""
    numeric = sheet.numeric
    looks = [
        "number" if right else "fixed" if whole else ""
        for right, whole in zip(numeric, _fixed_columns(sheet), strict=True)
    ]
    styles = sheet.look.styles or ("",) * len(sheet.rows)
    rows = tuple(
        TableRow(
            tuple(
                TableCell(
                    shown_safely(text),
                    _value(cell),
                    _look(cell, looks[at]),
                )
                for at, (cell, text) in enumerate(zip(row, texts, strict=True))
            ),
            style if style in {"dim", "bold"} else "",
        )
        for row, texts, style in zip(sheet.rows, sheet.written(), styles, strict=True)
    )
    columns = tuple(map(Column, sheet.columns, numeric)) if rows else ()
    notes = map(shown_safely, sheet.own_notes(is_explained=True))  # a page has all of them
    return PageTable(shown_safely(sheet.title), columns, rows, tuple(notes))


def _value(cell: Cell) -> str | None:
    if isinstance(cell, Money | Share):
        return plain_decimal(cell[0])
    if isinstance(cell, Decimal):
        return plain_decimal(cell)
    return str(int(cell)) if isinstance(cell, int) else None


_LOOKS = {"red": "over", "yellow": "doubt", "green": "good"}
"""Classes of the styles that cells have on a terminal."""


def _fixed_columns(sheet: Sheet) -> list[bool]:
    """Return for every column whether its cells are never broken: days, and short words that stay whole elsewhere."""
    inside = zip(*sheet.rows, strict=True) if sheet.rows else ((),) * len(sheet.columns)
    columns = zip(sheet.columns, inside, strict=True)
    return [
        all(isinstance(cell, date | None) for cell in cells)
        or (heading in sheet.look.fixed and all(len(shown(cell)) <= _LONGEST_FIXED for cell in cells))
        for heading, cells in columns
    ]


_LONGEST_FIXED = 40


def _look(cell: Cell, column: str) -> str:
    return " ".join(filter(None, [column, *(look for colour, look in _LOOKS.items() if colour in style_of(cell))]))


def picture_table(picture: Picture) -> PageTable:
    """Return the numbers of a picture, for those who cannot see it and those who want to copy them."""
    if isinstance(picture, Treemap):
        return _table(("Path", "Tokens", "Files"), _file_rows(picture.tree))
    if isinstance(picture, Bars):
        names = picture.series if len(picture.series) > 1 else ()
        return _table(("Name", *map(str.capitalize, names), "Shown"), _bar_rows(picture))
    if isinstance(picture, Lines):
        rows = ((one.name, day, price) for one in picture.lines for day, price in one.steps)
        return _table(("Price of", "Since", "Dollars per million tokens"), rows)
    return _table(
        ("Name", picture.x_name.partition(" (")[0], picture.y_name), ((d.name, d.x, d.y) for d in picture.dots)
    )


def _bar_rows(picture: Bars) -> Iterator[tuple[Cell, ...]]:
    is_stacked = len(picture.series) > 1
    for one in picture.bars:
        yield (one.name, *(one.parts if is_stacked else ()), one.text)


def _file_rows(tree: FileTree) -> Iterator[tuple[Cell, ...]]:
    """Yield the largest files and small files that are added up, each with its whole path."""
    nodes, inside = tree.nodes, tree.children()
    leaves = [place for place, within in enumerate(inside) if not within]
    for place in sorted(leaves, key=lambda at: -nodes[at].tokens)[:MOST_FILES]:
        steps, at = [], place
        while at >= 0:
            steps.append(nodes[at].name or f"{nodes[at].files:,} smaller files")
            at = nodes[at].parent
        yield ("".join(reversed(steps)), nodes[place].tokens, nodes[place].files)


def _table(headings: Sequence[str], rows: Iterator[tuple[Cell, ...]]) -> PageTable:
    return sheet_table(Sheet(title="", columns=tuple(headings), rows=tuple(rows)))
