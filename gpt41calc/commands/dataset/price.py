"""What a dataset costs, a request a row: exact from thresholds, or with the bounds of a sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ...calculator.interval import Exactness, is_approximate
from ...calculator.money import exactly
from ...dataset.measured import Known, Measured
from ...dataset.own_tokenizers import GEMMA
from ...dataset.totals import Above
from ...pricing.price import Tier
from ...pricing.schema import Model, Status
from .charge import Around, Charge, ModePrice, Output, scaled, steps_of

__all__ = ["MODES", "ModelPrice", "price_models", "thresholds_of"]

MODES: tuple[tuple[str, Tier], ...] = (
    ("one by one", "standard"),
    ("cached", "standard"),
    ("batch", "batch"),
    ("flex", "flex"),
    ("priority", "priority"),
)
"""How requests are run, and the prices that hold then; ``cached`` is one by one, with what the prompt cache serves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPrice:
    """What one model costs."""

    model: Model
    """Who answers."""

    status: Status
    """Where it stands on the day."""

    exactness: Exactness
    """How good its count is."""

    encoding: str
    """In what its tokens were counted, before the ratio if it has one."""

    tokens: Known
    """Input tokens of all rows."""

    rows_drawn: int | None
    """Of how many rows its own tokenizer has counted. None if every row that was read is counted in ``encoding``."""

    over_window: Known | None
    """Rows that with their answer are longer than its window; None if its tokens are a ratio."""

    modes: tuple[ModePrice, ...]
    """What every way costs."""

    @property
    def is_by_ratio(self) -> bool:
        """Whether its tokens are those of another model times a ratio, not counted by a tokenizer of its own."""
        return self.model.ratio is not None and self.rows_drawn is None and is_approximate(self.exactness)

    @property
    def is_rough(self) -> bool:
        """Whether its tokens are an estimate, from a ratio or a sample."""
        return is_approximate(self.exactness) or self.tokens.low != self.tokens.high

    @property
    def cheapest(self) -> ModePrice | None:
        """The way that costs least. None if it has no price."""
        priced = [(mode.total.value, at) for at, mode in enumerate(self.modes) if mode.total and mode.mode != "cached"]
        return self.modes[min(priced)[1]] if priced else None


def _bounds(model: Model, *, is_own: bool) -> tuple[Decimal, Decimal, Decimal]:
    """Return by what the counted tokens are multiplied: low, expected, high.

    Args:
        model: whose.
        is_own: whether its ratio is in the counted tokens already, as it is in those of requests.
    """
    if model.ratio is None:
        return Decimal(1), Decimal(1), Decimal(1)
    if is_own:
        return model.ratio.low / model.ratio.value, Decimal(1), model.ratio.high / model.ratio.value
    return model.ratio.low, model.ratio.value, model.ratio.high


def _step_bounds(model: Model, *, is_own: bool) -> tuple[Decimal, Decimal, Decimal]:
    """Return by what a row's counted tokens are multiplied to see above which step it is; as ``_bounds``.

    Of a model whose own tokenizer counts some rows, it is its ratio: what this dataset's is, is known afterwards.
    """
    if model.fallback is None:
        return _bounds(model, is_own=is_own)
    return model.fallback.low, model.fallback.value, model.fallback.high


def thresholds_of(models: Sequence[Model], output: Output, *, is_own: bool = False) -> tuple[int, ...]:
    """Return the lengths, in counted tokens, that decide what a row costs and whether it fits.

    Args:
        models: which.
        output: how long answers are.
        is_own: whether rows are counted in each model's own tokens, as requests are.
    """
    found: set[int] = set()
    for model in models:
        for ratio in _step_bounds(model, is_own=is_own):
            found.update(scaled(step, ratio) for step in steps_of(model))
        if model.ratio is None:
            found.add(_longest_input(model, output))
    return tuple(sorted(found))


def _longest_input(model: Model, output: Output) -> int:
    return max(0, min(model.window - output.tokens, model.max_input or model.window))


def price_models(
    models: Sequence[Model], measured: Measured, output: Output, around: Around, on: date
) -> tuple[ModelPrice, ...]:
    """Return what all rows cost with each of some models.

    Args:
        models: which.
        measured: the rows.
        output: how long their answers are.
        around: what a template adds to every row, whatever it is.
        on: the day whose prices hold.
    """
    with exactly():
        return tuple(_price(model, measured, output, around, on) for model in models)


def _price(model: Model, measured: Measured, output: Output, template: Around, on: date) -> ModelPrice:
    job = measured.job
    encoding, is_own = job.counts_of(model), job.holds_requests
    is_drawn = job.is_drawn(encoding)
    every = job.every_row_of(model) if is_drawn else encoding
    known = measured.total(lambda tally: tally.tokens, per_row=template.tokens, encoding=every)
    drawn = measured.slow_tokens(encoding) if is_drawn else None
    if drawn is None:
        bounds = _bounds(model, is_own=is_own)
        low, value, high = bounds
        tokens = Known(*map(_whole, (known.low * low, known.value * value, known.high * high)))
    else:
        whole = known.value or Decimal(1)
        bounds, tokens = (drawn.low / whole, drawn.value / whole, drawn.high / whole), drawn
    over = None
    if drawn is None and model.ratio is None:
        longest = _longest_input(model, output)
        over = measured.total(lambda tally: tally.above.get(longest, Above(0, 0)).rows, encoding=encoding)
    steps = _step_bounds(model, is_own=is_own)
    charge = Charge(model, measured, output, template, on, every, bounds, steps, is_drawn=is_drawn)
    return ModelPrice(
        model=model,
        status=model.status(on),
        exactness=_exactness(model, measured, tokens, encoding),
        encoding=encoding,
        tokens=tokens,
        rows_drawn=measured.sums_in(encoding).rows if is_drawn else None,
        over_window=over,
        modes=tuple(charge.of(mode, tier) for mode, tier in MODES),
    )


def _exactness(model: Model, measured: Measured, tokens: Known, encoding: str) -> Exactness:
    """Return how good a count is: what is drawn is sampled, unless that was every row."""
    is_drawn = measured.job.is_drawn(encoding)
    if (is_drawn and tokens.low != tokens.high) or (measured.is_sampled and (is_drawn or model.ratio is None)):
        return "sampled"
    # What the API adds around messages is known by rules, and that Gemini counts as Gemma does by measurements.
    is_modelled = measured.job.holds_requests and model.text_exactness == "exact"
    return "modelled" if is_modelled or encoding == GEMMA else model.text_exactness


def _whole(number: Decimal) -> Decimal:
    return number.to_integral_value()
