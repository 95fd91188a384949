"""Advice on which variant to use for which task, and general rules."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from ..pricing.fields import Cited, Constrained, Day, Line, Name, Record
from .benchmarks import Score
from .cited import require_cited

__all__ = ["Closed", "Feature", "Guidance", "InteractiveRule", "ReadingRule", "Task"]

Ids = Annotated[tuple[Name, ...], Constrained(min_length=1)]
"""Model identifiers, at least one."""


class ReadingRule(Record):
    """Rule that a model with poor long-context results is not put first for a long input."""

    test: Line
    """Name of the long-context test that decides."""

    least_share: Score
    """Share of the best score that a model must reach, from 0 to 1."""

    source: Cited
    """Keys of ``sources``."""

    checked: Day
    """Day on which it was last reviewed."""


class InteractiveRule(Record):
    """Rule for interactive use, where a person waits for the answer."""

    seconds: Annotated[int, Constrained(strict=True, gt=0)]
    """Longest acceptable time to the first token, in seconds."""

    source: Cited
    """Keys of ``sources``."""

    checked: Day
    """Day on which it was last reviewed."""


class Task(Record):
    """A task, and the variants in the order of their suitability."""

    id: Name
    """Word for the task on the command line."""

    name: Line
    """The task, in a phrase."""

    order: Ids
    """The variants, best first."""

    evidence: Ids
    """Short names of the benchmarks that support the order, the most significant first."""

    needs: tuple[Name, ...] = ()
    """Features that the task requires."""

    why: Line
    """The reason for the order, in a sentence."""

    source: Cited
    """Keys of ``sources``."""

    checked: Day
    """Day on which it was last compared with the source."""


class Closed(Record):
    """A group of users for whom a feature is no longer available."""

    since: Day
    """First day on which it is not available."""

    to: Line
    """The group of users."""

    source: Cited
    """Keys of ``sources``."""


class Feature(Record):
    """A feature that a task may require, and the models that have it."""

    id: Name
    """Word for the feature on the command line."""

    models: Ids
    """Identifiers of the models that have it."""

    closed: tuple[Closed, ...] = ()
    """Groups of users for whom it is no longer available."""

    note: Line | None = None
    """Remark on what is unusual. None if there is nothing to say."""

    source: Cited
    """Keys of ``sources``."""

    checked: Day
    """Day on which it was last compared with the source."""

    def closed_on(self, day: date) -> tuple[Closed, ...]:
        """Return the groups of users for whom it is not available on a day."""
        return tuple(each for each in self.closed if each.since <= day)


class Guidance(Record):
    """The table of advice, with its sources."""

    schema_version: Literal[1]
    """Version of the table's format."""

    checked: Day
    """Day on which the table as a whole was last compared with its sources."""

    variants: Ids
    """The variants to choose from, the most expensive first."""

    sources: dict[Name, Line]
    """Short names of the sources, and the page or document of each."""

    reading: ReadingRule
    """The rule about long-context results."""

    interactive: InteractiveRule
    """The rule about interactive use."""

    task: Annotated[tuple[Task, ...], Constrained(min_length=1)]
    """The tasks, in the order in which they are listed."""

    feature: tuple[Feature, ...]
    """The features that tasks may require."""

    def __post_init__(self) -> None:
        """Refuse a reference to a missing row."""
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
