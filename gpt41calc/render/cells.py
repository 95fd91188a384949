"""The cells of a report, and the formatting of a column so that its numbers can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .numbers import dollars_in_places, number, percent_in_places, places_of_dollars, places_of_percents

__all__ = ["Cell", "Figure", "Money", "Share", "Word", "is_number", "shown", "style_of", "written_column"]


class Money(NamedTuple):
    """An amount of US dollars, shown with as many decimals as the others in its column."""

    amount: Decimal
    """The amount, unrounded."""

    mark: str = ""
    """``~`` before an amount that is based on an estimated count."""


class Share(NamedTuple):
    """A percentage, shown with as many decimals as the others in its column, and with a bar if there is room."""

    percent: Decimal
    """Percent of the allowed value or of the whole; above 100 if it is exceeded."""

    mark: str = ""
    """``~`` before an estimate."""

    style: str = ""
    """Style of number and bar; empty for the style of the row."""


class Figure(NamedTuple):
    """A number as text, aligned like the numbers in its column."""

    text: str
    """The text."""

    style: str = ""
    """Style; empty for the style of the row."""


class Word(NamedTuple):
    """A word with a style of its own, such as a verdict."""

    text: str
    """The text."""

    style: str = ""
    """Style; empty for the style of the row."""


Cell = str | int | Decimal | date | Money | Share | Figure | Word | None
"""Text, a count, a decimal with the digits that were given, a day, one of the above, or nothing."""


def is_number(cell: Cell) -> bool:
    """Return whether a cell is right-aligned."""
    return isinstance(cell, int | Decimal | Money | Share | Figure)


def style_of(cell: Cell) -> str:
    """Return the style of a cell; empty for the style of its row."""
    return cell.style if isinstance(cell, Share | Figure | Word) else ""


def written_column(cells: Sequence[Cell]) -> list[str]:
    """Return the cells of a column as text; amounts have the same decimals, and so have percentages and decimals.

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
    """Return a single cell as text.

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
