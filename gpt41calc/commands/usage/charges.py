"""What a run really cost: the tokens that an API says it used, at the prices of their day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Context, Decimal, localcontext
from functools import reduce

from ...pricing.price import Price, Tier
from ...pricing.schema import Model

__all__ = ["Answer", "Charge", "Priced", "Spent", "Usage", "by_model", "priced", "spent", "total"]

_MILLION = Decimal(1_000_000)

_DIGITS = 80
"""Enough for the largest numbers of tokens to be priced without rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """The tokens of one answer, or of several; no token of the prompt is of two kinds.

    >>> both = Usage(fresh_tokens=900, cached_tokens=100) + Usage(output_tokens=50, reasoning_tokens=20)
    >>> both.input_tokens, both.output_tokens, both.reasoning_tokens
    (1000, 50, 20)
    """

    fresh_tokens: int = 0
    """Prompt tokens that a cache neither served nor kept."""

    cached_tokens: int = 0
    """Prompt tokens that the cache served."""

    written_tokens: int = 0
    """Prompt tokens that were written to a cache and charged as such."""

    written_1h_tokens: int = 0
    """Prompt tokens that were written to a cache that is kept for an hour."""

    output_tokens: int = 0
    """Generated tokens, those of reasoning among them."""

    reasoning_tokens: int = 0
    """Generated tokens that nobody sees."""

    @property
    def input_tokens(self) -> int:
        """All tokens of the prompt."""
        return self.fresh_tokens + self.cached_tokens + self.written_tokens + self.written_1h_tokens

    def __add__(self, other: Usage) -> Usage:
        """Return the usage of both."""
        return Usage(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of an API, as far as it is about money."""

    place: str
    """Where it is: file and line."""

    model: str
    """The identifier of the model, as the answer has it."""

    tier: Tier
    """Which price list applies."""

    day: date | None
    """Day on which it was made, in UTC; none: the answer does not say."""

    usage: Usage
    """Its tokens."""

    custom_id: str | None = None
    """By what it is matched with its request, if it says so."""


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

    @property
    def total(self) -> Decimal:
        """All of it."""
        return self.input + self.cached_input + self.cache_write + self.output + self.reasoning

    def __add__(self, other: Charge) -> Charge:
        """Return the charge for both."""
        with localcontext(Context(prec=_DIGITS)):
            return Charge(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})


@dataclass(frozen=True, slots=True)
class Priced:
    """An answer with its price."""

    answer: Answer
    """What was answered."""

    model: Model
    """By which model of the price table."""

    charge: Charge
    """What it cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What answers of one kind cost together."""

    model: str | None
    """Identifier of the model in the price table; none: of several."""

    tier: Tier | None
    """The price list; none: several."""

    day: date | None
    """Day on which they were made; none: not said, or several."""

    requests: int
    """How many answers."""

    usage: Usage
    """Their tokens."""

    charge: Charge
    """Their price."""


def priced(answer: Answer, model: Model, otherwise: date) -> Priced | str:
    """Price an answer, or say in a phrase why it has no price.

    Args:
        answer: what was answered.
        model: by which model.
        otherwise: the day whose prices hold if the answer does not say when it was made.
    """
    usage, on = answer.usage, answer.day or otherwise
    row = model.row(on=on, input_tokens=usage.input_tokens)
    price = row.of(answer.tier) if row else None
    if row is None:
        return f"{model.id} has no price on {on}: the first one holds since {min(each.since for each in model.price)}"
    if price is None:
        return f"{model.id} has no price for the {answer.tier} tier"
    with localcontext(Context(prec=_DIGITS)):
        return Priced(answer, model, _charge(usage, price))


def _charge(usage: Usage, price: Price) -> Charge:
    """Return what tokens cost; where a kind of them has no price of its own, that of any other holds."""
    cached = price.input if price.cached_input is None else price.cached_input
    write = price.input if price.cache_write is None else price.cache_write
    write_1h = write if price.cache_write_1h is None else price.cache_write_1h
    return Charge(
        input=usage.fresh_tokens * price.input / _MILLION,
        cached_input=usage.cached_tokens * cached / _MILLION,
        cache_write=(usage.written_tokens * write + usage.written_1h_tokens * write_1h) / _MILLION,
        output=(usage.output_tokens - usage.reasoning_tokens) * price.output / _MILLION,
        reasoning=usage.reasoning_tokens * price.output / _MILLION,
    )


def spent(answers: Iterable[Priced]) -> list[Spent]:
    """Sum answers up by model, day and tier, in the order of these; memory grows with the groups alone."""
    groups: dict[tuple[str, date | None, Tier], Spent] = {}
    for one in answers:
        answer = one.answer
        key = (one.model.id, answer.day, answer.tier)
        alone = Spent(
            model=one.model.id,
            tier=answer.tier,
            day=answer.day,
            requests=1,
            usage=answer.usage,
            charge=one.charge,
        )
        groups[key] = _both(groups[key], alone) if key in groups else alone
    return [groups[key] for key in sorted(groups, key=lambda key: (key[0], key[1] or date.min, key[2]))]


def by_model(rows: Iterable[Spent]) -> list[Spent]:
    """Sum rows up by model alone."""
    groups: dict[str | None, Spent] = {}
    for row in rows:
        groups[row.model] = _both(groups[row.model], row) if row.model in groups else row
    return [replace(row, day=None, tier=None) for row in groups.values()]


def total(rows: Iterable[Spent]) -> Spent:
    """Sum all rows up."""
    nothing = Spent(model=None, tier=None, day=None, requests=0, usage=Usage(), charge=Charge())
    return reduce(_both, rows, nothing)


def _both(one: Spent, other: Spent) -> Spent:
    return replace(
        one,
        requests=one.requests + other.requests,
        usage=one.usage + other.usage,
        charge=one.charge + other.charge,
    )
