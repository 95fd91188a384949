"""The cost of a run by its billed usage, with the answers that could not be priced and the accuracy of the estimate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ...pricing.schema import Model
from ...tally import Skipped
from .accuracy import UsageAccuracy
from .charges import Spent, by_model, summed, total
from .invoice.compare import InvoiceComparison
from .ledger import Stated
from .lines import LineCounts
from .row_keys import DEFAULT_KEYS, Keys

__all__ = ["UsageCost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageCost:
    """The cost of some answers."""

    paths: tuple[str, ...]
    """The named files and folders."""

    files: tuple[str, ...]
    """The files that were read."""

    groups: tuple[Spent, ...]
    """Sums by model, tier and the keys of the rows."""

    keys: Keys = DEFAULT_KEYS
    """The keys by which rows are grouped."""

    zone: str = "UTC"
    """Name of the time zone of days, weeks and months."""

    undated: int
    """Number of answers without a date; they have the prices of ``as_of``."""

    lines: LineCounts
    """The results of all lines."""

    repeated: int = 0
    """Number of answers that were in more than one line."""

    merged_lines: int = 0
    """Number of lines merged into them."""

    stated: Stated
    """Costs stated by the sources."""

    failed: tuple[Skipped, ...]
    """Failed requests, which cost nothing."""

    skipped: tuple[Skipped, ...]
    """Lines whose cost is not known: without them, all sums are lower bounds."""

    missing: tuple[Skipped, ...] = ()
    """Answers with separately charged calls that are not in the sums."""

    as_of: date
    """The day whose prices apply to answers without a date."""

    pricing_checked: date
    """Day on which the price table was last compared with its sources."""

    accuracy: UsageAccuracy | None = None
    """Comparison with the estimates, if the requests were given. None if not."""

    shows_kinds: bool = False
    """Whether the report shows the accuracy of the estimates by kind of request."""

    expected_output: str | None = None
    """The expected length of answers, as a phrase, if the requests were given. None if not."""

    calibration: str | None = None
    """Path of the calibration file that was written. None if there is none."""

    invoice: InvoiceComparison | None = None
    """Comparison with the provider's invoice. None if none was given."""

    names_taken: Mapping[str, Model] = field(default_factory=dict)
    """Models found by a name that is not in the table, by that name."""

    overlay: str | None = None
    """Path of the user's price table that overlays the shipped one. None if there is none."""

    surcharged: tuple[Model, ...] = ()
    """The models that have surcharges, or whose prices were not checked."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""

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
        """The sum of all answers."""
        return total(self.groups)

    @property
    def is_complete(self) -> bool:
        """Whether every line and every fee is in the sums."""
        return not (self.skipped or self.missing)
