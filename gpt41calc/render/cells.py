"""The cells of a report, and how a column of them is written so that its numbers can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .numbers import dollars_in_places, number, percent_in_places, places_of_dollars, places_of_percents

__all__ = ["Cell", "Figure", "Money", "Share", "Word", "is_number", "shown", "style_of", "written_column"]


class Money(NamedTuple):
    """An amount of US dollars, written with as many decimals as the others of its column."""

    amount: Decimal
    """How much, unrounded."""

    mark: str = ""
    """``~`` before an amount that rests on an estimated count."""


class Share(NamedTuple):
    """A percentage, written with as many decimals as the others of its column, beside a bar where there is room."""

    percent: Decimal
    """Of what is allowed or of the whole; above 100 if it is exceeded."""

    mark: str = ""
    """``~`` before an estimate."""

    style: str = ""
    """How number and bar are drawn; empty: like the row."""


class Figure(NamedTuple):
    """A number in words, aligned like the numbers of its column."""

    text: str
    """What is written."""

    style: str = ""
    """How it is drawn; empty: like the row."""


class Word(NamedTuple):
    """A word that is drawn in a style of its own, such as a verdict."""

    text: str
    """What is written."""

    style: str = ""
    """How it is drawn; empty: like the row."""


Cell = str | int | Decimal | date | Money | Share | Figure | Word | None
"""Text, a count, a decimal with the digits that were given, a day, one of the above, or nothing."""


def is_number(cell: Cell) -> bool:
    """Return whether a cell is aligned right."""
    return isinstance(cell, int | Decimal | Money | Share | Figure)


def style_of(cell: Cell) -> str:
    """Return how a cell is drawn; empty: like its row."""
    return cell.style if isinstance(cell, Share | Figure | Word) else ""


def written_column(cells: Sequence[Cell]) -> list[str]:
    """Write the cells of a column; amounts get the same decimals, percentages and plain decimals too.

    >>> written_column([Money(Decimal("0.0081")), Money(Decimal("0.00040"), "~"), None])
    ['$0.00810', '~$0.00040', '–']
    >>> written_column([Decimal("2.00"), Decimal("0.025")])
    ['2.000', '0.025']
    """
    amounts = [cell.amount for cell in cells if isinstance(cell, Money)]
    shares = [cell.percent for cell in cells if isinstance(cell, Share)]
    decimals = [_places(cell) for cell in cells if isinstance(cell, Decimal)]
    money, share, places = places_of_dollars(amounts), places_of_percents(shares), max(decimals, default=0)
    written = []
    for cell in cells:
        if isinstance(cell, Money):
            written.append(cell.mark + dollars_in_places(cell.amount, money))
        elif isinstance(cell, Share):
            written.append(cell.mark + percent_in_places(cell.percent, share))
        elif isinstance(cell, Decimal):
            written.append(f"{cell:.{places}f}" if cell or _places(cell) else "0")
        else:
            written.append(shown(cell))
    return written


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def shown(cell: Cell) -> str:
    """Write a cell alone.

    >>> [shown(cell) for cell in (None, 1000, Decimal("0.40"), "x", Figure("16x"))]
    ['–', '1,000', '0.40', 'x', '16x']
    """
    if cell is None:
        return "–"
    if isinstance(cell, int):
        return number(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Figure | Word):
        return cell.text
    return written_column([cell])[0] if isinstance(cell, Money | Share) else cell.isoformat()
