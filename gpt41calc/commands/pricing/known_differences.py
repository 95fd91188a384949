"""Differences from other price databases that are explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from ...errors import PricingError
from ...locations import shipped_file
from ...pricing.fields import Cited, Constrained, Day, Line, Name, PerMillion, Record, Tokens
from ...pricing.toml import read_as
from .compare import Disagreement

__all__ = ["Known", "KnownDifferences", "load_known"]


@dataclass(frozen=True, kw_only=True)
class Known(Record):
    """Differences that have one reason."""

    databases: Cited
    """The databases that say otherwise."""

    models: Annotated[tuple[Name, ...], Constrained(min_length=1)]
    """Of which models."""

    what: Cited
    """What they are about."""

    theirs: Annotated[Day | Tokens | PerMillion, Constrained(mode="left_to_right")] | None = None
    """What it says. None if that does not matter."""

    why: Line
    """The reason, and why our table stays as it is."""

    source: Cited
    """Where ours was read."""

    checked: Day
    """Day on which it was last looked at."""

    def explains(self, found: Disagreement) -> bool:
        """Say whether a difference is one of these."""
        return (
            found.database in self.databases
            and found.model in self.models
            and found.what in self.what
            and (self.theirs is None or self.theirs == found.theirs)
        )


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

    def __post_init__(self) -> None:
        """Refuse what cites a source that is not there."""
        for each in self.known:
            for source in each.source:
                if source not in self.sources:
                    message = f"{each.models[0]}: source: expected a key of [sources], found {source}"
                    raise ValueError(message)

    def explanation(self, found: Disagreement) -> Known | None:
        """Return why two sources differ. None if nobody knows."""
        return next((each for each in self.known if each.explains(found)), None)


def load_known() -> KnownDifferences:
    """Read the differences that are explained.

    Raises:
        PricingError: the file is missing or breaks a rule.

    >>> "1,047,576" in load_known().known[0].why
    True
    """
    return read_as(KnownDifferences, shipped_file("differences.toml"), PricingError)
