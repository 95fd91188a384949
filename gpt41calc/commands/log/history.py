"""How did it get so large? The tokens of some paths, commit by commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ...calculator.context import input_tokens
from ...calculator.interval import Interval
from ...pricing.schema import Model

__all__ = ["CommitRow", "History"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitRow:
    """What the paths came to with one commit."""

    hash: str
    """The whole hash of the commit."""

    date: date
    """Day on which it was committed, in UTC."""

    subject: str
    """The first line of its message."""

    tokens: int
    """Tokens of all files in the encoding of the history, after this commit."""

    delta: int | None
    """How many more than with the commit before. None if none of them was counted before it."""

    files: int
    """How many files were counted."""

    complete: bool = True
    """Whether nothing that should have been counted is missing; if not, ``tokens`` is a lower bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The commits that changed some paths, the oldest first."""

    rows: tuple[CommitRow, ...]
    """One for each commit, in the order in which they were made."""

    paths: tuple[str, ...]
    """Which files and folders. None for all of the current folder."""

    encoding: str
    """In which tokens are counted."""

    model: Model | None = None
    """Whose tokens are shown, if a model was asked for."""

    budget_tokens: int | None = None
    """The most tokens of the model that are allowed, if that was asked."""

    since: str | None = None
    """The revision after which it begins, as it is shown."""

    tokens_at_start: int = 0
    """Tokens before the first commit, where it begins after a revision."""

    is_complete_at_start: bool = True
    """Whether nothing that should have been counted is missing in them."""

    config: str | None = None
    """Path of the project file that was used."""

    is_shallow: bool = False
    """Whether older commits may exist that this clone does not have."""

    def tokens(self, counted: int) -> Interval[int]:
        """Return the tokens of the model for a count in the encoding."""
        return input_tokens(counted, self.model) if self.model else Interval.exact(counted)

    def is_over(self, row: CommitRow) -> bool:
        """Say whether the budget is broken by a commit, by the high bound where it is estimated."""
        return self.budget_tokens is not None and self.tokens(row.tokens).high > self.budget_tokens

    def is_over_before(self, row: CommitRow) -> bool:
        """Say whether the budget was broken before a commit already."""
        if self.budget_tokens is None or row.delta is None:
            return False
        return self.tokens(row.tokens - row.delta).high > self.budget_tokens

    @property
    def tokens_now(self) -> int:
        """Tokens after the last commit, in the encoding."""
        return self.rows[-1].tokens if self.rows else self.tokens_at_start

    @property
    def is_over_now(self) -> bool:
        """Whether the budget is broken after the last commit, by the high bound where it is estimated."""
        return self.budget_tokens is not None and self.tokens(self.tokens_now).high > self.budget_tokens

    @property
    def first_broken(self) -> CommitRow | None:
        """The oldest commit with which the budget is broken."""
        return next((row for row in self.rows if self.is_over(row)), None)

    @property
    def is_complete(self) -> bool:
        """Whether everything was counted in every commit."""
        return self.is_complete_at_start and all(row.complete for row in self.rows)
