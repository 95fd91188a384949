"""Statistics of a list of numbers: sum, mean and percentiles."""

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
"""A percentile: ``p90`` of a list of answer lengths is the length that 90 % of the answers do not exceed."""

PERCENTILES: Mapping[Percentile, int] = {"p50": 50, "p90": 90, "p99": 99}
"""Each percentile as a percentage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """Statistics of a list of whole numbers; every percentile is a number of the list."""

    count: int
    """Count of the numbers, at least one."""

    total: int
    """Their sum."""

    least: int
    """Smallest number."""

    p50: int
    """Median: half of the numbers are at most this."""

    p90: int
    """90th percentile: 90 % of the numbers are at most this."""

    p95: int
    """95th percentile: 95 % of the numbers are at most this."""

    p99: int
    """99th percentile: 99 % of the numbers are at most this."""

    most: int
    """Largest number."""

    @property
    def mean(self) -> Decimal:
        """Sum divided by count."""
        return Decimal(self.total) / self.count


def nearest_rank(ordered: Sequence[int], percent: int) -> int:
    """Return a percentile: the smallest of the numbers that ``percent`` % of them do not exceed (nearest rank).

    It does not interpolate, so the result is always a number of the list.

    Args:
        ordered: the numbers in rising order, at least one.
        percent: the percentile, from 1 to 100.

    >>> [nearest_rank([10, 20, 30, 40, 50], percent) for percent in (1, 20, 50, 90, 100)]
    [10, 10, 30, 50, 50]
    """
    rank = -(-len(ordered) * percent // 100)
    return ordered[rank - 1]


def distribution(numbers: Iterable[int]) -> Distribution | None:
    """Return the statistics of numbers, or None if there are none.

    >>> distribution([4, 1, 1])
    Distribution(count=3, total=6, least=1, p50=1, p90=4, p95=4, p99=4, most=4)
    """
    return distribution_of(Counter(numbers))


def distribution_of(times: Mapping[int, int]) -> Distribution | None:
    """Return the statistics of numbers given with their frequencies; None if there are none.

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
