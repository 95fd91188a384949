"""CSV: one row per model, move, price or part of the input."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from decimal import Decimal

from ..calculator.cost import Cost
from ..calculator.estimate import Estimate
from ..calculator.model_estimate import ModelEstimate
from .breakdown import breakdown_sheet
from .cells import Figure, Money, Share, Word
from .escape import as_unicode, for_csv
from .json import plain_decimal
from .migration import move_amounts_sheet
from .sheet import Cell, Sheet

__all__ = ["CsvRenderer"]


class CsvRenderer:
    """Comma-separated values with a header."""

    def __init__(self, *, raw: bool = False) -> None:
        """Take whether text is unchanged (``raw``) or protected from being read as a formula."""
        self._raw = raw

    def estimate(self, estimate: Estimate) -> str:
        """Return a row per model; or per part if a breakdown was requested, or per move if a migration was."""
        if estimate.breakdown:
            return self.sheet(breakdown_sheet(estimate.breakdown, estimate.input_tokens))
        if estimate.migration:
            return self.sheet(move_amounts_sheet(estimate.migration))
        versus = list(dict.fromkeys(comparison.versus for comparison in estimate.savings))
        monthly = [] if estimate.requests_per_month is None else ["cost_per_month"]
        headings = [*_FIELDS, *monthly, *(f"{what}_versus_{other}" for other in versus for what in _SAVING_FIELDS)]
        rows = [[*_fields(one, estimate), *_savings(estimate, one, versus)] for one in estimate.models]
        return self._write([headings, *rows])

    def sheet(self, sheet: Sheet) -> str:
        """Return the rows of a sheet."""
        headings = [_HEADING.sub("_", heading.lower()).strip("_") for heading in sheet.columns]
        return self._write([headings, *sheet.rows])

    def _write(self, rows: Iterable[Iterable[Cell]]) -> str:
        return "".join(_line([self._cell(cell) for cell in row]) for row in rows)

    def _cell(self, cell: Cell) -> str:
        if isinstance(cell, str):
            return as_unicode(cell if self._raw else for_csv(cell))
        if isinstance(cell, Money | Share | Figure | Word):
            return self._cell(cell[0])
        if isinstance(cell, Decimal):
            return plain_decimal(cell)
        if isinstance(cell, bool):
            return str(cell).lower()
        return "" if cell is None else str(cell)


def _line(cells: list[str]) -> str:
    r"""Return one row.

    Before Python 3.13 the writer quotes only the line ends that it writes
    itself: a bare ``\r`` in a name would begin a row for who reads it.

    >>> _line(["a\r=b", "c"])
    '"a\r=b",c\n'
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().removesuffix("\r\n") + "\n"


_HEADING = re.compile("[^a-z0-9]+")
"""Characters that are left out of a heading in CSV: "Input $" becomes ``input``."""

_SAVING_FIELDS = ("saving", "saving_low", "saving_high", "saving_percent")

_FIELDS = (
    "model",
    "name",
    "role",
    "status",
    "shutdown",
    "replacement",
    "exactness",
    "complete",
    "input_tokens",
    "input_tokens_low",
    "input_tokens_high",
    "window",
    "max_output",
    "used",
    "used_percent",
    "fits",
    "headroom",
    "requests_needed",
    "cost_input",
    "cost_cached_input",
    "cost_output",
    "cost_per_request",
    "cost_total",
    "cost_total_low",
    "cost_total_high",
)


def _fields(one: ModelEstimate, estimate: Estimate) -> list[Cell]:
    model, fit, cost = one.model, one.context, one.cost
    return [
        model.id,
        model.name,
        one.role,
        None if one.status == "unreleased" else one.status,
        model.shutdown,
        model.replacement,
        one.exactness,
        estimate.inputs.complete,
        one.tokens.value,
        one.tokens.low,
        one.tokens.high,
        fit.window,
        fit.max_output,
        fit.used.value,
        fit.used_percent,
        fit.fits,
        fit.headroom,
        fit.requests_needed,
        *_amounts(cost),
        *([] if estimate.requests_per_month is None else [estimate.a_month(one)]),
    ]


def _amounts(cost: Cost | None) -> list[Cell]:
    if cost is None:
        return [None] * 7
    total = cost.total
    return [cost.input, cost.cached_input, cost.output, cost.per_request, total.value, total.low, total.high]


def _savings(estimate: Estimate, one: ModelEstimate, versus: list[str]) -> list[Cell]:
    """Return amount and percentage compared with every comparator; empty for comparators themselves."""
    by_pair = {(each.model, each.versus): each.saving for each in estimate.savings}
    cells: list[Cell] = []
    for other in versus:
        saving = by_pair.get((one.model.id, other))
        if saving is None:
            cells += [None] * len(_SAVING_FIELDS)
        else:
            cells += [saving.amount.value, saving.amount.low, saving.amount.high, saving.percent]
    return cells
