"""Compare two inputs of a request, before and after a change, in tokens and dollars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from ..pricing.schema import Model
from ..tally import Counted, Skipped, Tally
from .context import fit, input_tokens, widened
from .cost import Cost, cost
from .interval import Exactness, Interval
from .money import exactly
from .workload import Workload

__all__ = ["ChangeStatus", "FileChange", "ModelChange", "compare_tallies", "cost_of_tokens"]

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

    is_apart: bool = False
    """Whether one side may be too low where the other is too high: requests with other pictures or functions."""

    @property
    def delta(self) -> Interval[int]:
        """Added tokens, with bounds from one ratio for both sides; negative if there are fewer."""
        expected = self.after.value - self.before.value
        ends = (
            (self.after.low - self.before.high, self.after.high - self.before.low)
            if self.is_apart
            else (self.after.low - self.before.low, self.after.high - self.before.high)
        )
        return Interval(min(expected, *ends), expected, max(expected, *ends))

    @property
    def cost_delta(self) -> Decimal | None:
        """Additional cost of one request, in US dollars; negative if it is less."""
        if self.cost_before is None or self.cost_after is None:
            return None
        return self.cost_after - self.cost_before


def compare_tallies(
    before: Tally, after: Tally, models: Sequence[Model], workload: Workload, on: date
) -> tuple[ModelChange, ...]:
    """Return the effect of a change for each model, as if each side were one request.

    Args:
        before: what was counted before, in the encodings of all models.
        after: what is counted after.
        models: the models whose prices and limits are used.
        workload: output tokens and tier; the number of requests is not used.
        on: the day whose prices apply.
    """
    single = replace(workload, requests=1, cached_tokens=0, cached_percent=None)
    with exactly():
        return tuple(_compared(before, after, model, single, on) for model in models)


def cost_of_tokens(before: int, after: int, model: Model, workload: Workload, on: date) -> Decimal | None:
    """Return the additional cost of one request with only these tokens, without its output, in US dollars.

    If long prompts have a higher price, the costs of parts do not add up to the cost of the whole.

    Args:
        before: tokens before, in the encoding of the model.
        after: tokens after.
        model: the model whose prices apply.
        workload: the workload, of which only the tier is used.
        on: the day whose prices apply.

    Returns:
        The cost, negative if it is less. None if there is no price.
    """
    alone = replace(workload, requests=1, cached_tokens=0, cached_percent=None, output_tokens=0)
    with exactly():
        was, now = (cost(count, alone, model, on) for count in (before, after))
        if isinstance(was, Cost) and isinstance(now, Cost):
            return now.per_request - was.per_request
    return None


def _compared(before: Tally, after: Tally, model: Model, workload: Workload, on: date) -> ModelChange:
    was, now = (_input_of(side, model) for side in (before, after))
    was_price, now_price = (_price_of(side, model, workload, on) for side in (before, after))
    is_by_rules = before.is_modelled or after.is_modelled
    return ModelChange(
        model=model,
        exactness="modelled" if is_by_rules and model.ratio is None else model.text_exactness,
        before=was,
        after=now,
        cost_before=was_price,
        cost_after=now_price,
        crossed=_crossed(was, now, model, workload, on),
        # Equal margins are of the same pictures and functions, which are wrong by the same amount on both sides.
        is_apart=before.margin(model.id) != after.margin(model.id),
    )


def _input_of(side: Tally, model: Model) -> Interval[int]:
    """Return the input tokens of a side: of its text, and what the rules of requests add."""
    added = side.added(model.id)
    text = input_tokens(side.tokens(model.counted_in), model)
    return widened(text.map(lambda tokens: tokens + added), side.margin(model.id))


def _price_of(side: Tally, model: Model, workload: Workload, on: date) -> Decimal | None:
    """Return the cost of one request, in US dollars; None if there is no price."""
    counted = side.tokens(model.counted_in)
    price = cost(counted, workload, model, on, added=side.added(model.id), margin=side.margin(model.id))
    return price.per_request if isinstance(price, Cost) else None


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
