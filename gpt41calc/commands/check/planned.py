"""What ``check`` is asked: budgets with the rules for their files, and the options they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ...calculator.budget import Budget, Level
from ...calculator.workload import Workload
from ...errors import UsageError
from ...pricing.schema import Model
from ...pricing.table import Pricing
from ...sources.scope import FolderListing, Gather, Scope, globbed_scope, named_scope
from ...sources.source import DEFAULT_RULES, Rules
from .base import MERGE_BASE, Base

if TYPE_CHECKING:
    from ...dataset.measure import Aim
    from ...dataset.template import Template

__all__ = ["BudgetFiles", "CheckOptions", "Rows", "require_rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Which rows a budget is for."""

    column: str | None = None
    """The column that is sent. None if a template names columns."""

    holds_requests: bool = False
    """Whether it holds JSON of requests."""

    template: Template | None = None
    """What every row is put into. None if a row is its text."""

    aim: Aim
    """How well the total is to be known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetFiles:
    """A budget, and the rule for its files."""

    budget: Budget
    """The budget."""

    paths: Sequence[str]
    """Files and folders, or globs in gitignore syntax if ``folder`` is given."""

    exclude: Sequence[str] = ()
    """Globs of files to leave out."""

    rows: Rows | None = None
    """Which rows of a dataset it is for. None if the budget is for whole files."""

    folder: str | None = None
    """Folder of the project file, to which globs are relative. None if ``paths`` are not globs."""

    def scope(self, rules: Rules, listings: dict[str, FolderListing], find: Gather) -> Scope:
        """Return the files of the budget.

        Args:
            rules: the rules for files in folders.
            listings: listings of folders of project files, reused and extended here.
            find: finds files.

        Raises:
            UsageError: a path does not exist, or a glob pattern is invalid.
        """
        if self.folder is None:
            return named_scope(list(self.paths), rules, find)
        listing = listings.setdefault(self.folder, FolderListing(self.folder, rules, find))
        return globbed_scope(listing, tuple(self.paths), tuple(self.exclude))


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """Budgets, and the settings for evaluating them."""

    budgets: Sequence[BudgetFiles]
    """The budgets, at least one."""

    rules: Rules = DEFAULT_RULES
    """Rules for files in folders."""

    models: Sequence[Model]
    """The models to which every budget applies, at least one."""

    workload: Workload
    """Output tokens, number of requests and other settings beside the files."""

    pricing: Pricing
    """The price table."""

    on: date
    """The day whose prices and model statuses are used."""

    base: Base = MERGE_BASE
    """The base for increases."""

    fail_on: Level = "error"
    """The lowest level at which a broken budget fails the run."""

    strict: bool = False
    """Whether a glob that matches nothing is an error."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""


def require_rows(budgets: Sequence[BudgetFiles]) -> None:
    """Refuse a limit on all rows for files that have none.

    Raises:
        UsageError: a budget for files has one.
    """
    for each in budgets:
        if each.rows is None and each.budget.limits.max_total_cost is not None:
            message = f"budget '{each.budget.name:.60}': max-total-cost is a limit on the rows of a dataset"
            raise UsageError(message, hint="name the column that is sent, or limit a request with max-cost")
