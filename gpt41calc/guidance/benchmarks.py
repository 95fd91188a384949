"""What was measured of models: scores, how well they read long inputs, how soon they begin to answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from ..pricing.fields import Checked, Cited, Constrained, Day, Line, Name, Record, Tokens
from .cited import require_cited

__all__ = ["Benchmark", "Benchmarks", "FirstToken", "ReadAt", "Rival"]


def _number(value: object) -> object:
    """Accept a number as it is written in TOML, but neither a bool nor a binary float."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value <= _HIGHEST:
        message = f"expected a number from 0 to {_HIGHEST}"
        raise ValueError(message)
    return Decimal(value)


_HIGHEST = 1_000_000

Score = Annotated[Decimal, Checked(_number)]
"""A score, with the digits that were printed."""


@dataclass(frozen=True, kw_only=True)
class ReadAt(Record):
    """Which inputs a measurement of reading is about: of one length, or of lengths on one side of it."""

    test: Line
    """Name of the test; its measurements at several lengths share it."""

    at: Tokens | None = None
    """Length of the inputs, in tokens."""

    up_to: Tokens | None = None
    """Length of the longest inputs, in tokens."""

    above: Tokens | None = None
    """Length that all inputs exceed, in tokens."""

    def __post_init__(self) -> None:
        """Refuse a measurement of no length, or of several."""
        if sum(length is not None for length in (self.at, self.up_to, self.above)) != 1:
            message = "expected one of at, up_to and above"
            raise ValueError(message)


@dataclass(frozen=True, kw_only=True)
class Rival(Record):
    """A model of another maker that was measured by others."""

    model: Name
    """Identifier in the pricing table."""

    name: Line
    """The name people use."""

    score: Score
    """Its score."""

    source: Cited
    """Who says so."""


@dataclass(frozen=True, kw_only=True)
class Benchmark(Record):
    """One test, and how models did in it."""

    id: Name
    """Short name, by which guidance refers to it."""

    name: Line
    """The name that people use."""

    measures: Line
    """What it is about, in a phrase."""

    unit: Literal["percent", "thousand dollars"] = "percent"
    """What a score counts."""

    reading: ReadAt | None = None
    """Which lengths it is about, if it measures the reading of long inputs."""

    scores: dict[Name, Score]
    """Scores by identifier of the pricing table; who is missing was not measured, or not published."""

    rival: tuple[Rival, ...] = ()
    """Scores from elsewhere."""

    source: Cited
    """Where the scores were read."""

    checked: Day
    """Day on which they were last compared with the source."""

    note: Line | None = None
    """What is disputed or peculiar."""


@dataclass(frozen=True, kw_only=True)
class FirstToken(Record):
    """How long a model was measured to take until its first token."""

    model: Name
    """Identifier in the pricing table."""

    at: Tokens
    """Length of the input, in tokens."""

    seconds: Annotated[int, Constrained(strict=True, gt=0, le=3600)]
    """How long it took."""

    bound: Literal["about", "less than"]
    """Whether it took about that long, or most often less."""

    source: Cited
    """Where it was read."""

    checked: Day
    """Day on which it was last compared with the source."""

    note: Line | None = None
    """What is disputed or peculiar."""


@dataclass(frozen=True, kw_only=True)
class Benchmarks(Record):
    """Every measurement there is, and where it was read."""

    schema_version: Literal[1]
    """The form of the table."""

    checked: Day
    """Day on which the table as a whole was last read against its sources."""

    sources: dict[Name, Line]
    """Short names of the sources, and what they stand for."""

    columns: dict[Name, Line]
    """What was measured, by identifier: models with a snapshot or an effort of reasoning."""

    benchmark: Annotated[tuple[Benchmark, ...], Constrained(min_length=1)]
    """The tests, in the order in which they are listed."""

    first_token: tuple[FirstToken, ...] = ()
    """Times to the first token."""

    def __post_init__(self) -> None:
        """Refuse a name that is there twice, and a reference to what is not there."""
        ids = [each.id for each in self.benchmark]
        for at, each in enumerate(self.benchmark):
            if each.id in ids[:at]:
                message = f"benchmark {each.id}: listed twice"
                raise ValueError(message)
            if unknown := each.scores.keys() - self.columns.keys():
                message = f"benchmark {each.id}: scores: expected keys of [columns], found {min(unknown)}"
                raise ValueError(message)
        require_cited(self._cited(), self.sources)

    def _cited(self) -> Iterator[str]:
        for each in self.benchmark:
            yield from each.source
            for rival in each.rival:
                yield from rival.source
        for time in self.first_token:
            yield from time.source

    def find(self, name: str) -> Benchmark:
        """Return a test by its short name.

        Raises:
            KeyError: there is none.
        """
        return {each.id: each for each in self.benchmark}[name]
