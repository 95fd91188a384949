"""The account of a run: what was spent, what could not be priced, and how far off the estimate was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ...tally import Skipped
from .accuracy import Reckoning
from .charges import Spent, by_model, total

__all__ = ["Bill"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What some answers cost."""

    paths: tuple[str, ...]
    """The files they are in."""

    rows: tuple[Spent, ...]
    """By model, day and tier."""

    undated: int
    """How many answers do not say when they were made; they have the prices of ``as_of``."""

    failed: tuple[Skipped, ...]
    """Requests that failed and parts of streams: lines without usage, of which nothing is missing."""

    skipped: tuple[Skipped, ...]
    """Lines of which it cannot be said what they cost: without them, all sums are lower bounds."""

    as_of: date
    """The day whose prices hold where an answer does not say its own."""

    pricing_checked: date
    """Day on which the price table was last read against its sources."""

    reckoning: Reckoning | None = None
    """Estimate against actual, if the requests were given."""

    expected_output: str | None = None
    """How long answers were estimated, in words, if the requests were given."""

    calibration: str | None = None
    """The file that was written with what was learned, if that was asked."""

    overlay: str | None = None
    """Path of the user's price table, if one was laid over the shipped one."""

    config: str | None = None
    """Path of the project file that gave options, if there is one."""

    @property
    def models(self) -> tuple[Spent, ...]:
        """The rows summed up by model."""
        return tuple(by_model(self.rows))

    @property
    def total(self) -> Spent:
        """All rows together."""
        return total(self.rows)
