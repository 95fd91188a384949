"""Differences from other price databases that are explained."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from ...errors import PricingError
from ...locations import shipped_file
from ...pricing.fields import Cited, Constrained, Day, Line, Name, PerMillion, Record, Tokens
from ...pricing.toml import read_as
from .compare import MODEL, Disagreement

__all__ = ["Known", "KnownDifferences", "NotInTable", "load_known"]


Stated = Annotated[Day | Tokens | PerMillion | Line, Constrained(mode="left_to_right")]
"""A value as another database states it."""


@dataclass(frozen=True, kw_only=True)
class Known(Record):
    """Differences that have one reason. What is not one of these values is not explained."""

    databases: Cited
    """The databases that say otherwise."""

    theirs: Annotated[dict[Name, dict[Line, Stated]], Constrained(min_length=1)]
    """What they say, by model and by what it is about; above a step of prices, ``standard input above 200000``."""

    until: Day | None = None
    """First day on which a price differs no more, of databases with a history. None if it still does."""

    why: Line
    """The reason, and why our table stays as it is."""

    source: Cited
    """Where ours was read."""

    checked: Day
    """Day on which it was last looked at."""

    def explains(self, found: Disagreement) -> bool:
        """Say whether a difference is one of these: same database, model, subject, step, end and value."""
        step = f" above {found.above}" if found.above else ""
        stated = self.theirs.get(found.model, {}).get(found.what + step)
        return (
            found.database in self.databases
            and found.until == self.until
            and stated is not None
            and stated == found.theirs
        )


@dataclass(frozen=True, kw_only=True)
class NotInTable(Record):
    """Models that other databases have and that are left out here, for one reason."""

    models: Annotated[tuple[Name, ...], Constrained(min_length=1)]
    """Their names, with ``*`` for any characters."""

    why: Line
    """The reason."""

    checked: Day
    """Day on which it was last looked at."""

    def explains(self, found: Disagreement) -> bool:
        """Say whether a difference is that one of these models is not in our table."""
        return found.what == MODEL and any(fnmatchcase(found.model, pattern) for pattern in self.models)


@dataclass(frozen=True, kw_only=True)
class KnownDifferences(Record):
    """Every difference that is explained."""

    schema_version: Literal[1]
    """The form of the table."""

    checked: Day
    """Day on which the table as a whole was last looked at."""

    sources: dict[Name, Line]
    """Short names of the sources, and what they stand for."""

    known: tuple[Known, ...] = ()
    """The explanations."""

    not_in_table: tuple[NotInTable, ...] = ()
    """The models that are left out."""

    def __post_init__(self) -> None:
        """Refuse what cites a source that is not there."""
        for each in self.known:
            for source in each.source:
                if source not in self.sources:
                    message = f"{next(iter(each.theirs))}: source: expected a key of [sources], found {source}"
                    raise ValueError(message)

    def explanation(self, found: Disagreement) -> Known | NotInTable | None:
        """Return why two sources differ. None if nobody knows."""
        reasons: tuple[Known | NotInTable, ...] = (*self.known, *self.not_in_table)
        return next((each for each in reasons if each.explains(found)), None)


def load_known() -> KnownDifferences:
    """Read the differences that are explained.

    Raises:
        PricingError: the file is missing or breaks a rule.

    >>> "1,047,576" in load_known().known[0].why
    True
    """
    return read_as(KnownDifferences, shipped_file("differences.toml"), PricingError)
