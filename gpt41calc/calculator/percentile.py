"""Percentiles, and the number of a list that is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

__all__ = ["PERCENTILES", "Percentile", "nearest_rank"]

Percentile = Literal["p50", "p90", "p99"]
"""A percentile: ``p90`` of a list of answer lengths is the length that 90 % of the answers do not exceed."""

PERCENTILES: Mapping[Percentile, int] = {"p50": 50, "p90": 90, "p99": 99}
"""Each percentile as a percentage."""


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
