"""Price answers one after the other, merge repeated ones, and add them to the sums of their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from decimal import Context, Decimal, localcontext
from typing import Generic, TypeVar

from ...errors import UnknownModel
from ...pricing.fees import Fees
from ...pricing.schema import Model
from ...tally import Skipped
from .answer import Answer, Usage
from .charges import Charge, Priced, Spent, priced
from .grouping import key_of
from .identity import Billed, Identities, session_digest
from .lines import Fate, LineCounts
from .no_usage import NoUsage
from .row_keys import Keys

__all__ = ["Ledger", "Stated"]

_DIGITS = 80
_PICO = 10**12
_NOT_STATED = -1
_MAX_STATED = 1_000_000
"""Largest believable cost of one answer in US dollars: a higher stated cost is ignored."""

Term = TypeVar("Term")


class _Interned(Generic[Term]):
    """Assigns a number to each distinct value."""

    def __init__(self) -> None:
        self._numbers: dict[Term, int] = {}
        self.values: list[Term] = []

    def number(self, value: Term) -> int:
        """Return the number of a value."""
        found = self._numbers.get(value)
        if found is None:
            found = self._numbers[value] = len(self.values)
            self.values.append(value)
        return found


@dataclass(slots=True)
class Stated:
    """The costs stated by sources, compared with the costs by the price table."""

    answers: int = 0
    """Number of answers with a stated cost."""

    cost: Decimal = Decimal()
    """Sum of the stated costs, in US dollars."""

    ours: Decimal = Decimal()
    """Cost of the same answers by the price table, in US dollars."""

    @property
    def is_apart(self) -> bool:
        """Whether the two differ by more than a hundredth of what is stated, which rounding does not explain."""
        return abs(self.cost - self.ours) * 100 > self.cost


class Ledger:
    """The sums, and the result of every line."""

    def __init__(
        self,
        find: Callable[[str], Model],
        fees: Callable[[], Fees],
        day: date,
        keys: Keys,
        zone: tzinfo,
        noted: Callable[[Priced, int], None] | None = None,
    ) -> None:
        """Start without answers.

        Args:
            find: returns the model of an identifier.
            fees: returns the table of fees.
            day: the day whose prices apply to answers without one.
            keys: the keys by which rows are grouped.
            zone: the time zone of days, weeks and months.
            noted: called with every answer and its number, which is the same if a later line repeats the answer.
        """
        self._find, self._fees, self._day, self._keys, self._zone = find, fees, day, keys, zone
        self._noted = noted
        self._identities = Identities()
        self._groups: _Interned[Spent] = _Interned()
        self._terms: _Interned[Answer] = _Interned()
        self._models: dict[str, Model | UnknownModel] = {}
        self._sums: list[tuple[int, Usage, Charge]] = []
        self._missing: dict[int, Skipped] = {}
        self._unknown = 0
        self.lines = LineCounts()
        """The result of every line."""
        self.stated = Stated()
        """Costs stated by sources."""
        self.undated = 0
        """Number of answers without a date."""
        self.repeated = 0
        """Number of answers that are in more than one line."""
        self.merged_lines = 0
        """Number of lines whose answer is also in another line."""
        self.merged: dict[tuple[str, date | None], Decimal] = {}
        """Cost of the merged lines if they were separate answers, by model and day in UTC."""

    def add(self, answer: Answer) -> Fate:
        """Add an answer to the sums, or replace a smaller version of it.

        Raises:
            NoUsage: the answer has no price, or no tokens.
        """
        if not (answer.usage.input_tokens or answer.usage.output_tokens or answer.usage.web_searches):
            raise NoUsage("zero tokens", expected=True)
        one = self._priced(answer)
        match = self._identities.find(one.answer)
        if match is None:
            billed = self._billed(one, is_repeated=False)
            position = self._identities.add(one.answer, billed)
            if position is None:
                self._unknown -= 1
                position = self._unknown
            self._put(one, billed, position)
            return "billed"
        before = match.billed
        self.repeated += not before.is_repeated
        self.merged_lines += 1
        if _size(one.answer.usage) >= _size(before.usage):
            after = self._billed(one, is_repeated=True)
            if match.is_replay:  # the row of the log that had it first
                after = after._replace(group=before.group, session=before.session)
            self._merge(one, self._take(before))
            self._put(one, after, match.position)
            self._identities.change(match.position, after)
        else:
            self._merge(one, one.charge)
            self._identities.change(match.position, before._replace(is_repeated=True))
        return "replay" if match.is_replay else "duplicate"

    def rows(self) -> list[Spent]:
        """Return the sums, unsorted."""
        return [
            replace(group, requests=requests, usage=usage, charge=charge)
            for group, (requests, usage, charge) in zip(self._groups.values, self._sums, strict=True)
            if requests
        ]

    def missing(self) -> Iterator[Skipped]:
        """Yield the separately charged items that are in no sum."""
        yield from self._missing.values()

    @property
    def names_taken(self) -> dict[str, Model]:
        """Models found by a name that is not in the table, by that name."""
        return {name: model for name, model in self._models.items() if isinstance(model, Model) and model.named_as}

    def _priced(self, answer: Answer) -> Priced:
        model = self._models.get(answer.model)
        if model is None:
            try:
                model = self._find(answer.model)
            except UnknownModel as error:
                model = error
            self._models[answer.model] = model
        if isinstance(model, UnknownModel):
            raise NoUsage(str(model)) from model
        one = priced(answer, model, self._day, self._fees)
        if isinstance(one, str):
            raise NoUsage(one)
        return one

    def _billed(self, one: Priced, *, is_repeated: bool) -> Billed:
        answer = one.answer
        stated = answer.stated_cost
        pico = _NOT_STATED if stated is None or not 0 <= stated < _MAX_STATED else int(stated * _PICO)
        group = self._groups.number(key_of(one, self._keys, self._zone))
        if group == len(self._sums):
            self._sums.append((0, Usage(), Charge()))
        return Billed(
            group,
            self._terms.number(_terms(answer)),
            answer.usage,
            answer.requests,
            session_digest(answer),
            pico,
            is_repeated,
        )

    def _put(self, one: Priced, billed: Billed, position: int) -> None:
        self._change(billed, one.charge, 1)
        self._missing.pop(position, None)
        if one.missing:
            reason = f"{_and(one.missing)}, charged apart and not in this sum"
            self._missing[position] = Skipped(one.answer.place, reason, expected=False)
        if self._noted:
            self._noted(one, position)

    def _take(self, billed: Billed) -> Charge:
        terms = self._terms.values[billed.terms]
        answer = replace(terms, usage=billed.usage, requests=billed.requests)
        charge = self._priced(answer).charge
        self._change(billed, charge, -1)
        return charge

    def _merge(self, one: Priced, charge: Charge) -> None:
        key = (one.model.id, one.answer.day)
        self.merged[key] = self.merged.get(key, Decimal()) + charge.total

    def _change(self, billed: Billed, charge: Charge, sign: int) -> None:
        requests, usage, sums = self._sums[billed.group]
        if sign > 0:
            self._sums[billed.group] = (requests + billed.requests, usage + billed.usage, sums + charge)
        else:
            self._sums[billed.group] = (requests - billed.requests, usage - billed.usage, sums - charge)
        self.undated += sign * (self._terms.values[billed.terms].day is None)
        if billed.stated_pico != _NOT_STATED:
            with localcontext(Context(prec=_DIGITS)):
                self.stated.answers += sign
                self.stated.cost += sign * Decimal(billed.stated_pico) / _PICO
                self.stated.ours += sign * charge.total


def _terms(answer: Answer) -> Answer:
    """Return an answer with only the fields that define its price."""
    return Answer(
        place="",
        model=answer.model,
        tier=answer.tier,
        day=answer.day,
        usage=Usage(),
        region=answer.region,
        searches=(answer.searches[0], 0) if answer.searches else None,
    )


def _size(usage: Usage) -> int:
    return usage.input_tokens + usage.output_tokens


def _and(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
