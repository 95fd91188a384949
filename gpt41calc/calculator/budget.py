"""Budgets, and what comes of holding what was counted against them."""

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

__all__ = ["Budget", "Check", "Increase", "Level", "Limits", "Verdict"]

Level = Literal["error", "warn"]
"""Whether a broken budget fails the run, or is only reported."""


@dataclass(frozen=True, slots=True)
class Increase:
    """How much more than the base a budget may become."""

    amount: Decimal
    """Tokens, dollars a request, or percent of the tokens at the base."""

    unit: Unit
    """Which of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is allowed; every limit may be used up to its last token or cent."""

    token_budget: int | None = None
    """Tokens of all files together."""

    token_budget_per_file: int | None = None
    """Tokens of every file."""

    max_cost: Decimal | None = None
    """US dollars of one request, its output included."""

    max_monthly_cost: Decimal | None = None
    """US dollars of ``requests_per_month`` requests."""

    requests_per_month: int | None = None
    """How often the request is made in a month."""

    max_context: Decimal | None = None
    """Percent of the context window that input and output may take."""

    max_increase: Increase | None = None
    """How much more it may be than at the base."""

    fail_if_retires_within: int | None = None
    """Days in which no model may be shut down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Some files, and what they may take and cost together."""

    name: str
    """What it is called in reports."""

    limits: Limits
    """What is allowed."""

    level: Level = "error"
    """What it means to break it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One budget and the result for its files."""

    budget: Budget
    """What was asked for."""

    inputs: Tally
    """Its files."""

    before: Tally | None
    """Its files at the base. None if nothing was compared."""

    tokens: Interval[int]
    """Tokens of all its files for the first model."""

    limits: tuple[LimitCheck, ...]
    """Every limit; of a limit for every file, only the files that break it, or the largest one."""

    unmatched: tuple[str, ...] = ()
    """Globs that no file matches."""

    @property
    def is_compared(self) -> bool:
        """Whether anything is known of the base."""
        return self.before is not None and (self.before.complete or bool(self.before.counted))

    @property
    def is_broken(self) -> bool:
        """Whether some limit is exceeded for certain."""
        return any(one.passed is False for one in self.limits)

    @property
    def is_complete(self) -> bool:
        """Whether everything was counted that the limits are about; the base matters to an increase alone."""
        is_compared = self.budget.limits.max_increase is not None
        return self.inputs.complete and (not is_compared or self.before is None or self.before.complete)

    @property
    def has_passed(self) -> bool:
        """Whether every limit is kept, and nothing is missing that could break one."""
        return self.is_complete and all(one.passed for one in self.limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """All budgets of a run."""

    verdicts: tuple[Verdict, ...]
    """One for each budget, in the order of the configuration."""

    models: tuple[Model, ...]
    """The models asked about."""

    workload: Workload
    """What is asked of each model, besides the files."""

    as_of: date
    """The day whose prices and statuses hold."""

    pricing_checked: date
    """Day on which the price table was last read against its sources."""

    fail_on: Level
    """From which level on a broken budget fails the run."""

    config: str | None = None
    """Path of the project file that was used."""

    against: str | None = None
    """What was compared with: a revision and its hash, or a baseline file."""

    against_source: str | None = None
    """What named it: an option, a variable of a CI service, or the default branch."""

    is_base_checked_commit: bool = False
    """Whether the base is the very commit that is checked, so that there can be no difference."""

    overlay: str | None = None
    """Path of the user's price table, if one was laid over the shipped one."""

    @property
    def is_failed(self) -> bool:
        """Whether a budget is broken that fails the run."""
        return any(one.is_broken and self.fails(one) for one in self.verdicts)

    @property
    def is_complete(self) -> bool:
        """Whether everything was counted."""
        return all(one.is_complete for one in self.verdicts)

    def fails(self, verdict: Verdict) -> bool:
        """Say whether breaking a budget fails the run."""
        return verdict.budget.level == "error" or self.fail_on == "warn"
