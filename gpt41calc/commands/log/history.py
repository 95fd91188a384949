"""The tokens of some paths after each commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ...calculator.context import input_tokens
from ...calculator.interval import Interval
from ...pricing.schema import Model

__all__ = ["CommitRow", "History"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitRow:
    """One commit, with the tokens of the paths after it."""

    hash: str
    """Full id of the commit."""

    date: date
    """Commit date, in UTC."""

    subject: str
    """The first line of its message."""

    tokens: int
    """Tokens of all files after this commit, in the encoding of the history."""

    delta: int | None
    """Tokens added since the previous commit. None if no file was counted before it."""

    files: int
    """Number of files counted."""

    complete: bool = True
    """Whether everything was counted that should be; if not, ``tokens`` is a lower bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The commits that changed some paths, oldest first."""

    rows: tuple[CommitRow, ...]
    """One row per commit, oldest first."""

    paths: tuple[str, ...]
    """The files and folders; empty for the whole current folder."""

    encoding: str
    """Encoding of the counts."""

    model: Model | None = None
    """The model whose tokens are shown. None if no model was named."""

    budget_tokens: int | None = None
    """Most tokens of the model allowed. None if there is no budget."""

    since: str | None = None
    """The revision after which the history begins, as shown in reports. None if it begins with the first commit."""

    tokens_at_start: int = 0
    """Tokens before the first commit, if the history begins after a revision."""

    is_complete_at_start: bool = True
    """Whether everything was counted for ``tokens_at_start``."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""

    is_shallow: bool = False
    """Whether older commits may exist that this clone does not have."""

    def tokens(self, counted: int) -> Interval[int]:
        """Return the tokens of the model for a count in the encoding."""
        return input_tokens(counted, self.model) if self.model else Interval.exact(counted)

    def is_over(self, row: CommitRow) -> bool:
        """Return whether the budget is broken after a commit, by the upper bound if the count is estimated."""
        return self.budget_tokens is not None and self.tokens(row.tokens).high > self.budget_tokens

    def is_over_before(self, row: CommitRow) -> bool:
        """Return whether the budget was already broken before a commit."""
        if self.budget_tokens is None or row.delta is None:
            return False
        return self.tokens(row.tokens - row.delta).high > self.budget_tokens

    @property
    def tokens_now(self) -> int:
        """Tokens after the last commit, in the encoding."""
        return self.rows[-1].tokens if self.rows else self.tokens_at_start

    @property
    def is_over_now(self) -> bool:
        """Whether the budget is broken after the last commit, by the upper bound if the count is estimated."""
        return self.budget_tokens is not None and self.tokens(self.tokens_now).high > self.budget_tokens

    @property
    def first_broken(self) -> CommitRow | None:
        """The oldest commit after which the budget is broken."""
        return next((row for row in self.rows if self.is_over(row)), None)

    @property
    def is_complete(self) -> bool:
        """Whether everything was counted in every commit."""
        return self.is_complete_at_start and all(row.complete for row in self.rows)
