"""Published long-context results at the lengths around an input; nothing is interpolated."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ..guidance import SHORTEST_PUBLISHED_TOKENS
from .context import ContextFit
from .model_estimate import ModelEstimate

if TYPE_CHECKING:
    from ..guidance.benchmarks import Benchmark, Benchmarks, FirstToken

__all__ = ["Point", "Reading", "first_token", "longest_request", "reading", "readings"]


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement at one input length."""

    tokens: int
    """Length of the input, in tokens."""

    score: Decimal
    """Score, in percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Published long-context results of one model around an input length."""

    model: str
    """Identifier of the model."""

    tokens: int
    """Length of the input, in tokens."""

    test: str
    """Name of the test."""

    below: Point | None
    """The measurement at the nearest length that is at most this one. None if all lengths are longer."""

    above: Point | None
    """The measurement at the nearest length that is at least this one. None if all lengths are shorter."""

    first_token: tuple[FirstToken, ...]
    """Times to the first token at the lengths around this one, shortest length first; empty if none was published."""

    @property
    def worst(self) -> Decimal:
        """The lowest score of ``below`` and ``above``."""
        return min(point.score for point in (self.below, self.above) if point)


def reading(model: str, tokens: int, benchmarks: Benchmarks, test: str) -> Reading | None:
    """Return the measurements of a model around an input length; None if there are none.

    Args:
        model: identifier in the pricing table.
        tokens: length of the input, in tokens.
        benchmarks: the published measurements.
        test: name of the test; only its measurements at a single length are used.
    """
    points = [
        Point(at, each.scores[model]) for at, each in _lengths(benchmarks.benchmark, test) if model in each.scores
    ]
    if not points:
        return None
    return Reading(
        model=model,
        tokens=tokens,
        test=test,
        below=max((point for point in points if point.tokens <= tokens), key=lambda point: point.tokens, default=None),
        above=min((point for point in points if point.tokens >= tokens), key=lambda point: point.tokens, default=None),
        first_token=first_token(model, tokens, benchmarks),
    )


def _lengths(benchmarks: Iterable[Benchmark], test: str) -> list[tuple[int, Benchmark]]:
    return [
        (each.reading.at, each)
        for each in benchmarks
        if each.reading and each.reading.test == test and each.reading.at is not None
    ]


def readings(models: Iterable[ModelEstimate], benchmarks: Benchmarks, test: str) -> tuple[Reading, ...]:
    """Return the published results of the variants for a request, where there are any at its length."""
    longest = [
        (one.model.id, longest_request(one.tokens.value, one.context)) for one in models if one.role == "variant"
    ]
    found = (reading(name, tokens, benchmarks, test) for name, tokens in longest if tokens >= SHORTEST_PUBLISHED_TOKENS)
    return tuple(one for one in found if one)


def first_token(model: str, tokens: int, benchmarks: Benchmarks) -> tuple[FirstToken, ...]:
    """Return the published times to the first token at the lengths around an input: zero, one or two entries.

    An entry that is only an upper bound of the time is not used for longer inputs.
    """
    times = sorted((each for each in benchmarks.first_token if each.model == model), key=lambda each: each.at)
    shorter = [each for each in times if each.at <= tokens and (each.bound == "about" or each.at == tokens)]
    longer = [each for each in times if each.at >= tokens]
    return tuple(dict.fromkeys((*shorter[-1:], *longer[:1])))


def longest_request(tokens: int, fit: ContextFit) -> int:
    """Return the length of each request, in tokens, if an input has to be divided.

    >>> from gpt41calc.calculator.context import fit
    >>> from gpt41calc.calculator.interval import Interval
    >>> from gpt41calc.pricing.table import load_pricing
    >>> longest_request(1_500_000, fit(Interval.exact(1_500_000), 1000, load_pricing().find("gpt-4.1")))
    750000
    """
    return math.ceil(tokens / (fit.requests_needed or 1))
