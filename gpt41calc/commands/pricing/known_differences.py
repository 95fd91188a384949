"""Known differences from other price databases, with their reasons."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Annotated, Literal

from ...errors import PricingError
from ...locations import shipped_file
from ...pricing.fields import Cited, Constrained, Day, Line, Name, PerMillion, Record, Tokens
from ...pricing.toml import read_as
from .compare import MODEL, Disagreement

__all__ = ["Known", "KnownDifferences", "NotInTable", "load_known"]


Stated = Annotated[Day | Tokens | PerMillion | Line, Constrained(mode="left_to_right")]
"""A value as stated by another database."""


class Known(Record):
    """Differences with a common reason; other values are not explained by it."""

    databases: Cited
    """The databases that differ."""

    theirs: Annotated[dict[Name, dict[Line, Stated]], Constrained(min_length=1)]
    """Their values, by model and subject; for a length step, the subject is for example ``standard input above
    200000``.
    """

    until: Day | None = None
    """First day on which the prices no longer differ, for databases with a history. None if they still do."""

    why: Line
    """The reason for the difference and for keeping our value."""

    source: Cited
    """Source of our value."""

    checked: Day
    """Day on which it was last reviewed."""

    def explains(self, found: Disagreement) -> bool:
        """Return whether a difference is one of these: same database, model, subject, length step, end and value."""
        step = f" above {found.above}" if found.above else ""
        stated = self.theirs.get(found.model, {}).get(found.what + step)
        return (
            found.database in self.databases
            and found.until == self.until
            and stated is not None
            and stated == found.theirs
        )


class NotInTable(Record):
    """Models of other databases that are deliberately not in our table, with a common reason."""

    models: Annotated[tuple[Name, ...], Constrained(min_length=1)]
    """Their names, with ``*`` for any characters."""

    why: Line
    """The reason."""

    checked: Day
    """Day on which it was last reviewed."""

    def explains(self, found: Disagreement) -> bool:
        """Return whether a difference is that our table lacks one of these models."""
        return found.what == MODEL and any(fnmatchcase(found.model, pattern) for pattern in self.models)


class KnownDifferences(Record):
    """The table of all known differences."""

    schema_version: Literal[1]
    """Version of the table's format."""

    checked: Day
    """Day on which the table as a whole was last reviewed."""

    sources: dict[Name, Line]
    """Short names of the sources, and the page or document of each."""

    known: tuple[Known, ...] = ()
    """Known differences with reasons."""

    not_in_table: tuple[NotInTable, ...] = ()
    """Models that are left out, with reasons."""

    def __post_init__(self) -> None:
        """Refuse a citation of a source that is not listed."""
        for each in self.known:
            for source in each.source:
                if source not in self.sources:
                    message = f"{next(iter(each.theirs))}: source: expected a key of [sources], found {source}"
                    raise ValueError(message)

    def explanation(self, found: Disagreement) -> Known | NotInTable | None:
        """Return the known reason for a difference. None if there is none."""
        reasons: tuple[Known | NotInTable, ...] = (*self.known, *self.not_in_table)
        return next((each for each in reasons if each.explains(found)), None)


def load_known() -> KnownDifferences:
    """Return the shipped table of known differences.

    Raises:
        PricingError: the file is missing or breaks a rule.

    >>> "1,047,576" in load_known().known[0].why
    True
    """
    return read_as(KnownDifferences, shipped_file("differences.toml"), PricingError)
