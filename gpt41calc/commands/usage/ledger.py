"""Answers one after the other: each is priced, known again, and added to the sums of its row."""

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
from .grouping import Keys, key_of
from .identity import Billed, Identities, session_digest
from .lines import Fate, LineCounts
from .no_usage import NoUsage

__all__ = ["Ledger", "Stated"]

_DIGITS = 80
_PICO = 10**12
_NOT_STATED = -1
_MAX_STATED = 1_000_000
"""US dollars: what states more for one answer is damaged, and is not compared."""

Term = TypeVar("Term")


class _Interned(Generic[Term]):
    """Values with a number each."""

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
    """What sources say that their answers cost, against what the price table says of the same answers."""

    answers: int = 0
    """How many answers state their cost."""

    cost: Decimal = Decimal()
    """US dollars that they state."""

    ours: Decimal = Decimal()
    """US dollars by the price table."""

    @property
    def is_apart(self) -> bool:
        """Whether the two differ by more than a hundredth of what is stated, which rounding does not explain."""
        return abs(self.cost - self.ours) * 100 > self.cost


class Ledger:
    """The sums, and what became of every line."""

    def __init__(
        self,
        find: Callable[[str], Model],
        fees: Callable[[], Fees],
        day: date,
        keys: Keys,
        zone: tzinfo,
        noted: Callable[[Priced, int], None] | None = None,
    ) -> None:
        """Begin with nothing.

        Args:
            find: returns the model of an identifier.
            fees: returns what is charged beside tokens.
            day: the day whose prices hold for answers without one.
            keys: what the rows of the report stand for.
            zone: whose days, weeks and months they are.
            noted: is called with every answer and a number that stays the same when another line has it anew.
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
        """What became of every line."""
        self.stated = Stated()
        """Costs that sources state."""
        self.undated = 0
        """Answers that do not say when they were made."""
        self.repeated = 0
        """Answers that more than one line has."""
        self.merged_lines = 0
        """Lines that have an answer which another line has, too."""
        self.merged: dict[tuple[str, date | None], Decimal] = {}
        """What the lines that were merged would cost if they were answers of their own, by model and day in UTC."""

    def add(self, answer: Answer) -> Fate:
        """Add an answer to the sums, or let it take the place of a smaller one that it repeats.

        Raises:
            NoUsage: it has no price, or there is nothing in it.
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
        """Return the sums, not yet in the order of a report."""
        return [
            replace(group, requests=requests, usage=usage, charge=charge)
            for group, (requests, usage, charge) in zip(self._groups.values, self._sums, strict=True)
            if requests
        ]

    def missing(self) -> Iterator[Skipped]:
        """Return what is charged apart and is in no sum."""
        yield from self._missing.values()

    @property
    def names_taken(self) -> dict[str, Model]:
        """The models that answers have by another name than their own, by that name."""
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
    """Return an answer with nothing left but what prices it."""
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
