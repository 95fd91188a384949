"""What a dataset costs, a request a row: exact from thresholds, or with the bounds of a sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import NamedTuple

from ...calculator.interval import Exactness
from ...calculator.money import exactly, price_of
from ...dataset.measured import Known, Measured
from ...dataset.totals import Above, Tally
from ...pricing.price import Price, Tier
from ...pricing.schema import Model, Status
from ..batch.prompt_cache import served

__all__ = [
    "MODES",
    "Around",
    "ModePrice",
    "ModelPrice",
    "Output",
    "price_models",
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


class Around(NamedTuple):
    """What a template adds to every row, whatever it is."""

    tokens: int
    """All of it."""

    before: int
    """Of these, what all rows begin with, which a prompt cache serves."""


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


def _steps(model: Model) -> list[int]:
    return sorted({row.above_input_tokens for row in model.price if row.above_input_tokens})


def _scaled(threshold: int, ratio: Decimal) -> int:
    """Return the counted tokens above which a row is over a threshold of the model's own tokens."""
    return int((threshold / ratio).to_integral_value(ROUND_FLOOR))


def thresholds_of(models: Sequence[Model], output: Output, *, is_own: bool = False) -> tuple[int, ...]:
    """Return the lengths, in counted tokens, that decide what a row costs and whether it fits.

    Args:
        models: which.
        output: how long answers are.
        is_own: whether rows are counted in each model's own tokens, as requests are.
    """
    found: set[int] = set()
    for model in models:
        for ratio in _bounds(model, is_own=is_own):
            found.update(_scaled(step, ratio) for step in _steps(model))
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
    around, prompt = template.tokens, template
    encoding = measured.job.counts_of(model)
    is_drawn = measured.job.is_drawn(encoding)
    bounds = _bounds(model, is_own=measured.job.holds_requests)
    # What the API adds around messages is known by rules.
    is_modelled = measured.job.holds_requests and model.text_exactness == "exact"
    counted: Exactness = "modelled" if is_modelled else model.text_exactness
    if is_drawn:
        tokens = measured.slow_tokens(encoding)
        exactness: Exactness = "sampled" if tokens.low != tokens.high else counted
    else:
        known = measured.total(lambda tally: tally.tokens, per_row=around, encoding=encoding)
        low, value, high = bounds
        tokens = Known(*map(_whole, (known.low * low, known.value * value, known.high * high)))
        exactness = "sampled" if measured.is_sampled and model.ratio is None else counted
    over = None
    if not is_drawn and model.ratio is None:
        longest = _longest_input(model, output)
        over = measured.total(lambda tally: tally.above.get(longest, Above(0, 0)).rows, encoding=encoding)
    charge = _Charge(model, measured, output, prompt, on, encoding, bounds, tokens if is_drawn else None)
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
    template: Around
    on: date
    encoding: str
    """In which the rows are counted."""
    bounds: tuple[Decimal, Decimal, Decimal]
    """By what the counted tokens are multiplied."""
    drawn: Known | None
    """Tokens, if only some rows of every piece were counted. None if all rows were counted."""

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
            cached = served(self.template.before, self.model.caching)
        return ModePrice(mode, self._total(tier, price, cached))

    def _total(self, tier: Tier, price: Price, cached: int) -> Known:
        if self.drawn is not None:
            answers = self._answers(price)
            read = self.drawn
            return Known(
                price_of(read.low, price.input) + answers.low,
                price_of(read.value, price.input) + answers.value,
                price_of(read.high, price.input) + answers.high,
            )
        lows, values, highs = (self._sum(tier, ratio, cached) for ratio in self.bounds)
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
            left = _all(tally)
            # The longest rows first: what a step charges is not charged again below it.
            for threshold, price in reversed(charged[1:]):
                above = tally.above.get(threshold, Above(0, 0))
                within = Above(
                    *(one - (whole - rest) for one, whole, rest in zip(above, _all(tally), left, strict=True))
                )
                total += self._rows(within, price, ratio)
                left = Above(*(rest - one for rest, one in zip(left, within, strict=True)))
            return total + self._rows(left, base, ratio) + (self.model.fee - saved) * tally.rows

        per_row = price_of(self.template.tokens * ratio, base.input) + price_of(self.output.tokens, base.output)
        per_row += self.model.fee - saved
        return self.measured.total(number, per_row=per_row, encoding=self.encoding)

    def _rows(self, rows: Above, price: Price, ratio: Decimal) -> Decimal:
        """Return what rows cost at a price, without fees."""
        answers = rows.outputs if self.output.from_column else rows.rows * self.output.tokens
        return price_of(rows.tokens * ratio, price.input) + price_of(answers, price.output)

    def _charged(self, tier: Tier, ratio: Decimal) -> list[tuple[int, Price]]:
        """Return prices by the counted tokens above which they hold, rising."""
        found = []
        for step in (0, *_steps(self.model)):
            row = self.model.row(on=self.on, input_tokens=step + 1 if step else 0)
            price = row.of(tier) if row else None
            if price is not None:
                found.append((_scaled(step, ratio), price))
        return found


def _all(tally: Tally) -> Above:
    return Above(tally.rows, tally.tokens, tally.outputs)
