"""What comes after a model that ends: its replacement, with the tokens it thinks in, and what moving costs."""

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
from .workload import Workload

__all__ = ["DEFAULT_REASONING_TOKENS", "Migration", "Move", "migrate", "successor"]

DEFAULT_REASONING_TOKENS = 1000
"""Assumed where none are given, since the replacements think before they answer; every report says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """From one model to what comes after it."""

    model: ModelEstimate
    """One request to the model that ends."""

    to: ModelEstimate | None
    """The same request to its replacement, with the reasoning tokens. None if no replacement is named."""

    steps: tuple[PriceRow, ...]
    """The replacement's rows of prices on the day, from the shortest prompts to the longest."""

    saving: Saving | None
    """What a request costs less after moving. None if one of the two has no price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """What comes after the variants."""

    reasoning_tokens: int
    """Tokens that a replacement is allowed to think in, on top of the output."""

    requests_per_month: int | None
    """How often the request is made in a month, if that is given."""

    moves: tuple[Move, ...]
    """A move for every variant that ends."""

    def a_month(self, amount: Decimal) -> Decimal | None:
        """Return what an amount a request comes to in a month."""
        return None if self.requests_per_month is None else amount * self.requests_per_month


def successor(model: Model, find: Callable[[str], Model], on: date) -> Model | None:
    """Return the model to move to: the first replacement, or its replacement, that is not shut down. None without one.

    >>> from gpt41calc.pricing.table import load_pricing
    >>> pricing = load_pricing()
    >>> successor(pricing.find("gpt-4.5-preview"), pricing.find, date(2026, 11, 22)).id
    'gpt-6-luna'
    """
    last, passed = model, {model.id}
    while last.replacement and last.replacement not in passed:
        last = find(last.replacement)
        passed.add(last.id)
        if last.status(on) == "live":
            break
    return None if last is model else last


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
    """Return what comes after variants that end.

    Args:
        inputs: what was counted, in the encodings of the variants and of their replacements.
        variants: the estimates of the variants, at least one; cached tokens are in the encoding of the first.
        workload: what is asked of them.
        on: the day whose prices and statuses hold.
        find: returns a model by its identifier.
        reasoning_tokens: what a replacement is allowed to think in, on top of the output.
        requests_per_month: how often the request is made in a month, if that is known.
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
        # The other way round than against a comparator: what the old model costs more is saved.
        saving=saving(there.cost, here.cost) if here.cost and there.cost else None,
    )


def _steps(model: Model, on: date) -> list[PriceRow]:
    """Return the row in force for every length of prompt at which the price changes."""
    lengths = sorted({row.above_input_tokens for row in model.price if row.since <= on})
    rows = [model.row(on=on, input_tokens=length + 1) for length in lengths]
    return [row for row in rows if row]
