"""Which variant for which task, and the rules that hold for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from ..pricing.fields import Cited, Constrained, Day, Line, Name, Record
from .benchmarks import Score
from .cited import require_cited

__all__ = ["Closed", "Feature", "Guidance", "InteractiveRule", "ReadingRule", "Task"]

Ids = Annotated[tuple[Name, ...], Constrained(min_length=1)]
"""Identifiers, at least one."""


@dataclass(frozen=True, kw_only=True)
class ReadingRule(Record):
    """When a model reads a long input too badly to be put first."""

    test: Line
    """Which test of reading decides."""

    least_share: Score
    """Share of the best score that a model must reach, from 0 to 1."""

    source: Cited
    """Whose rule it is."""

    checked: Day
    """Day on which it was last thought about."""


@dataclass(frozen=True, kw_only=True)
class InteractiveRule(Record):
    """What somebody who waits for an answer puts up with."""

    seconds: Annotated[int, Constrained(strict=True, gt=0)]
    """Longest time to the first token."""

    source: Cited
    """Whose rule it is."""

    checked: Day
    """Day on which it was last thought about."""


@dataclass(frozen=True, kw_only=True)
class Task(Record):
    """What a model is to do, and which one is best at it."""

    id: Name
    """The word that is typed."""

    name: Line
    """The task, in a phrase."""

    order: Ids
    """The variants, best first."""

    evidence: Ids
    """Short names of the benchmarks behind the order, the most telling first."""

    needs: tuple[Name, ...] = ()
    """Features without which it cannot be done."""

    why: Line
    """The reason for the order, in a sentence."""

    source: Cited
    """Who says so."""

    checked: Day
    """Day on which it was last compared with the source."""


@dataclass(frozen=True, kw_only=True)
class Closed(Record):
    """Who may no longer use a feature."""

    since: Day
    """First day on which they may not."""

    to: Line
    """Who they are."""

    source: Cited
    """Who says so."""


@dataclass(frozen=True, kw_only=True)
class Feature(Record):
    """What a task may need, and which models have it."""

    id: Name
    """The word that is typed."""

    models: Ids
    """Who has it."""

    closed: tuple[Closed, ...] = ()
    """Who may no longer use it."""

    note: Line | None = None
    """What is peculiar about it."""

    source: Cited
    """Who says so."""

    checked: Day
    """Day on which it was last compared with the source."""

    def closed_on(self, day: date) -> tuple[Closed, ...]:
        """Return who may not use it on a day."""
        return tuple(each for each in self.closed if each.since <= day)


@dataclass(frozen=True, kw_only=True)
class Guidance(Record):
    """All the advice there is, and where it was read."""

    schema_version: Literal[1]
    """The form of the table."""

    checked: Day
    """Day on which the table as a whole was last read against its sources."""

    variants: Ids
    """The variants to choose from, dearest first."""

    sources: dict[Name, Line]
    """Short names of the sources, and what they stand for."""

    reading: ReadingRule
    """When a variant reads too badly."""

    interactive: InteractiveRule
    """When a variant answers too late."""

    task: Annotated[tuple[Task, ...], Constrained(min_length=1)]
    """The tasks, in the order in which they are listed."""

    feature: tuple[Feature, ...]
    """What a task may need."""

    def __post_init__(self) -> None:
        """Refuse a reference to what is not there."""
        features = {each.id for each in self.feature}
        for each in self.task:
            if sorted(each.order) != sorted(self.variants):
                message = f"task {each.id}: order: expected every one of {', '.join(self.variants)} once"
                raise ValueError(message)
            if unknown := set(each.needs) - features:
                message = f"task {each.id}: needs: expected the id of a feature, found {min(unknown)}"
                raise ValueError(message)
        if not 0 < self.reading.least_share <= Decimal(1):
            message = f"reading: least_share: expected a share above 0 and up to 1, found {self.reading.least_share}"
            raise ValueError(message)
        require_cited(self._cited(), self.sources)

    def _cited(self) -> Iterator[str]:
        citing: tuple[ReadingRule | InteractiveRule | Task | Feature, ...]
        citing = (self.reading, self.interactive, *self.task, *self.feature)
        for each in citing:
            yield from each.source
        for feature in self.feature:
            for closed in feature.closed:
                yield from closed.source
