"""Charges requested by the user: a percentage on all prices (data residency), and fees per request (web search).

Both are added to the price table itself, so that they apply to every priced model: variants, comparators and
replacements.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from ..errors import BadNumber, UsageError
from .fees import Fees, load_fees
from .price import TIERS, FineTuning, Price, PriceRow
from .schema import Model

__all__ = ["Surcharges", "read_surcharges"]

_TOOLS: dict[str, tuple[str, ...]] = {
    "web-search": ("web_search", "web_search_requests"),
    "file-search": ("file_search",),
    "container": ("container",),
}
"""Names of fees, and the tools whose calls they are for, by their names in fees.toml."""

_MOST_PERCENT = 1000
_MOST_FEE = 10_000
_MOST_CALLS = 100_000
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Surcharges:
    """The charges that the user requested."""

    percent: tuple[Decimal, ...] = ()
    """Percentages added to every price of every model."""

    uplifts: tuple[str, ...] = ()
    """Uplifts by name; the table of fees lists the models to which each applies."""

    fee: Decimal = Decimal()
    """US dollars per request, for every model."""

    calls: tuple[tuple[str, Decimal], ...] = ()
    """Fees by name, each with the number of calls per request; the table of fees has the price of a call."""

    def on(self, model: Model, table: Fees) -> Model:
        """Return a model with these charges added to its prices."""
        factor = Decimal(1)
        for percent in (*self.percent, *(table.uplift_percent(name, model) for name in self.uplifts)):
            factor *= 1 + percent / _HUNDRED
        fee, unknown = self.fee, []
        for name, count in self.calls:
            costs = [table.per_call(tool, model.id) for tool in _TOOLS[name]]
            each = next((cost for cost in costs if cost is not None), None)
            if each is None:
                unknown.append(name)
            else:
                fee += count * each
        return replace(
            model,
            price=tuple(_raised_row(row, factor) for row in model.price),
            fine_tuning=_raised_tuning(model.fine_tuning, factor),
            uplift_percent=(factor - 1) * _HUNDRED,
            fee=fee,
            unknown_fees=tuple(unknown),
        )


def read_surcharges(uplift: Sequence[str], fee: Sequence[str]) -> Surcharges:
    """Return the charges that the user requested.

    Args:
        uplift: percents (``10``, ``10%``) and names of uplifts.
        fee: US dollars per request (``0.02``, ``$0.02``), and names of fees, each with its number of calls per request:
            ``web-search=2``.

    Raises:
        BadNumber: a number is malformed, negative or too large.
        UsageError: a name is unknown.

    >>> read_surcharges(["data-residency"], ["web-search=2"]).calls
    (('web-search', Decimal('2')),)
    """
    names = load_fees().uplift_names if uplift else ()
    percents, named = [], []
    for typed in uplift:
        word = typed.strip()
        if word.casefold() in names:
            named.append(word.casefold())
        elif (percent := _number(word.removesuffix("%").rstrip())) is not None:
            percents.append(_within(percent, _MOST_PERCENT, "--uplift", typed))
        else:
            message = f"--uplift: '{typed:.40}' is no percentage and no uplift that is known by name"
            raise UsageError(message, hint=f"known by name: {', '.join(names)}; a number is percent: --uplift 10")
    amount, calls = Decimal(), []
    for typed in fee:
        name, is_named, count = typed.strip().partition("=")
        if (dollars := _number(typed.strip().removeprefix("$"))) is not None:
            amount += _within(dollars, _MOST_FEE, "--fee", typed)
        elif (tool := name.strip().casefold()) in _TOOLS:
            made = _number(count.strip()) if is_named else Decimal(1)
            if made is None:
                message = f"--fee: expected a number of calls a request behind {tool}=, found '{count:.40}'"
                raise BadNumber(message)
            calls.append((tool, _within(made, _MOST_CALLS, "--fee", typed)))
        else:
            message = f"--fee: '{typed:.40}' is no amount and no fee that is known by name"
            raise UsageError(
                message, hint=f"known by name: {', '.join(_TOOLS)}, as in --fee web-search=2; else dollars: --fee 0.02"
            )
    return Surcharges(tuple(percents), tuple(dict.fromkeys(named)), amount, tuple(calls))


def _number(text: str) -> Decimal | None:
    """Return a plain decimal number. None if the text is not one."""
    if text.isascii() and text.replace(".", "", 1).isdigit():
        with suppress(InvalidOperation):
            return Decimal(text)
    return None


def _within(number: Decimal, most: int, option: str, typed: str) -> Decimal:
    if number > most or len(typed) > 30:  # noqa: PLR2004 - as many digits as any number that is typed may have
        message = f"{option}: expected a number from 0 to {most:,}, found '{typed:.40}'"
        raise BadNumber(message)
    return number


def _raised_row(row: PriceRow, factor: Decimal) -> PriceRow:
    raised: dict[str, Any] = {tier: _raised(price, factor) for tier in TIERS if (price := row.of(tier))}
    return replace(row, **raised)


def _raised(price: Price, factor: Decimal) -> Price:
    amounts: dict[str, Any] = {name: amount * factor for name, amount in price.given().items()}
    return replace(price, **amounts)


def _raised_tuning(tuning: FineTuning | None, factor: Decimal) -> FineTuning | None:
    """Return the prices of a fine-tuned copy with the percentage added; the price of training does not change."""
    if tuning is None:
        return None
    batch = _raised(tuning.batch, factor) if tuning.batch else None
    return replace(tuning, standard=_raised(tuning.standard, factor), batch=batch)
