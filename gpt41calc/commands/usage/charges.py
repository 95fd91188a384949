"""What a run really cost: the tokens that an API says it used, at the prices of their day."""

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
"""Enough for the largest numbers of tokens to be priced without rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """US dollars, unrounded, each for one kind of token."""

    input: Decimal = Decimal()
    """Prompt tokens that no cache served or kept."""

    cached_input: Decimal = Decimal()
    """Prompt tokens that the cache served."""

    cache_write: Decimal = Decimal()
    """Prompt tokens that were written to a cache."""

    output: Decimal = Decimal()
    """Generated tokens that are seen."""

    reasoning: Decimal = Decimal()
    """Generated tokens of reasoning, at the price of output."""

    fees: Decimal = Decimal()
    """Calls of tools at the provider."""

    @property
    def total(self) -> Decimal:
        """All of it."""
        return self.input + self.cached_input + self.cache_write + self.output + self.reasoning + self.fees

    def __add__(self, other: Charge) -> Charge:
        """Return the charge for both."""
        with localcontext(Context(prec=_DIGITS)):
            return Charge(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})

    def __sub__(self, other: Charge) -> Charge:
        """Return this charge without another that is part of it."""
        with localcontext(Context(prec=_DIGITS)):
            return Charge(**{name: getattr(self, name) - getattr(other, name) for name in self.__slots__})


@dataclass(frozen=True, slots=True)
class Priced:
    """An answer with its price."""

    answer: Answer
    """What was answered."""

    model: Model
    """By which model of the price table."""

    charge: Charge
    """What it cost."""

    missing: tuple[str, ...] = ()
    """What is charged apart and is not in the charge, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """The cost of all answers of one kind. A key is None if it is not in use, not known, or has several values."""

    model: str | None = None
    """Identifier of the model in the price table."""

    tier: Tier | None = None
    """The price list."""

    day: date | None = None
    """Day on which they were made, in the time zone of the report."""

    utc_day: date | None = None
    """Day on which they were made, in UTC, as invoices have it."""

    week: str | None = None
    """Week on which they were made, as ISO 8601 writes it: 2026-W47."""

    month: str | None = None
    """Month in which they were made: 2026-11."""

    session: str | None = None
    """The conversation that they belong to."""

    project: str | None = None
    """The project that they belong to."""

    requests: int = 0
    """How many answers."""

    usage: Usage
    """Their tokens."""

    charge: Charge
    """Their price."""


def priced(answer: Answer, model: Model, otherwise: date, fees: Callable[[], Fees] | None = None) -> Priced | str:
    """Price an answer, or say in a phrase why it has no price.

    Args:
        answer: what was answered.
        model: by which model.
        otherwise: the day whose prices hold if the answer does not say when it was made.
        fees: returns what is charged beside tokens; only asked if there is such a thing.
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
    """Return what tokens cost; where a kind of them has no price of its own, that of any other holds."""
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
    """Sum rows up by model alone."""
    return summed(rows, ("model",))


def total(rows: Iterable[Spent]) -> Spent:
    """Sum all rows up."""
    return reduce(_both, rows, Spent(usage=Usage(), charge=Charge()))


def summed(rows: Iterable[Spent], keys: tuple[str, ...]) -> list[Spent]:
    """Sum rows up by some of their keys, in the order of these; what is not known comes first."""
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
