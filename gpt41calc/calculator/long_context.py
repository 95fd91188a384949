"""How well is so long an input read? What was measured at the lengths around it; nothing is interpolated."""

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
    """What was measured at one length."""

    tokens: int
    """The length of the input."""

    score: Decimal
    """How well it was read, in percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How well one model reads an input of some length, as far as that is known."""

    model: str
    """Identifier of the model."""

    tokens: int
    """The length of the input."""

    test: str
    """What was measured."""

    below: Point | None
    """The measurement at the nearest length that is not longer. None if all of them are."""

    above: Point | None
    """The measurement at the nearest length that is not shorter. None if all of them are."""

    first_token: tuple[FirstToken, ...]
    """Times to the first token at the lengths around it, shortest first; none was published: empty."""

    @property
    def worst(self) -> Decimal:
        """The lowest score around this length."""
        return min(point.score for point in (self.below, self.above) if point)


def reading(model: str, tokens: int, benchmarks: Benchmarks, test: str) -> Reading | None:
    """Return what was measured of a model around a length; none if nothing was.

    Args:
        model: identifier in the pricing table.
        tokens: length of the input.
        benchmarks: what was measured.
        test: by which test; only its measurements at one length each count.
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
    """Return how well the variants read a request, where anything was published for so long a one."""
    longest = [
        (one.model.id, longest_request(one.tokens.value, one.context)) for one in models if one.role == "variant"
    ]
    found = (reading(name, tokens, benchmarks, test) for name, tokens in longest if tokens >= SHORTEST_PUBLISHED_TOKENS)
    return tuple(one for one in found if one)


def first_token(model: str, tokens: int, benchmarks: Benchmarks) -> tuple[FirstToken, ...]:
    """Return the times to the first token at the lengths around an input: none, one or two.

    One that only bounds the time from above says nothing of longer inputs.
    """
    times = sorted((each for each in benchmarks.first_token if each.model == model), key=lambda each: each.at)
    shorter = [each for each in times if each.at <= tokens and (each.bound == "about" or each.at == tokens)]
    longer = [each for each in times if each.at >= tokens]
    return tuple(dict.fromkeys((*shorter[-1:], *longer[:1])))


def longest_request(tokens: int, fit: ContextFit) -> int:
    """Return how long each request is if an input has to be divided.

    >>> from gpt41calc.calculator.context import fit
    >>> from gpt41calc.calculator.interval import Interval
    >>> from gpt41calc.pricing.table import load_pricing
    >>> longest_request(1_500_000, fit(Interval.exact(1_500_000), 1000, load_pricing().find("gpt-4.1")))
    750000
    """
    return math.ceil(tokens / (fit.requests_needed or 1))
