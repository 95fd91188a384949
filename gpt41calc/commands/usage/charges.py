"""The actual cost of a run: billed tokens at the prices of their day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Context, Decimal, localcontext
from functools import reduce

from ...pricing.fees import Fees
from ...pricing.price import Price, Tier
from ...pricing.schema import Model
from .answer import Answer, Usage

__all__ = ["Charge", "Priced", "Spent", "by_model", "priced", "summed", "total"]

_MILLION = Decimal(1_000_000)

_DIGITS = 80
"""Decimal digits: enough to price the largest numbers of tokens without rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """Cost in US dollars by kind of token, unrounded."""

    input: Decimal = Decimal()
    """Cost of prompt tokens neither read from a cache nor written to one."""

    cached_input: Decimal = Decimal()
    """Cost of prompt tokens read from the cache."""

    cache_write: Decimal = Decimal()
    """Cost of prompt tokens written to a cache."""

    output: Decimal = Decimal()
    """Cost of visible generated tokens."""

    reasoning: Decimal = Decimal()
    """Cost of reasoning tokens, at the output price."""

    fees: Decimal = Decimal()
    """Cost of tool calls at the provider."""

    @property
    def total(self) -> Decimal:
        """Sum of all kinds."""
        return self.input + self.cached_input + self.cache_write + self.output + self.reasoning + self.fees

    def __add__(self, other: Charge) -> Charge:
        """Return the sum of two charges."""
        with localcontext(Context(prec=_DIGITS)):
            return Charge(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})

    def __sub__(self, other: Charge) -> Charge:
        """Return this charge minus another one that is contained in it."""
        with localcontext(Context(prec=_DIGITS)):
            return Charge(**{name: getattr(self, name) - getattr(other, name) for name in self.__slots__})


@dataclass(frozen=True, slots=True)
class Priced:
    """An answer with its cost."""

    answer: Answer
    """The answer."""

    model: Model
    """Its model in the price table."""

    charge: Charge
    """Its cost."""

    missing: tuple[str, ...] = ()
    """Separately charged items that are not in the charge, as phrases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """The cost of a group of answers. A key is None if it is unused, not known, or has several values."""

    model: str | None = None
    """Identifier of the model in the price table. None if there are several, or it is not known."""

    tier: Tier | None = None
    """Service tier. None if there are several, or it is not known."""

    day: date | None = None
    """Day on which they were made, in the time zone of the report. None if there are several, or it is not known."""

    utc_day: date | None = None
    """Day on which they were made, in UTC, as in invoices. None if there are several, or it is not known."""

    week: str | None = None
    """Week in which they were made, in ISO 8601: 2026-W47. None if the rows are not weeks, or the day is not known."""

    month: str | None = None
    """Month in which they were made: 2026-11. None if the rows are not months, or the day is not known."""

    session: str | None = None
    """Their conversation. None if there are several, or it is not known."""

    project: str | None = None
    """Their project. None if there are several, or it is not known."""

    requests: int = 0
    """Number of requests."""

    usage: Usage
    """Their tokens."""

    charge: Charge
    """Their cost."""


def priced(answer: Answer, model: Model, otherwise: date, fees: Callable[[], Fees] | None = None) -> Priced | str:
    """Return an answer with its cost, or a phrase that says why it has no price.

    Args:
        answer: the answer.
        model: its model.
        otherwise: the day whose prices apply if the answer has no date.
        fees: returns the table of fees; only called if a fee applies.
    """
    usage, on = answer.usage, answer.day or otherwise
    row = model.row(on=on, input_tokens=-(-usage.input_tokens // answer.requests))
    price = row.of(answer.tier) if row else None
    if row is None:
        return f"{model.id} has no price on {on}: the first one holds since {min(each.since for each in model.price)}"
    if price is None:
        return f"{model.id} has no price for the {answer.tier} tier"
    if answer.speed is not None:
        return f"speed {answer.speed:.40} has no price with {model.id}"
    with localcontext(Context(prec=_DIGITS)):
        factor = Decimal(1)
        if answer.region is not None:
            known = fees().factor(answer.region, model.id) if fees else None
            if known is None:
                return f"inference_geo {answer.region:.40} has no price with {model.id}"
            factor = known
        charge = _charge(usage, price, factor)
        return _with_fees(answer, model, charge, fees)


def _with_fees(answer: Answer, model: Model, charge: Charge, fees: Callable[[], Fees] | None) -> Priced:
    missing = [*answer.uncharged, *model.unknown_fees]
    if model.fee:
        charge = replace(charge, fees=charge.fees + answer.requests * model.fee)
    calls = [("web_search_requests", answer.usage.web_searches)] if answer.usage.web_searches else []
    if answer.searches and not calls:
        calls.append(answer.searches)
        answer = replace(answer, usage=replace(answer.usage, web_searches=answer.searches[1]))
    for tool, count in calls:
        per_call = fees().per_call(tool, model.id) if fees else None
        if per_call is None:
            missing.append(f"{count:,} web search{'es' if count != 1 else ''}")
        else:
            charge = replace(charge, fees=charge.fees + count * per_call)
    return Priced(answer, model, charge, tuple(missing))


def _charge(usage: Usage, price: Price, factor: Decimal) -> Charge:
    """Return the cost of tokens; a kind without a price of its own has the price of ordinary tokens."""
    cached = price.input if price.cached_input is None else price.cached_input
    write = price.input if price.cache_write is None else price.cache_write
    write_1h = write if price.cache_write_1h is None else price.cache_write_1h
    per_token = factor / _MILLION
    return Charge(
        input=usage.fresh_tokens * price.input * per_token,
        cached_input=usage.cached_tokens * cached * per_token,
        cache_write=(usage.written_tokens * write + usage.written_1h_tokens * write_1h) * per_token,
        output=(usage.output_tokens - usage.reasoning_tokens) * price.output * per_token,
        reasoning=usage.reasoning_tokens * price.output * per_token,
    )


def by_model(rows: Iterable[Spent]) -> list[Spent]:
    """Return the rows summed by model only."""
    return summed(rows, ("model",))


def total(rows: Iterable[Spent]) -> Spent:
    """Return the sum of all rows."""
    return reduce(_both, rows, Spent(usage=Usage(), charge=Charge()))


def summed(rows: Iterable[Spent], keys: tuple[str, ...]) -> list[Spent]:
    """Return the rows summed by some of their keys and sorted by them; unknown values come first."""
    groups: dict[tuple[object, ...], Spent] = {}
    for row in rows:
        values = tuple(getattr(row, key) for key in keys)
        alone = Spent(**dict(zip(keys, values, strict=True)), requests=row.requests, usage=row.usage, charge=row.charge)
        groups[values] = _both(groups[values], alone) if values in groups else alone
    return [groups[values] for values in sorted(groups, key=lambda values: [(v is not None, str(v)) for v in values])]


def _both(one: Spent, other: Spent) -> Spent:
    return replace(
        one,
        requests=one.requests + other.requests,
        usage=one.usage + other.usage,
        charge=one.charge + other.charge,
    )
