"""The cost of a run by its usage: what was spent, what could not be priced, and how far off the estimate was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ...pricing.schema import Model
from ...tally import Skipped
from .accuracy import UsageAccuracy
from .charges import Spent, by_model, summed, total
from .grouping import DEFAULT_KEYS, Keys
from .invoice.compare import InvoiceComparison
from .ledger import Stated
from .lines import LineCounts

__all__ = ["UsageCost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageCost:
    """What some answers cost."""

    paths: tuple[str, ...]
    """The files and folders that were named."""

    files: tuple[str, ...]
    """The files that were read."""

    groups: tuple[Spent, ...]
    """Sums by model, price list and the keys of the rows."""

    keys: Keys = DEFAULT_KEYS
    """What the rows of the report stand for."""

    zone: str = "UTC"
    """Name of the time zone of days, weeks and months."""

    undated: int
    """How many answers do not say when they were made; they have the prices of ``as_of``."""

    lines: LineCounts
    """What became of every line."""

    repeated: int = 0
    """How many answers were in more than one line."""

    merged_lines: int = 0
    """How many lines were merged into them."""

    stated: Stated
    """What the sources say that answers cost."""

    failed: tuple[Skipped, ...]
    """Requests that failed, of which nothing is missing."""

    skipped: tuple[Skipped, ...]
    """Lines whose cost is not known: without them, all sums are lower bounds."""

    missing: tuple[Skipped, ...] = ()
    """Answers with calls that are charged apart and are not in the sums."""

    as_of: date
    """The day whose prices hold where an answer does not say its own."""

    pricing_checked: date
    """Day on which the price table was last read against its sources."""

    accuracy: UsageAccuracy | None = None
    """Estimate against actual, if the requests were given."""

    shows_kinds: bool = False
    """Whether the report says how good the estimates are by kind of request."""

    expected_output: str | None = None
    """How long answers were estimated, in words, if the requests were given."""

    calibration: str | None = None
    """The file that was written with what was learned, if that was asked."""

    invoice: InvoiceComparison | None = None
    """What the provider charged against these sums, if its invoice was given."""

    names_taken: Mapping[str, Model] = field(default_factory=dict)
    """The models that answers have by another name than their own, by that name."""

    overlay: str | None = None
    """Path of the user's price table, if one was laid over the shipped one."""

    surcharged: tuple[Model, ...] = ()
    """The models that are charged more than their list prices, or whose prices nobody checked."""

    config: str | None = None
    """Path of the project file that gave options, if there is one."""

    @property
    def rows(self) -> tuple[Spent, ...]:
        """The sums by the keys of the report."""
        return tuple(summed(self.groups, self.keys))

    @property
    def models(self) -> tuple[Spent, ...]:
        """The sums by model."""
        return tuple(by_model(self.groups))

    @property
    def total(self) -> Spent:
        """All of it together."""
        return total(self.groups)

    @property
    def is_complete(self) -> bool:
        """Whether every line and every fee is in the sums."""
        return not (self.skipped or self.missing)
