"""The distribution of numbers: their sum, mean and percentiles."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Literal

__all__ = ["PERCENTILES", "Distribution", "Percentile", "distribution", "distribution_of", "nearest_rank"]

Percentile = Literal["p50", "p90", "p99"]
"""A percentile of a kept list of answers: that percentage of them is at most as long."""

PERCENTILES: Mapping[Percentile, int] = {"p50": 50, "p90": 90, "p99": 99}
"""The percentage that each percentile stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """Whole numbers, summed up; every percentile is one of them."""

    count: int
    """How many there are, at least one."""

    total: int
    """Their sum."""

    least: int
    """The smallest."""

    p50: int
    """Half of them are at most this: the median."""

    p90: int
    """Nine tenths of them are at most this."""

    p95: int
    """Nineteen of twenty are at most this."""

    p99: int
    """All but one in a hundred are at most this."""

    most: int
    """The largest."""

    @property
    def mean(self) -> Decimal:
        """Their sum divided by how many there are."""
        return Decimal(self.total) / self.count


def nearest_rank(ordered: Sequence[int], percent: int) -> int:
    """Return the smallest of the numbers that so many percent of them do not exceed.

    No number is made up between two others: an answer as long as the 99th
    percentile was really given.

    Args:
        ordered: the numbers in rising order, at least one.
        percent: how many of a hundred, from 1 to 100.

    >>> [nearest_rank([10, 20, 30, 40, 50], percent) for percent in (1, 20, 50, 90, 100)]
    [10, 10, 30, 50, 50]
    """
    rank = -(-len(ordered) * percent // 100)
    return ordered[rank - 1]


def distribution(numbers: Iterable[int]) -> Distribution | None:
    """Return the distribution of numbers, or None if there are none.

    >>> distribution([4, 1, 1])
    Distribution(count=3, total=6, least=1, p50=1, p90=4, p95=4, p99=4, most=4)
    """
    return distribution_of(Counter(numbers))


def distribution_of(times: Mapping[int, int]) -> Distribution | None:
    """Return the distribution of numbers that are given with how often each occurs; None if there are none.

    >>> distribution_of({4: 1, 1: 2}) == distribution([4, 1, 1])
    True
    """
    if not times:
        return None
    ordered = sorted(times)
    ranks = list(accumulate(times[number] for number in ordered))
    count = ranks[-1]

    def nearest(percent: int) -> int:
        return ordered[bisect_left(ranks, -(-count * percent // 100))]

    return Distribution(
        count=count,
        total=sum(number * times[number] for number in ordered),
        least=ordered[0],
        p50=nearest(50),
        p90=nearest(90),
        p95=nearest(95),
        p99=nearest(99),
        most=ordered[-1],
    )
