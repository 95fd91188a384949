"""What rows add up to: numbers only, so that parts can be counted anywhere and in any order."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

__all__ = ["Above", "Longest", "Tally", "bucket_middle", "bucket_of"]

_BUCKETS_A_DOUBLING = 8
"""A percentile read off the histogram is then within 9 % of the true one."""


class Above(NamedTuple):
    """The rows that are longer than a threshold."""

    rows: int
    """How many there are."""

    tokens: int
    """Their tokens, all of them, not only those above the threshold."""

    outputs: int = 0
    """Output tokens of these rows, if a column names them."""


class Longest(NamedTuple):
    """The longest row."""

    tokens: int
    """Its length."""

    place: str
    """Where it is: the file, and the number of the row in what was read of it."""


_NO_ROW = Longest(0, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Rows, added up.

    Tallies form a commutative monoid: ``Tally()`` is the zero, ``+`` is associative, and its order does not matter.
    So a unit that is counted again after a failure, on another machine or in another order gives the same sum, as
    long as each unit is added once.

    >>> one = Tally(rows=1, bytes=5, tokens=2, squares=4)
    >>> (one + one).tokens, one + Tally() == one
    (4, True)
    """

    rows: int = 0
    """Rows that are sent, each as one request; empty ones are among them."""

    nulls: int = 0
    """Rows without a value, which are not sent."""

    empty: int = 0
    """Rows whose text is empty."""

    lossy: int = 0
    """Rows with bytes that are no UTF-8, counted as U+FFFD."""

    bytes: int = 0
    """Bytes of text in UTF-8, without what a template adds."""

    tokens: int = 0
    """Input tokens of all rows, with what a template adds."""

    squares: int = 0
    """Sum of the squares of every row's tokens."""

    outputs: int = 0
    """Output tokens of all rows, if a column names them."""

    longest: Longest = _NO_ROW
    """The longest row."""

    histogram: Mapping[int, int] = field(default_factory=dict)
    """Rows by the bucket of their length (``bucket_of``)."""

    above: Mapping[int, Above] = field(default_factory=dict)
    """For every threshold, in tokens, the rows that are longer: exact, not read off the histogram."""

    def __add__(self, other: Tally) -> Tally:
        """Return the tally of both."""
        zero = Above(0, 0)
        return Tally(
            rows=self.rows + other.rows,
            nulls=self.nulls + other.nulls,
            empty=self.empty + other.empty,
            lossy=self.lossy + other.lossy,
            bytes=self.bytes + other.bytes,
            tokens=self.tokens + other.tokens,
            squares=self.squares + other.squares,
            outputs=self.outputs + other.outputs,
            # Of rows of the same length the first by name, so that the order of adding does not matter.
            longest=min(self.longest, other.longest, key=lambda one: (-one.tokens, one.place == "", one.place)),
            histogram={
                bucket: self.histogram.get(bucket, 0) + other.histogram.get(bucket, 0)
                for bucket in {**self.histogram, **other.histogram}
            },
            above={
                threshold: Above(*map(sum, zip(self.above.get(threshold, zero), other.above.get(threshold, zero))))  # noqa: B905 - both are triples
                for threshold in {**self.above, **other.above}
            },
        )

    def to_json(self) -> str:
        """Return a text from which ``from_json`` makes the same tally."""
        return json.dumps(
            {
                "rows": self.rows,
                "nulls": self.nulls,
                "empty": self.empty,
                "lossy": self.lossy,
                "bytes": self.bytes,
                "tokens": self.tokens,
                "squares": self.squares,
                "outputs": self.outputs,
                "longest": list(self.longest),
                "histogram": sorted(self.histogram.items()),
                "above": [[threshold, *rows] for threshold, rows in sorted(self.above.items())],
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the tally that a text was made of.

        Raises:
            ValueError: it was not made by ``to_json``.
        """
        try:
            read: dict[str, Any] = json.loads(text)
            return cls(
                **{
                    **read,
                    "longest": Longest(*read["longest"]),
                    "histogram": {bucket: rows for bucket, rows in read["histogram"]},  # noqa: C416 - pairs are lists
                    "above": {threshold: Above(*numbers) for threshold, *numbers in read["above"]},
                }
            )
        except (KeyError, TypeError) as error:
            message = "no tally"
            raise ValueError(message) from error

    def at_least(self, percent: int) -> int | None:
        """Return the length that so many percent of the rows do not exceed, within 9 %. None if there is no row."""
        return percentile(self.histogram, percent, self.longest.tokens)


def percentile(histogram: Mapping[int, float], percent: int, most: int) -> int | None:
    """Return the length that so many percent of the weight of a histogram does not exceed; None if it is empty."""
    wanted = sum(histogram.values()) * percent / 100
    reached = 0.0
    for bucket, weight in sorted(histogram.items()):
        reached += weight
        if reached >= wanted > 0:
            return min(bucket_middle(bucket), most)
    return None


def bucket_of(tokens: int) -> int:
    """Return the bucket of a length: 0 for none, then eight for a doubling.

    >>> [bucket_of(tokens) for tokens in (0, 1, 2, 4, 1024)]
    [0, 1, 9, 17, 81]
    """
    return 1 + math.floor(_BUCKETS_A_DOUBLING * math.log2(tokens)) if tokens else 0


def bucket_middle(bucket: int) -> int:
    """Return the length in the middle of a bucket.

    >>> bucket_middle(0), bucket_middle(1), bucket_middle(81)
    (0, 1, 1070)
    """
    if not bucket:
        return 0
    first = math.ceil(2 ** ((bucket - 1) / _BUCKETS_A_DOUBLING))
    last = math.ceil(2 ** (bucket / _BUCKETS_A_DOUBLING)) - 1
    return (first + max(first, last)) // 2
