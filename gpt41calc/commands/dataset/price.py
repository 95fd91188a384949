"""What a dataset costs, a request a row: exact from thresholds, or with the bounds of a sample."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from ...calculator.interval import Exactness
from ...calculator.money import exactly, price_of
from ...dataset.measured import Known, Measured
from ...dataset.totals import Above, Tally
from ...pricing.limits_schema import USAGE_TIERS, BatchLimits, ModelLimits
from ...pricing.price import Price, Tier
from ...pricing.schema import Model, Status
from ..batch.prompt_cache import served

__all__ = [
    "MODES",
    "ModePrice",
    "ModelPrice",
    "Output",
    "QueueTime",
    "batch_files",
    "price_models",
    "queue_times",
    "thresholds_of",
]

MODES: tuple[tuple[str, Tier], ...] = (
    ("one by one", "standard"),
    ("cached", "standard"),
    ("batch", "batch"),
    ("flex", "flex"),
    ("priority", "priority"),
)
"""How requests are run, and the prices that hold then; ``cached`` is one by one, with what the prompt cache serves."""

_BYTES_AROUND = 200
"""What a line of a batch file has around its text, at least: custom_id, method, url, model and the braces."""


@dataclass(frozen=True, slots=True)
class ModePrice:
    """What one way to run all rows costs."""

    mode: str
    """The processing mode."""

    total: Known | None
    """US dollars. None if the model cannot be run so."""

    reason: str | None = None
    """Why the model cannot be run so, as a phrase. None if it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPrice:
    """What one model costs."""

    model: Model
    """Who answers."""

    status: Status
    """Where it stands on the day."""

    exactness: Exactness
    """How good its count is."""

    tokens: Known
    """Input tokens of all rows."""

    over_window: Known | None
    """Rows that with their answer are longer than its window; None if its tokens are a ratio."""

    modes: tuple[ModePrice, ...]
    """What every way costs."""

    @property
    def cheapest(self) -> ModePrice | None:
        """The way that costs least. None if it has no price."""
        priced = [(mode.total.value, at) for at, mode in enumerate(self.modes) if mode.total and mode.mode != "cached"]
        return self.modes[min(priced)[1]] if priced else None


@dataclass(frozen=True, slots=True)
class Output:
    """How long answers are."""

    tokens: int
    """Tokens of each; 0 if a column says so."""

    from_column: bool = False
    """Whether a column has the tokens of each row's answer."""

    rule: str = ""
    """Where the length comes from, in words."""


def _bounds(model: Model) -> tuple[Decimal, Decimal, Decimal]:
    """Return by what the counted tokens are multiplied: low, expected, high."""
    if model.ratio is None:
        return Decimal(1), Decimal(1), Decimal(1)
    return model.ratio.low, model.ratio.value, model.ratio.high


def _steps(model: Model) -> list[int]:
    return sorted({row.above_input_tokens for row in model.price if row.above_input_tokens})


def _scaled(threshold: int, ratio: Decimal) -> int:
    """Return the counted tokens above which a row is over a threshold of the model's own tokens."""
    return int((threshold / ratio).to_integral_value(ROUND_FLOOR))


def thresholds_of(models: Sequence[Model], output: Output) -> tuple[int, ...]:
    """Return the lengths, in counted tokens, that decide what a row costs and whether it fits."""
    found = {1023}
    for model in models:
        for ratio in _bounds(model):
            found.update(_scaled(step, ratio) for step in _steps(model))
        if model.ratio is None:
            found.add(_longest_input(model, output))
    return tuple(sorted(found))


def _longest_input(model: Model, output: Output) -> int:
    return max(0, min(model.window - output.tokens, model.max_input or model.window))


def price_models(
    models: Sequence[Model], measured: Measured, output: Output, around: int, on: date
) -> tuple[ModelPrice, ...]:
    """Return what all rows cost with each of some models.

    Args:
        models: which.
        measured: the rows.
        output: how long their answers are.
        around: tokens that a template adds to every row, whatever it is.
        on: the day whose prices hold.
    """
    with exactly():
        return tuple(_price(model, measured, output, around, on) for model in models)


def _price(model: Model, measured: Measured, output: Output, around: int, on: date) -> ModelPrice:
    counted_apart = model.counted_in != measured.job.encodings[0]
    if counted_apart:
        tokens = measured.slow_tokens(model.counted_in)
        exactness: Exactness = "sampled" if tokens.low != tokens.high else model.text_exactness
    else:
        known = measured.total(lambda tally: tally.tokens, per_row=around)
        low, value, high = _bounds(model)
        tokens = Known(*map(_whole, (known.low * low, known.value * value, known.high * high)))
        exactness = "sampled" if measured.is_sampled and model.ratio is None else model.text_exactness
    over = None
    if not counted_apart and model.ratio is None:
        over = measured.total(lambda tally: tally.above.get(_longest_input(model, output), Above(0, 0)).rows)
    charge = _Charge(model, measured, output, around, on, tokens if counted_apart else None)
    modes = tuple(charge.of(mode, tier) for mode, tier in MODES)
    return ModelPrice(
        model=model, status=model.status(on), exactness=exactness, tokens=tokens, over_window=over, modes=modes
    )


