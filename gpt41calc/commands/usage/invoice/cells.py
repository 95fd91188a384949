"""Parse cells of an export: amounts, numbers of tokens, days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from ....errors import UsageError
from ..moments import moment

__all__ = ["Row", "amount_in", "count_in", "day_in", "has"]

Row = Mapping[str, Any]
"""A row of CSV, or a JSON object, by column name."""


def has(row: Row, *names: str) -> bool:
    """Return whether a row has all of some columns."""
    return all(name in row for name in names)


def amount_in(row: Row, name: str, place: str) -> Decimal:
    """Return an amount of money; an empty cell is 0.

    Raises:
        UsageError: the cell is not a number.
    """
    written = str(row.get(name) or "0").strip().lstrip("$").replace(",", "")
    try:
        amount = Decimal(written)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        message = f"{place}: {name}: expected an amount, found '{written:.40}'"
        raise UsageError(message)
    return amount


def count_in(row: Row, name: str, place: str) -> int:
    """Return a number of tokens or requests; an empty cell is 0.

    Raises:
        UsageError: the cell is not a whole number.
    """
    written = amount_in(row, name, place)
    if written != written.to_integral_value() or written < 0:
        message = f"{place}: {name}: expected a whole number, found '{written}'"
        raise UsageError(message)
    return int(written)


def day_in(row: Row, place: str, *names: str) -> date:
    """Return the day, in UTC, in the first of some columns that has one.

    Raises:
        UsageError: none of them has a day.
    """
    for name in names:
        written = row.get(name)
        text = str(written or "").strip().removesuffix(" UTC").replace(" UTC", "")
        when = moment(written) or moment(text.partition(".")[0]) or moment(text)
        if when is not None:
            return when.date()
    message = f"{place}: expected a day under {' or '.join(names)}"
    raise UsageError(message)
