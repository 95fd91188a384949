"""Which pieces of a dataset to read, and what they say about all of it.

Sizes of all pieces are known before anything is read. One point is drawn in each of n zones of equal size, and the
piece under the point is read whole, so that a piece is as likely to be read as it is large; what is larger than a
zone is read for certain. The variance comes from the differences between neighbours (Wolter, Introduction to
Variance Estimation, chapter 8): where files are ordered, what changes from one to the next is always seen.

A sample that grows until its interval is narrow enough stops too soon where the interval is too narrow by chance. So
the interval of such a sample is as wide as was asked, not as narrow as it was when the sample stopped (``settled``);
Chow and Robbins, On the Asymptotic Theory of Fixed-Width Sequential Confidence Intervals, 1965.

``python -m benchmarks.coverage`` checks the 95 % interval with 300 samples of each of eight kinds of datasets, of 64
pieces and until a precision is reached; so do the tests (``tests/dataset/test_sampling.py``).
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

__all__ = [
    "CONFIDENCE_PERCENT",
    "FEWEST_DRAWS",
    "FIRST_DRAWS",
    "Draws",
    "Estimated",
    "draw",
    "estimate",
    "fitting",
    "next_draws",
    "settled",
]

CONFIDENCE_PERCENT = 95
"""How often the interval holds."""

FIRST_DRAWS = 64
"""Fewer give intervals that are too narrow; with so many, at least 93 of 100 hold (``tests/dataset``)."""

FEWEST_DRAWS = 20
"""With fewer pieces there is no interval."""

_FEW_DRAWS_WIDEN = 1.2
"""Of fewer than ``FIRST_DRAWS`` draws, 92 to 95 of 100 intervals hold where few pieces are unlike the others."""

_MOST_WIDENED = 1.4
"""An interval that is narrower than was asked by far did not stop the sample by chance."""

_MOST_GROWTH = 4
"""A sample grows at most so much at once: how much it has to grow is itself an estimate."""


@dataclass(frozen=True, slots=True)
class Draws:
    """Which pieces are read."""

    certain: tuple[int, ...]
    """Positions of the pieces that are read for certain."""

    drawn: tuple[int, ...]
    """Positions of the pieces that were drawn, in their order; one that was drawn twice is there twice."""

    drawn_from: int
    """Size of all pieces that are not certain, in bytes."""

    widened: float = 1.0
    """By what the intervals are wider than the differences between the pieces say."""

    @property
    def positions(self) -> tuple[int, ...]:
        """Every piece to read, each once."""
        return tuple(sorted({*self.certain, *self.drawn}))


@dataclass(frozen=True, slots=True)
class Estimated:
    """A total, and the bounds that it lies within 95 times of 100."""

    low: float
    """The lower bound; never less than what was read."""

    value: float
    """What to expect."""

    high: float
    """The upper bound."""

    @property
    def half_width(self) -> float:
        """Half the width of the interval, as a share of the value."""
        return (self.high - self.low) / 2 / self.value if self.value else 0.0


def draw(sizes: Sequence[int], count: int, seed: int) -> Draws:
    """Choose pieces: all that are larger than a zone, and one under a point of each zone.

    Args:
        sizes: of all pieces, in bytes, in the order of their paths.
        count: how many to draw.
        seed: the same seed chooses the same pieces.
    """
    certain: set[int] = set()
    while True:
        rest = sum(size for at, size in enumerate(sizes) if at not in certain)
        left = max(1, count - len(certain))
        larger = {at for at, size in enumerate(sizes) if at not in certain and size * left > rest and size}
        if not larger:
            break
        certain |= larger
    others = [at for at, size in enumerate(sizes) if at not in certain and size]
    if not others:
        return Draws(tuple(sorted(certain)), (), 0)
    widened = 1.0 if count >= FIRST_DRAWS else _FEW_DRAWS_WIDEN
    ends = list(accumulate(sizes[at] for at in others))
    zone = ends[-1] / left
    generator = random.Random(seed)  # noqa: S311 - a sample, no secret
    drawn, at = [], 0
    for number in range(left):
        point = (number + generator.random()) * zone
        while ends[at] <= point and at < len(others) - 1:
            at += 1
        drawn.append(others[at])
    return Draws(tuple(sorted(certain)), tuple(drawn), ends[-1], widened)


def fitting(
    sizes: Sequence[int], count: int, seed: int, *, read: Collection[int] = (), most_bytes: int
) -> tuple[Draws, int] | None:
    """Choose as many pieces as may be read, at most so many; return them, and how many were drawn.

    Args:
        sizes: of all pieces, in bytes, in the order of their paths.
        count: how many to draw at most.
        seed: the same seed chooses the same pieces.
        read: positions of pieces that have been read.
        most_bytes: no more is read, with what has been read. None is returned if fewer than ``FEWEST_DRAWS`` fit.
    """
    while count >= FEWEST_DRAWS:
        draws = draw(sizes, count, seed)
        needed = sum(sizes[at] for at in {*read, *draws.positions})
        if needed <= most_bytes:
            return draws, count
        count = min(count - 1, count * most_bytes // needed)
    return None


def settled(draws: Draws, reached: float, wanted: float) -> Draws:
    """Return draws that stopped a sample because its interval was narrow enough: it is made as wide as was asked.

    >>> round(settled(Draws((), (), 0), 0.019, 0.02).widened, 3), settled(Draws((), (), 0), 0.001, 0.02).widened
    (1.053, 1.4)
    """
    return replace(draws, widened=draws.widened * (min(_MOST_WIDENED, wanted / reached) if reached else 1.0))


def estimate(draws: Draws, sizes: Sequence[int], number_of: Callable[[int], float]) -> Estimated:
    """Return the total of a number over all pieces.

    Args:
        draws: the pieces that were read.
        sizes: of all pieces, in bytes.
        number_of: the number of a piece that was read, by its position.
    """
    certain = math.fsum(number_of(at) for at in draws.certain)
    shares = [number_of(at) / sizes[at] for at in draws.drawn]
    if not shares:
        return Estimated(certain, certain, certain)
    total = draws.drawn_from * math.fsum(shares) / len(shares)
    half = _half_width(shares) * draws.drawn_from * draws.widened
    read = math.fsum(number_of(at) for at in {*draws.drawn, *draws.certain})
    value = certain + total
    return Estimated(max(min(read, value), value - half), value, value + half)


def _half_width(shares: Sequence[float]) -> float:
    """Return half the width of the interval of a mean, from the differences between neighbours."""
    count = len(shares)
    if count < 2:  # noqa: PLR2004 - one number has no neighbour
        return math.inf
    squares = [(after - before) ** 2 for before, after in pairwise(shares)]
    total = math.fsum(squares)
    if not total:
        return 0.0
    variance = total / (2 * count * (count - 1))
    # Few large jumps say less about the variance than many small ones: as many degrees of freedom as they are worth.
    freedom = min(count - 1, 3 * total**2 / math.fsum(square**2 for square in squares))
    return _student(freedom) * math.sqrt(variance)


def _student(freedom: float) -> float:
    """Return the 97.5 % point of Student's distribution (Cornish-Fisher expansion; within 0.5 % from 3 degrees on)."""
    freedom = max(freedom, 3.0)
    z = 1.959963984540054
    g1 = (z**3 + z) / 4
    g2 = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    g3 = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    g4 = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + g1 / freedom + g2 / freedom**2 + g3 / freedom**3 + g4 / freedom**4


def next_draws(count: int, reached: float, wanted: float) -> int:
    """Return how many draws it takes to reach a half width, at most four times as many as before.

    >>> next_draws(64, 0.03, 0.02), next_draws(64, 0.5, 0.01)
    (145, 256)
    """
    return min(math.ceil(count * (reached / wanted) ** 2) + 1, count * _MOST_GROWTH)