def _whole(number: Decimal) -> Decimal:
    return number.to_integral_value()


@dataclass(frozen=True, slots=True)
class _Charge:
    """Prices the rows of a dataset with one model."""

    model: Model
    measured: Measured
    output: Output
    around: int
    on: date
    apart: Known | None
    """Tokens, if they were counted in an encoding of which only some rows were read. None if all rows were read."""

    def of(self, mode: str, tier: Tier) -> ModePrice:
        base = self.model.row(on=self.on, input_tokens=0)
        if base is None:
            return ModePrice(mode, None, f"no price on {self.on}")
        price = base.of(tier)
        if price is None:
            return ModePrice(mode, None, f"no price for the {tier} tier")
        cached = 0
        if mode == "cached":
            if self.model.caching is None or price.cached_input is None or price.cache_write is not None:
                return ModePrice(mode, None, "no automatic prompt cache")
            cached = served(self.around, self.model.caching)
        return ModePrice(mode, self._total(tier, price, cached))

    def _total(self, tier: Tier, price: Price, cached: int) -> Known:
        if self.apart is not None:
            answers = self._answers(price)
            read = self.apart
            return Known(
                price_of(read.low, price.input) + answers.low,
                price_of(read.value, price.input) + answers.value,
                price_of(read.high, price.input) + answers.high,
            )
        lows, values, highs = (self._sum(tier, ratio, cached) for ratio in _bounds(self.model))
        return Known(min(lows.low, values.low), values.value, max(highs.high, values.high))

    def _answers(self, price: Price) -> Known:
        def number(tally: Tally) -> Decimal:
            return price_of(self._answer_tokens(tally), price.output) + self.model.fee * tally.rows

        per_row = price_of(self.output.tokens, price.output) + self.model.fee
        return self.measured.total(number, per_row=per_row)

    def _answer_tokens(self, tally: Tally) -> int:
        return tally.outputs if self.output.from_column else tally.rows * self.output.tokens

    def _sum(self, tier: Tier, ratio: Decimal, cached: int) -> Known:
        """Return the total if every row has so many times its counted tokens."""
        charged = self._charged(tier, ratio)
        base = charged[0][1]
        saved = Decimal() if base.cached_input is None else price_of(cached, base.input - base.cached_input)

        def number(tally: Tally) -> Decimal:
            total = Decimal()
            rows, tokens = tally.rows, tally.tokens
            # The longest rows first: what a step charges is not charged again below it.
            for threshold, price in reversed(charged[1:]):
                above = tally.above.get(threshold, Above(0, 0))
                step_rows, step_tokens = above.rows - (tally.rows - rows), above.tokens - (tally.tokens - tokens)
                total += price_of(step_tokens * ratio, price.input) + price_of(
                    step_rows * self.output.tokens, price.output
                )
                rows, tokens = rows - step_rows, tokens - step_tokens
            total += price_of(tokens * ratio, base.input) + price_of(rows * self.output.tokens, base.output)
            if self.output.from_column:  # which rows have the long answers is not kept apart
                total += price_of(tally.outputs, base.output)
            return total + (self.model.fee - saved) * tally.rows

        per_row = price_of(self.around * ratio, base.input) + price_of(self.output.tokens, base.output)
        per_row += self.model.fee - saved
        return self.measured.total(number, per_row=per_row)

    def _charged(self, tier: Tier, ratio: Decimal) -> list[tuple[int, Price]]:
        """Return prices by the counted tokens above which they hold, rising."""
        found = []
        for step in (0, *_steps(self.model)):
            row = self.model.row(on=self.on, input_tokens=step + 1 if step else 0)
            price = row.of(tier) if row else None
            if price is not None:
                found.append((_scaled(step, ratio), price))
        return found


@dataclass(frozen=True, slots=True)
class QueueTime:
    """How long a batch queue takes."""

    usage_tier: int
    """Of an organisation of this tier."""

    days: int | None
    """Days, each of which one queue is answered in. None if the limit is not known, or a row is over it."""


def queue_times(limits: ModelLimits | None, tokens: Known, longest: int) -> tuple[QueueTime, ...]:
    """Return how many days it takes at each usage tier until all rows have been in the batch queue.

    Args:
        limits: of the model; if it is None, they are not known.
        tokens: input tokens of all rows.
        longest: tokens of the longest row.
    """
    if limits is None:
        return ()
    found = []
    for tier in USAGE_TIERS:
        row = limits.at(tier, longest)
        queue = row.batch_queue if row else None
        days = None if queue is None or longest > queue else max(1, math.ceil(tokens.value / queue))
        found.append(QueueTime(tier, days))
    return tuple(found)


def batch_files(limits: BatchLimits, rows: Decimal, text_bytes: Decimal, template_bytes: int) -> int:
    """Return how many batch files it takes at least: by their number of requests, or by their length.

    >>> from gpt41calc.pricing.rate_limits import load_limits
    >>> batch_files(load_limits().table.batch, Decimal(120_000), Decimal(10**6), 0)
    3
    """
    size = text_bytes + rows * (template_bytes + _BYTES_AROUND)
    return max(1, math.ceil(rows / limits.requests), math.ceil(size / limits.file_bytes))
