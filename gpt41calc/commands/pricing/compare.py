"""Compare a price table with another database: the differences, their dates, and their reasons if known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import get_args

from ...pricing.price import TIERS
from ...pricing.schema import Model
from .databases import Charge, Database, Kind, Listing, Period

__all__ = ["MODEL", "Disagreement", "Value", "disagreements"]

Value = Decimal | int | date | str | None
"""A price, a number of tokens, a day, the name of a model, or None."""

MODEL = "model"
"""Subject of a difference if only the other database has a model."""

_KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A value that differs between our table and another database."""

    database: str
    """Name of the other database."""

    model: str
    """Identifier of the model."""

    what: str
    """The subject: ``window``, ``longest output``, ``shutdown``, ``replacement``, ``model`` if we do not have it, or a
    tier and the kind of token it charges.
    """

    above: int = 0
    """Prompt length, in tokens, above which the price applies."""

    since: date | None = None
    """First day of the difference, for a price. None if it is not a price, or the database has no history."""

    until: date | None = None
    """First day without the difference. None if it still exists."""

    ours: Value
    """The value in our table."""

    theirs: Value
    """The value in the database."""


def disagreements(models: Iterable[Model], database: Database, on: date) -> list[Disagreement]:
    """Return all differences from a database; a value that it does not state is not a difference.

    Args:
        models: our models.
        database: the database to compare them with.
        on: the last day to compare; without a history, the only day.
    """
    ours = list(models)
    found = [
        found
        for model in ours
        for listing in database.of(model.id)
        for found in (*_limits(model, listing, database.name), *_prices(model, listing, database, on))
    ]
    lacking = [
        Disagreement(database=database.name, model=name, what=MODEL, ours=None, theirs="listed")
        for name in database.unlisted
    ]
    return list(dict.fromkeys((*found, *lacking)))


def _limits(model: Model, listing: Listing, name: str) -> Iterator[Disagreement]:
    pairs: tuple[tuple[str, Value, Value, set[Value]], ...] = (
        ("window", model.window, listing.window, {model.window, model.max_input}),
        ("longest output", model.max_output, listing.max_output, {model.max_output}),
        ("shutdown", model.shutdown, listing.shutdown, {model.shutdown}),
        ("replacement", model.replacement, listing.replacement, {model.replacement}),
    )
    for what, ours, theirs, same in pairs:
        if theirs is not None and theirs not in same:
            yield Disagreement(database=name, model=model.id, what=what, ours=ours, theirs=theirs)


def _prices(model: Model, listing: Listing, database: Database, on: date) -> Iterator[Disagreement]:
    days = _days(model, listing, on) if database.has_history else [on]
    lengths = {row.above_input_tokens for row in model.price} | {
        above for period in listing.periods for above in period.lengths
    }
    for tier in TIERS:
        for kind in _KINDS:
            for above in sorted(lengths):
                seen = [_on(model, listing, day, (tier, kind), above) for day in days]
                for start, end, (ours, theirs) in _runs(days, seen):
                    yield Disagreement(
                        database=database.name,
                        model=model.id,
                        what=f"{tier} {kind.replace('_', ' ')}",
                        above=above,
                        since=start if database.has_history else None,
                        until=end,
                        ours=ours,
                        theirs=theirs,
                    )


def _days(model: Model, listing: Listing, on: date) -> list[date]:
    """Return the days on which a price changes on either side, from the first day of our prices."""
    first = min(row.since for row in model.price)
    starts = {row.since for row in model.price} | {period.since for period in listing.periods if period.since}
    return sorted(day for day in starts | {first} if first <= day <= on)


Pair = tuple[Decimal | None, Decimal | None]


def _on(model: Model, listing: Listing, day: date, charge: Charge, above: int) -> Pair:
    """Return the prices of both sides on a day for a prompt that is one token longer than a length step."""
    tier, kind = charge
    row = model.row(on=day, input_tokens=above + 1)
    price = row.of(tier) if row else None
    ours: Decimal | None = getattr(price, kind) if price else None
    period: Period | None = listing.period(day)
    return ours, period.price(charge, above + 1) if period else None


def _runs(days: Sequence[date], seen: Sequence[Pair]) -> Iterator[tuple[date, date | None, Pair]]:
    """Yield the periods in which both sides differ in the same way."""
    start: date | None = None
    for at, (ours, theirs) in enumerate(seen):
        differs = theirs is not None and ours != theirs
        if differs and start is None:
            start = days[at]
        ends = at + 1 == len(seen) or seen[at + 1] != seen[at]
        if start is not None and ends:
            if differs:
                yield start, days[at + 1] if at + 1 < len(days) else None, (ours, theirs)
            start = None
