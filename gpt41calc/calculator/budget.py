"""Budgets, and the results of checking counted files against them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from ..pricing.schema import Model
from ..tally import Tally
from .interval import Interval
from .limit_check import LimitCheck, Unit
from .workload import Workload

__all__ = ["Budget", "Check", "Increase", "Level", "Limits", "RowsChecked", "Verdict"]

Level = Literal["error", "warn"]
"""Whether a broken budget fails the run (``error``) or is only reported (``warn``)."""


@dataclass(frozen=True, slots=True)
class Increase:
    """The largest increase over the base that a budget allows."""

    amount: Decimal
    """Tokens, US dollars per request, or percent of the tokens at the base."""

    unit: Unit
    """The unit of ``amount``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one budget; None for a limit that is not set.

    A limit that is reached exactly is kept, except ``fail_if_retires_within``.
    """

    token_budget: int | None = None
    """Most tokens of all files together. None for no limit."""

    token_budget_per_file: int | None = None
    """Most tokens of any one file. None for no limit."""

    max_cost: Decimal | None = None
    """Most US dollars for one request, output included. None for no limit."""

    max_total_cost: Decimal | None = None
    """Most US dollars for all rows of a dataset, a request a row, output included."""

    max_monthly_cost: Decimal | None = None
    """Most US dollars per month, for ``requests_per_month`` requests. None for no limit."""

    requests_per_month: int | None = None
    """Number of requests per month. None if it was not given."""

    max_context: Decimal | None = None
    """Most percent of the context window that input and output together may take. None for no limit."""

    max_increase: Increase | None = None
    """Most that the budget may grow over the base. None for no limit."""

    fail_if_retires_within: int | None = None
    """Number of days; a model that is shut down within them breaks the limit. None for no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A group of files, and the limits on their tokens and cost."""

    name: str
    """Name shown in reports."""

    limits: Limits
    """The limits of the group."""

    level: Level = "error"
    """Whether a broken limit fails the run or is only reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsChecked:
    """What a budget for the rows of a dataset is about."""

    files: tuple[str, ...]
    """Paths and addresses of its files, as they are opened."""

    requests: Interval[int]
    """Number of rows, each of which is a request."""

    cost: Interval[Decimal] | None
    """US dollars for all of them with the first model. None if it has no price."""

    read_percent: Decimal | None
    """Percent of its bytes that were read for a sample. None if every row was counted."""

    @property
    def is_sampled(self) -> bool:
        """Whether its numbers are bounds of a sample."""
        return self.read_percent is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One budget and the result for its files."""

    budget: Budget
    """The budget that was checked."""

    inputs: Tally
    """The files of the budget, counted."""

    before: Tally | None
    """The same files at the base, counted. None if there is no base."""

    tokens: Interval[int]
    """Tokens of all its files for the first model."""

    limits: tuple[LimitCheck, ...]
    """One result per limit; for a limit on every file, the files that break it, or else the largest file."""

    unmatched: tuple[str, ...] = ()
    """Glob patterns of the budget that match no file."""

    rows: RowsChecked | None = None
    """The rows of a dataset, if the budget is for those. None if it is for files."""

    @property
    def files(self) -> int:
        """Number of its files."""
        return self.inputs.files if self.rows is None else len(self.rows.files)

    @property
    def is_decided(self) -> bool:
        """Whether no limit lies within the bounds of a sample."""
        return not any(one.passed is None and one.is_in_range for one in self.limits)

    @property
    def is_compared(self) -> bool:
        """Whether there is a base to compare with."""
        return self.before is not None and (self.before.complete or bool(self.before.counted))

    @property
    def is_broken(self) -> bool:
        """Whether at least one limit is certainly exceeded."""
        return any(one.passed is False for one in self.limits)

    @property
    def is_complete(self) -> bool:
        """Whether everything that the limits need was counted; an incomplete base matters only to an increase limit."""
        limits_increase = self.budget.limits.max_increase is not None
        return self.inputs.complete and (not limits_increase or self.before is None or self.before.complete)

    @property
    def has_passed(self) -> bool:
        """Whether every limit is kept, and no missing input could break one."""
        return self.is_complete and all(one.passed for one in self.limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The results of all budgets of a run."""

    verdicts: tuple[Verdict, ...]
    """One result per budget, in the order of the configuration."""

    models: tuple[Model, ...]
    """The models that the budgets are checked for."""

    workload: Workload
    """Output tokens, number of requests and other settings beside the files."""

    as_of: date
    """The day whose prices and model statuses are used."""

    pricing_checked: date
    """Day on which the price table was last compared with its sources."""

    fail_on: Level
    """The lowest level at which a broken budget fails the run."""

    config: str | None = None
    """Path of the project file that was used. None if there was none."""

    against: str | None = None
    """The base of the comparison: a revision with its hash, or a baseline file. None if there is no base."""

    against_source: str | None = None
    """Where the base was named: an option, a variable of a CI service, or the default branch. None if there is no base.
    """

    is_base_checked_commit: bool = False
    """Whether the base is the checked commit itself, so that nothing can differ."""

    overlay: str | None = None
    """Path of the user's price table that overlays the shipped one. None if there is none."""

    @property
    def is_failed(self) -> bool:
        """Whether at least one broken budget fails the run."""
        return any(one.is_broken and self.fails(one) for one in self.verdicts)

    @property
    def is_complete(self) -> bool:
        """Whether everything that the limits need was counted."""
        return all(one.is_complete for one in self.verdicts)

    @property
    def is_decided(self) -> bool:
        """Whether every budget has a verdict: nothing is missing, and no limit lies within the bounds of a sample."""
        return self.is_complete and all(one.is_decided or one.is_broken for one in self.verdicts)

    def fails(self, verdict: Verdict) -> bool:
        """Return whether a broken limit of this budget fails the run."""
        return verdict.budget.level == "error" or self.fail_on == "warn"
