"""The rows of a folder as lines of text, for any width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ...render.bar import bar
from ...render.escape import for_terminal
from ...render.numbers import dollars_in_places, number, percent_in_places, places_of_dollars, size
from .text import Line, fitted
from .totals import Totals
from .view import Order, Row

__all__ = ["Columns", "columns_for"]

_MOST_CHARACTERS = 400
"""Characters of a name that are looked at: more than a row has room for."""

_NARROW, _WIDE = 60, 100
"""Below the first width there is no bar, and above the second it is longer, and files and sizes have columns, too."""

_MARKS = {"kept": "  ", "partly": "± ", "left out": "× "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """How the rows of one folder are written: their numbers can be compared."""

    width: int
    """Columns of the screen."""

    totals: Totals
    """The model by which tokens are written, and the prices."""

    whole_tokens: int
    """Tokens of the folder that is shown: 100 %, in the encoding of the tree."""

    places: int
    """Decimal places of the costs."""

    order: Order
    """By what the rows are sorted; its heading is underlined."""

    @property
    def _bar(self) -> int:
        return 0 if self.width < _NARROW else 10 if self.width < _WIDE else 20

    @property
    def _is_wide(self) -> bool:
        return self.width >= _WIDE

    def headings(self) -> list[tuple[str, Order]]:
        """Return the headings with the columns that they stand over, each with the order of its column."""
        named = [(f"{'Tokens':>13}", Order.TOKENS), (f"{'Share':>9}" + " " * (self._bar + 1), Order.TOKENS)]
        if self._is_wide:
            named += [(f"{'Files':>9}", Order.FILES), (f"{'Size':>10}", Order.SIZE)]
        cost = f"{'Cost in':>10}"
        taken = sum(len(text) for text, _ in named) + len(cost)
        return [*named, (cost, Order.TOKENS), (fitted("  Name", self.width - taken), Order.NAME)]

    def line(self, row: Row) -> Line:
        """Return a row as a line."""
        setting = self.totals.setting
        tokens = setting.tokens_of(row.tokens)
        percent = Decimal(100 * row.tokens) / max(self.whole_tokens, 1)
        share = percent_in_places(percent, 1) if percent >= Decimal("0.05") or not row.tokens else "<0.1 %"
        numbers = f"{_MARKS[row.state]}{number(tokens):>11}{share:>9} "
        cost = self.totals.cost_of(row.tokens)
        priced = "–" if cost is None else dollars_in_places(cost, self.places)
        more = f"{number(row.files):>9}{size(row.bytes):>10}" if self._is_wide else ""
        taken = len(numbers) + self._bar + len(more) + 10
        name = fitted("  " + for_terminal(row.name[:_MOST_CHARACTERS]), self.width - taken)
        plain = "dim" if row.state == "left out" else ""
        return [
            (numbers, plain),
            (bar(min(percent, Decimal(100)), self._bar) if self._bar else "", plain or "cyan"),
            (f"{more}{priced:>10}", plain),
            ("  ", ""),
            (name[2:].rstrip(), f"{plain} strike" if plain else "bold" if row.is_folder else ""),
        ]


def columns_for(totals: Totals, tokens: Sequence[int], whole_tokens: int, width: int, order: Order) -> Columns:
    """Return how the rows of a folder are written.

    Args:
        totals: the model and the prices.
        tokens: the fewest and the most tokens of its rows, in the encoding of the tree.
        whole_tokens: tokens of the folder, in the same.
        width: columns of the screen.
        order: by what the rows are sorted.
    """
    costs = [cost for each in tokens if (cost := totals.cost_of(each))]
    return Columns(
        width=width,
        totals=totals,
        whole_tokens=whole_tokens,
        places=min(places_of_dollars(costs), _MOST_PLACES),
        order=order,
    )


_MOST_PLACES = 4
"""Decimal places of a column of ten characters."""
