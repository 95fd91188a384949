"""From the tokens of every row to a tally, by numpy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .arrow import numpy
from .totals import Above, Longest, Tally

__all__ = ["sum_up"]

_MOST_EXACT = 1 << 20
"""Longer rows are squared in floating point: 2^63 is not enough for a million squares of them."""


def sum_up(
    counts: Any,
    lengths: Any,
    *,
    numbers: Any,
    place: str = "",
    thresholds: Iterable[int] = (),
    outputs: Any = None,
    lossy: int = 0,
) -> Tally:
    """Return what rows add up to.

    Args:
        counts: tokens of every row, as a numpy array.
        lengths: bytes of every row.
        numbers: which row it is, from 0.
        place: what the longest row is called by, before its number.
        thresholds: lengths in tokens; rows that are longer are counted apart.
        outputs: output tokens of every row; if it is None, they are not known.
        lossy: how many rows were no UTF-8.
    """
    np = numpy()
    if not len(counts):
        return Tally()
    at = int(counts.argmax())
    exactly = int(counts.max()) <= _MOST_EXACT
    return Tally(
        rows=len(counts),
        empty=int(np.count_nonzero(lengths == 0)),
        lossy=lossy,
        bytes=int(lengths.sum()),
        tokens=int(counts.sum()),
        squares=int((counts * counts).sum()) if exactly else int((counts.astype(np.float64) ** 2).sum()),
        outputs=0 if outputs is None else int(outputs.sum()),
        longest=Longest(int(counts[at]), f"{place}row {int(numbers[at]) + 1:,}"),
        histogram=_histogram(counts),
        above=_above(counts, outputs, thresholds),
    )


def _above(counts: Any, outputs: Any, thresholds: Iterable[int]) -> Mapping[int, Above]:
    found = {}
    for threshold in thresholds:
        is_longer = counts > threshold
        longer = counts[is_longer]
        if longer.size:
            answers = 0 if outputs is None else int(outputs[is_longer].sum())
            found[threshold] = Above(int(longer.size), int(longer.sum()), answers)
    return found


def _histogram(counts: Any) -> Mapping[int, int]:
    np = numpy()
    buckets = np.zeros(counts.shape, dtype=np.int64)
    some = counts > 0
    buckets[some] = 1 + np.floor(8 * np.log2(counts[some])).astype(np.int64)
    found, rows = np.unique(buckets, return_counts=True)
    return dict(zip(found.tolist(), rows.tolist(), strict=True))
