"""What rows cost at the price of each step, summed without looking at them again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import NamedTuple

from ...calculator.money import price_of
from ...dataset.measured import Known, Measured
from ...dataset.totals import Above, Tally
from ...pricing.price import Price, Tier
from ...pricing.schema import Model
from ..batch.prompt_cache import served

__all__ = ["Around", "Charge", "ModePrice", "Output", "scaled", "steps_of"]


@dataclass(frozen=True, slots=True)
class ModePrice:
    """What one way to run all rows costs."""

    mode: str
    """The processing mode."""

    total: Known | None
    """US dollars. None if the model cannot be run so."""

    reason: str | None = None
    """Why the model cannot be run so, as a phrase. None if it can."""


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


def steps_of(model: Model) -> list[int]:
    """Return the input tokens above which a request has another price, rising."""
    return sorted({row.above_input_tokens for row in model.price if row.above_input_tokens})


def scaled(threshold: int, ratio: Decimal) -> int:
    """Return the counted tokens above which a row is over a threshold of the model's own tokens."""
    return int((threshold / ratio).to_integral_value(ROUND_FLOOR))


@dataclass(frozen=True, slots=True)
class Charge:
    """Prices the rows of a dataset with one model."""

    model: Model
    """Who answers."""
    measured: Measured
    """The rows."""
    output: Output
    """How long answers are."""
    template: Around
    """What it adds to every row."""
    on: date
    """The day whose prices hold."""
    encoding: str
    """In which every row is counted."""
    bounds: tuple[Decimal, Decimal, Decimal]
    """By what the counted tokens are multiplied."""
    steps: tuple[Decimal, Decimal, Decimal]
    """By what they are multiplied to see above which step of the price a row is."""
    is_drawn: bool
    """Whether ``bounds`` have the bounds of a sample already."""

    def of(self, mode: str, tier: Tier) -> ModePrice:
        """Return what all rows cost in a mode."""
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
        lows, values, highs = (
            self._sum(tier, ratio, step, cached) for ratio, step in zip(self.bounds, self.steps, strict=True)
        )
        if self.is_drawn:
            answers = self._answers(price)
            low, high = lows.value - answers.value + answers.low, highs.value - answers.value + answers.high
        else:
            low, high = min(lows.low, values.low), max(highs.high, values.high)
        return Known(low, values.value, high)

    def _answers(self, price: Price) -> Known:
        def number(tally: Tally) -> Decimal:
            return price_of(self._answer_tokens(tally), price.output) + self.model.fee * tally.rows

        per_row = price_of(self.output.tokens, price.output) + self.model.fee
        return self.measured.total(number, per_row=per_row)

    def _answer_tokens(self, tally: Tally) -> int:
        return tally.outputs if self.output.from_column else tally.rows * self.output.tokens

    def _sum(self, tier: Tier, ratio: Decimal, step: Decimal, cached: int) -> Known:
        """Return the total if every row has so many times its counted tokens, and so many times to reach a step."""
        charged = self._charged(tier, step)
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
        for step in (0, *steps_of(self.model)):
            row = self.model.row(on=self.on, input_tokens=step + 1 if step else 0)
            price = row.of(tier) if row else None
            if price is not None:
                found.append((scaled(step, ratio), price))
        return found


def _all(tally: Tally) -> Above:
    return Above(tally.rows, tally.tokens, tally.outputs)
