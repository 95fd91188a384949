"""Statistics of a list of numbers: sum, mean and percentiles."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

__all__ = ["Distribution", "distribution", "distribution_of"]


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
