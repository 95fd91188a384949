"""The cost of many requests in every processing mode."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Literal

from ...calculator.context import input_tokens
from ...calculator.interval import Interval
from ...calculator.money import price_of
from ...pricing.price import Price, PriceRow, Tier
from ...pricing.schema import Model
from .prompt_cache import served

__all__ = ["PROCESSING_MODES", "ModeCost", "ProcessingMode", "Runs", "Volumes"]

ProcessingMode = Literal["one by one", "cached", "batch", "flex", "priority"]
"""How requests are run; ``cached`` is one by one, with tokens from the prompt cache."""

PROCESSING_MODES: tuple[ProcessingMode, ...] = ("one by one", "cached", "batch", "flex", "priority")

_TIERS: dict[ProcessingMode, Tier] = {
    "one by one": "standard",
    "cached": "standard",
    "batch": "batch",
    "flex": "flex",
    "priority": "priority",
}


@dataclass(frozen=True, slots=True)
class ModeCost:
    """The cost of one processing mode."""

    mode: ProcessingMode
    """The processing mode."""

    total: Interval[Decimal] | None
    """Cost in US dollars. None if the requests cannot be run in this mode."""

    reason: str | None = None
    """Why they cannot, as a phrase. None if they can."""


@dataclass(slots=True)
class _Volume:
    """Tokens of all requests in one length step of the prices."""

    input: int = 0
    cached: int = 0
    reordered: int = 0
    output: int = 0

    def add(self, count: int, cached: int, reordered: int, output: int) -> None:
        """Add a request; its cached tokens are limited to its input."""
        self.input += count
        self.cached += min(cached, count)
        self.reordered += min(reordered, count)
        self.output += output


class Volumes:
    """Adds up requests by length step of the prices, separately for each bound of their range."""

    def __init__(self, model: Model) -> None:
        """Start without requests.

        Args:
            model: the model; models with the same counting rules can share the sums.
        """
        # Many requests have the same length, and Decimal arithmetic is slow.
        self._scaled = lru_cache(1 << 14)(partial(input_tokens, model=model)) if model.ratio else None
        self._caching = model.caching
        self._steps = _steps(model)
        self.requests = 0
        """Number of requests added."""
        self._exact: dict[int, _Volume] = {}
        self._by_bound: tuple[dict[int, _Volume], ...] = ({}, {}, {})

    def add(
        self,
        text: int,
        overhead: int,
        output: int,
        *,
        margin: tuple[int, int] = (0, 0),
        shared: int = 0,
        reordered: int = 0,
    ) -> int:
        """Add a request.

        Args:
            text: tokens of its text, in the model's encoding.
            overhead: tokens that are not text.
            output: tokens of its answer.
            margin: tokens by which the billed count may be lower and higher, in addition to the ratio's range.
            shared: tokens of ``text`` and ``overhead`` that are a prefix of an earlier request.
            reordered: the same if its stable parts came first.

        Returns:
            The expected input tokens of the request.
        """
        self.requests += 1
        cached = served(shared, self._caching) if shared else 0
        better = cached if reordered <= shared else served(reordered, self._caching)
        if self._scaled is None and margin == _NO_MARGIN:
            exact = text + overhead
            self._volume(self._exact, exact).add(exact, cached, better, output)
            return exact
        # Plain numbers: intervals took half of the time of this function, which runs in one process for all requests.
        texts, less, more = self._bounds(text), self._bounds(cached), self._bounds(better)
        low, value, high = texts[0] + overhead, texts[1] + overhead, texts[2] + overhead
        counts = (max(min(0, low), low - margin[0]), value, high + margin[1])
        for at, count in enumerate(counts):
            self._volume(self._by_bound[at], count).add(count, less[at], more[at], output)
        return value

    def _bounds(self, text: int) -> tuple[int, int, int]:
        """Return the lower bound, the expected value and the upper bound of the tokens of a text."""
        if self._scaled is None:
            return text, text, text
        found = self._scaled(text)
        return found.low, found.value, found.high

    def _volume(self, volumes: dict[int, _Volume], tokens: int) -> _Volume:
        """Return the sum for requests of this length."""
        step = 0
        for start in self._steps:
            if tokens > start:
                step = start
                break
        volume = volumes.get(step)
        if volume is None:
            volume = volumes[step] = _Volume()
        return volume

    def sums(self, at: int) -> Iterator[tuple[int, _Volume]]:
        """Yield sums by length step, some steps twice: of lower bounds, expected values or upper bounds.

        Args:
            at: 0, 1 or 2 for these.
        """
        yield from self._exact.items()
        yield from self._by_bound[at].items()


_NO_MARGIN = (0, 0)


def _steps(model: Model) -> tuple[int, ...]:
    """Return the input lengths at which prices change, the longest first."""
    return tuple(sorted({row.above_input_tokens for row in model.price}, reverse=True))


_BOUNDS = 3


class Runs:
    """Many requests run with one model: its own sums, and those shared with other models."""

    def __init__(self, model: Model, on: date, shared: Volumes | None = None) -> None:
        """Start without requests.

        Args:
            model: the model whose prices apply.
            on: the day whose prices apply.
            shared: sums shared by several models.
        """
        self.model = model
        """The model whose prices apply."""
        self.on = on
        """The day whose prices apply."""
        self.own = Volumes(model)
        """Sums of requests that only this model counts in this way."""
        self._all = (self.own, shared) if shared else (self.own,)

    @staticmethod
    def counting_key(model: Model) -> tuple[object, ...]:
        """Return a key that is equal for models that count requests without pictures alike."""
        return (model.counted_in, model.ratio, model.family, model.chat, model.anthropic, model.caching, _steps(model))

    @property
    def requests(self) -> int:
        """Number of requests added."""
        return sum(volumes.requests for volumes in self._all)

    _EXPECTED = 1
    """Index of the sums of expected values."""

    def _sums(self, at: int) -> Iterator[tuple[int, _Volume]]:
        for volumes in self._all:
            yield from volumes.sums(at)

    def total(self, what: Literal["input", "cached", "reordered", "output"]) -> Interval[int]:
        """Return a sum over all requests."""
        sums = [sum(getattr(volume, what) for _, volume in self._sums(at)) for at in range(_BOUNDS)]
        return Interval(*sorted(sums))

    def modes(self) -> tuple[ModeCost, ...]:
        """Return the cost of every processing mode."""
        return tuple(map(self._mode, PROCESSING_MODES))

    def reordered(self) -> ModeCost:
        """Return the cost with the prompt cache if the stable parts of every prompt came first."""
        return self._priced("cached", "reordered")

    def break_even(self) -> Decimal | None:
        """Return the share of the input that a cache must serve to be as cheap as a batch. None if it never is.

        A share above 1 means that even a cache that serves everything is not cheap enough.
        """
        plain, batch = self._mode("one by one"), self._mode("batch")
        if plain.total is None or batch.total is None:
            return None
        charged = self._charged("standard", self._EXPECTED)
        most = sum((price_of(volume.input, _discount(price)) for volume, price in charged), Decimal())
        return (plain.total.value - batch.total.value) / most if most else None

    def _mode(self, mode: ProcessingMode) -> ModeCost:
        return self._priced(mode, "cached" if mode == "cached" else None)

    def _priced(self, mode: ProcessingMode, served_as: Literal["cached", "reordered"] | None) -> ModeCost:
        tier = _TIERS[mode]
        if reason := self._why_not(tier, is_cached=served_as is not None):
            return ModeCost(mode, None, reason)
        totals = []
        for at in range(_BOUNDS):
            total = self.model.fee * self.requests
            for volume, price in self._charged(tier, at):
                held = getattr(volume, served_as) if served_as else 0
                total += price_of(volume.input, price.input) + price_of(volume.output, price.output)
                total -= price_of(held, _discount(price))
            totals.append(total)
        return ModeCost(mode, Interval(*sorted(totals)))

    def _charged(self, tier: Tier, at: int) -> Iterator[tuple[_Volume, Price]]:
        for step, volume in self._sums(at):
            row = self._row(step)
            price = row.of(tier) if row else None
            if price is not None:
                yield volume, price

    def _row(self, step: int) -> PriceRow | None:
        return self.model.row(on=self.on, input_tokens=step + 1 if step else 0)

    def _why_not(self, tier: Tier, *, is_cached: bool) -> str | None:
        for step in {step for at in range(_BOUNDS) for step, _ in self._sums(at)}:
            row = self._row(step)
            if row is None:
                return f"no price on {self.on}"
            price = row.of(tier)
            if price is None:
                return f"no price for the {tier} tier"
            if is_cached and self.model.caching is None:
                return "no prompt cache"
            if is_cached and price.cache_write is not None:
                return "writing to the cache is charged apart"
            if is_cached and price.cached_input is None:
                return "no price for cached input"
        return None


def _discount(price: Price) -> Decimal:
    """Return the price difference between an uncached and a cached token."""
    return Decimal() if price.cached_input is None else price.input - price.cached_input
