"""Migration from a deprecated model to its replacement, with reasoning tokens and the difference in cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ..pricing.price import PriceRow
from ..pricing.schema import Model
from ..tally import Tally
from .model_estimate import ModelEstimate, estimate_model
from .savings import Saving, saving
from .successor import successor
from .workload import Workload

__all__ = ["DEFAULT_REASONING_TOKENS", "Migration", "Move", "migrate"]

DEFAULT_REASONING_TOKENS = 1000
"""Reasoning tokens assumed if none are given, since the replacements reason before they answer; every report says so.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The move from one model to its replacement."""

    model: ModelEstimate
    """One request to the old model."""

    to: ModelEstimate | None
    """The same request to the replacement, reasoning tokens included. None if no replacement is named."""

    steps: tuple[PriceRow, ...]
    """Price rows of the replacement on the day, from the shortest prompts to the longest."""

    saving: Saving | None
    """Saving per request after the move. None if one of the two models has no price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """The moves of all variants that have a replacement."""

    reasoning_tokens: int
    """Reasoning tokens allowed for a replacement, in addition to the output tokens."""

    requests_per_month: int | None
    """Number of requests per month. None if it was not given."""

    moves: tuple[Move, ...]
    """One move per deprecated variant."""

    def a_month(self, amount: Decimal) -> Decimal | None:
        """Return the amount per month, in US dollars, for an amount per request."""
        return None if self.requests_per_month is None else amount * self.requests_per_month


def migrate(
    inputs: Tally,
    variants: Sequence[ModelEstimate],
    workload: Workload,
    on: date,
    find: Callable[[str], Model],
    *,
    reasoning_tokens: int,
    requests_per_month: int | None,
) -> Migration:
    """Return the migration of variants to their replacements.

    Args:
        inputs: the counted input, in the encodings of the variants and of their replacements.
        variants: the estimates of the variants, at least one; cached tokens are in the encoding of the first.
        workload: number of requests, output tokens and tier.
        on: the day whose prices and model statuses are used.
        find: returns a model by its identifier.
        reasoning_tokens: reasoning tokens allowed for a replacement, in addition to the output.
        requests_per_month: number of requests per month; None if it is not known.
    """
    once, encoding = replace(workload, requests=1), variants[0].model.counted_in
    moves = [
        _move(inputs, encoding, one.model, successor(one.model, find, on), once, on, reasoning_tokens)
        for one in variants
        if one.status in {"deprecated", "retired"}
    ]
    return Migration(reasoning_tokens=reasoning_tokens, requests_per_month=requests_per_month, moves=tuple(moves))


def _move(
    inputs: Tally,
    encoding: str,
    model: Model,
    next_model: Model | None,
    once: Workload,
    on: date,
    reasoning_tokens: int,
) -> Move:
    here = estimate_model(inputs, encoding, model, "variant", once, on)
    if next_model is None:
        return Move(model=here, to=None, steps=(), saving=None)
    thinking = replace(once, output_tokens=once.output_tokens + reasoning_tokens)
    there = estimate_model(inputs, encoding, next_model, "comparator", thinking, on)
    return Move(
        model=here,
        to=there,
        steps=tuple(_steps(next_model, on)),
        # The arguments are in the opposite order to a comparator's: what the old model costs more is the saving.
        saving=saving(there.cost, here.cost) if here.cost and there.cost else None,
    )


def _steps(model: Model, on: date) -> list[PriceRow]:
    """Return the price row in force for each prompt length at which the price changes."""
    lengths = sorted({row.above_input_tokens for row in model.price if row.since <= on})
    rows = [model.row(on=on, input_tokens=length + 1) for length in lengths]
    return [row for row in rows if row]
