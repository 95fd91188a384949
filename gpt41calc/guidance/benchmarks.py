"""Published measurements of models: benchmark scores, long-context results, times to the first token."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from ..pricing.fields import Checked, Cited, Constrained, Day, Line, Name, Record, Tokens
from .cited import require_cited

__all__ = ["Benchmark", "Benchmarks", "FirstToken", "ReadAt", "Rival"]


def _number(value: object) -> object:
    """Accept a number as written in TOML, but neither a bool nor a binary float."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value <= _HIGHEST:
        message = f"expected a number from 0 to {_HIGHEST}"
        raise ValueError(message)
    return Decimal(value)


_HIGHEST = 1_000_000

Score = Annotated[Decimal, Checked(_number)]
"""A score, with the digits that were published."""


class ReadAt(Record):
    """The input lengths of a long-context result: exactly one length, or a range open on one side."""

    test: Line
    """Name of the test, shared by its results at several lengths."""

    at: Tokens | None = None
    """Length of the inputs, in tokens. None if the result is for a range of lengths."""

    up_to: Tokens | None = None
    """Length of the longest inputs, in tokens. None if the range has no upper end."""

    above: Tokens | None = None
    """Length that all inputs exceed, in tokens. None if the range has no lower end."""

    def __post_init__(self) -> None:
        """Refuse a measurement of no length, or of several."""
        if sum(length is not None for length in (self.at, self.up_to, self.above)) != 1:
            message = "expected one of at, up_to and above"
            raise ValueError(message)


class Rival(Record):
    """A model of another vendor, with a score published elsewhere."""

    model: Name
    """Identifier in the pricing table."""

    name: Line
    """The name used by people."""

    score: Score
    """Its score."""

    source: Cited
    """Keys of ``sources``."""


class Benchmark(Record):
    """One benchmark, with the scores of models."""

    id: Name
    """Short name, used in the table of advice."""

    name: Line
    """The name used by people."""

    measures: Line
    """What it measures, in a phrase."""

    unit: Literal["percent", "thousand dollars"] = "percent"
    """Unit of the scores."""

    reading: ReadAt | None = None
    """Input lengths, if it is a long-context test. None if it is not."""

    scores: dict[Name, Score]
    """Scores by identifier in the pricing table; a missing model was not measured, or its score was not published."""

    rival: tuple[Rival, ...] = ()
    """Scores of other vendors' models, from other sources."""

    source: Cited
    """Keys of ``sources``."""

    checked: Day
    """Day on which they were last compared with the source."""

    note: Line | None = None
    """Remark on what is disputed or unusual. None if there is nothing to say."""


class FirstToken(Record):
    """A measured time to the first token of a model."""

    model: Name
    """Identifier in the pricing table."""

    at: Tokens
    """Length of the input, in tokens."""

    seconds: Annotated[int, Constrained(strict=True, gt=0, le=3600)]
    """The time, in seconds."""

    bound: Literal["about", "less than"]
    """Whether the time is approximate or an upper bound in most cases."""

    source: Cited
    """Keys of ``sources``."""

    checked: Day
    """Day on which it was last compared with the source."""

    note: Line | None = None
    """Remark on what is disputed or unusual. None if there is nothing to say."""


class Benchmarks(Record):
    """The table of all measurements, with their sources."""

    schema_version: Literal[1]
    """Version of the table's format."""

    checked: Day
    """Day on which the table as a whole was last compared with its sources."""

    sources: dict[Name, Line]
    """Short names of the sources, and the page or document of each."""

    columns: dict[Name, Line]
    """Descriptions of the measured models by identifier, with snapshot or reasoning effort."""

    benchmark: Annotated[tuple[Benchmark, ...], Constrained(min_length=1)]
    """The benchmarks, in the order in which they are listed."""

    first_token: tuple[FirstToken, ...] = ()
    """Times to the first token."""

    def __post_init__(self) -> None:
        """Refuse a name that occurs twice, and a reference to a missing row."""
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
        """Return a benchmark by its short name.

        Raises:
            KeyError: there is no such benchmark.
        """
        return {each.id: each for each in self.benchmark}[name]
