"""Compare the same files before and after a change, in tokens and dollars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from ...calculator.context import fit, input_tokens
from ...calculator.cost import Cost, cost
from ...calculator.interval import Exactness, Interval
from ...calculator.money import exactly
from ...calculator.workload import Workload
from ...pricing.schema import Model
from ...tally import Counted, Skipped, Tally

__all__ = ["ChangeStatus", "Difference", "FileChange", "ModelChange", "compare", "cost_delta_of"]

ChangeStatus = Literal["added", "removed", "renamed", "changed"]
"""Kind of the change of a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """One file on both sides of a change."""

    status: ChangeStatus
    """Kind of the change."""

    path: str
    """Current path, or last path if it was removed."""

    old_path: str | None = None
    """Earlier path. None if it was not renamed."""

    before: Counted | Skipped | None = None
    """The file before the change, counted or skipped. None if it did not exist."""

    after: Counted | Skipped | None = None
    """The file after the change, counted or skipped. None if it no longer exists."""

    def tokens(self, encoding: str) -> tuple[int, int]:
        """Return its tokens before and after; 0 where it does not exist or was not counted."""
        before, after = (one.tokens[encoding] if isinstance(one, Counted) else 0 for one in (self.before, self.after))
        return before, after

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it was not counted, each reason once; empty if it was counted wherever it exists."""
        sides = (self.before, self.after)
        return tuple(dict.fromkeys(side.reason for side in sides if isinstance(side, Skipped)))

    def delta(self, encoding: str) -> int | None:
        """Return the added tokens. None if it was counted on no side, or should have been counted and was not."""
        sides = [side for side in (self.before, self.after) if side is not None]
        lost = any(isinstance(side, Skipped) and not side.expected for side in sides)
        if lost or not any(isinstance(side, Counted) for side in sides):
            return None
        before, after = self.tokens(encoding)
        return after - before


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChange:
    """The effect of a change for one model."""

    model: Model
    """The model."""

    exactness: Exactness
    """Exactness of its token counts."""

    before: Interval[int]
    """Tokens of the changed files before."""

    after: Interval[int]
    """Tokens of the changed files after."""

    cost_before: Decimal | None
    """Cost of one request with these files before, in US dollars. None if there is no price."""

    cost_after: Decimal | None
    """Cost of one request with these files after, in US dollars. None if there is no price."""

    crossed: tuple[str, ...]
    """Limits of the model that the files kept before and exceed now, as phrases."""

    @property
    def delta(self) -> Interval[int]:
        """Added tokens, with bounds from one ratio for both sides; negative if there are fewer."""
        expected = self.after.value - self.before.value
        ends = self.after.low - self.before.low, self.after.high - self.before.high
        return Interval(min(expected, *ends), expected, max(expected, *ends))

    @property
    def cost_delta(self) -> Decimal | None:
        """Additional cost of one request, in US dollars; negative if it is less."""
        if self.cost_before is None or self.cost_after is None:
            return None
        return self.cost_after - self.cost_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The tokens and costs that a change adds to the files that it affects."""

    base: str
    """The base as shown in reports: a revision and its hash."""

    head: str
    """The compared side: a revision and its hash, ``staged`` or ``work tree``."""

    base_source: str | None = None
    """Where the base was named: a variable of a CI service, or the default branch; None if the user gave it."""

    is_base_compared_itself: bool = False
    """Whether a commit is compared with itself, so that nothing can differ."""

    changes: tuple[FileChange, ...]
    """Every file that differs between the sides, by path."""

    models: tuple[ModelChange, ...]
    """The effect for each model."""

    encoding: str
    """Encoding of the first model, in which files are reported."""

    workload: Workload
    """Output tokens, number of requests and other settings beside the files."""

    as_of: date
    """The day whose prices apply."""

    requests_per_month: int | None = None
    """Number of requests per month. None if it was not given."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""

    @property
    def before(self) -> Tally:
        """The changed files before."""
        return Tally.of(*(one.before for one in self.changes if one.before is not None))

    @property
    def after(self) -> Tally:
        """The changed files after."""
        return Tally.of(*(one.after for one in self.changes if one.after is not None))

    @property
    def is_complete(self) -> bool:
        """Whether everything was counted on both sides."""
        return self.before.complete and self.after.complete


def compare(
    changes: Sequence[FileChange], models: Sequence[Model], workload: Workload, on: date
) -> tuple[ModelChange, ...]:
    """Return the effect of a change for each model, as if the affected files were one request.

    Args:
        changes: the files, counted in the encodings of all models.
        models: the models whose prices and limits are used.
        workload: output tokens and tier; the number of requests is not used.
        on: the day whose prices apply.
    """
    before = Tally.of(*(one.before for one in changes if one.before is not None))
    after = Tally.of(*(one.after for one in changes if one.after is not None))
    single = replace(workload, requests=1, cached_tokens=0, cached_percent=None)
    with exactly():
        return tuple(_compared(before, after, model, single, on) for model in models)


def cost_delta_of(change: FileChange, model: Model, workload: Workload, on: date) -> Decimal | None:
    """Return the additional cost of one request with only this file, without its output, in US dollars.

    If long prompts have a higher price, these costs do not add up to the cost of the whole change.

    Args:
        change: the file, counted in the encoding of the model.
        model: the model whose prices apply.
        workload: the workload, of which only the tier is used.
        on: the day whose prices apply.
    """
    if change.delta(model.counted_in) is None:
        return None
    alone = replace(workload, requests=1, cached_tokens=0, cached_percent=None, output_tokens=0)
    with exactly():
        was, now = (cost(count, alone, model, on) for count in change.tokens(model.counted_in))
        if isinstance(was, Cost) and isinstance(now, Cost):
            return now.per_request - was.per_request
    return None


def _compared(before: Tally, after: Tally, model: Model, workload: Workload, on: date) -> ModelChange:
    counts = before.tokens(model.counted_in), after.tokens(model.counted_in)
    was, now = (input_tokens(count, model) for count in counts)
    prices = [cost(count, workload, model, on) for count in counts]
    was_price, now_price = (price.per_request if isinstance(price, Cost) else None for price in prices)
    return ModelChange(
        model=model,
        exactness=model.text_exactness,
        before=was,
        after=now,
        cost_before=was_price,
        cost_after=now_price,
        crossed=_crossed(was, now, model, workload, on),
    )


def _crossed(was: Interval[int], now: Interval[int], model: Model, workload: Workload, on: date) -> tuple[str, ...]:
    """Return the limits that the changed files alone kept before and exceed now."""
    crossed = []
    if fit(was, workload.output_tokens, model).fits and not fit(now, workload.output_tokens, model).fits:
        crossed.append(f"no longer fits the window of {model.window:,} tokens")
    steps = [model.row(on=on, input_tokens=tokens.value) for tokens in (was, now)]
    lower, upper = (step.above_input_tokens if step else 0 for step in steps)
    if upper > lower:
        crossed.append(f"prompts above {upper:,} tokens have a higher price")
    return tuple(crossed)
