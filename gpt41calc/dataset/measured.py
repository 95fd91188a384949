"""What is known of a whole dataset, from all of its rows or from a sample of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ..tally import Skipped
from .job import Counted, Job
from .sample import Draws, Estimated, estimate
from .totals import Longest, Tally, percentile
from .units import Part

__all__ = ["Known", "Measured"]


@dataclass(frozen=True, slots=True)
class Known:
    """What a number is known to be: exact, or within bounds."""

    low: Decimal
    """The lower bound."""

    value: Decimal
    """What to expect."""

    high: Decimal
    """The upper bound."""

    @property
    def half_width(self) -> float:
        """Half the width of the interval, as a share of the value; 0 if that is 0."""
        return float((self.high - self.low) / 2 / self.value) if self.value else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was counted of a dataset."""

    job: Job
    """How it was counted."""

    parts: tuple[Part, ...]
    """All pieces that it has."""

    counted: Mapping[int, Counted]
    """What was counted, by the position of the piece if it is a sample, by the number of the unit if it is not."""

    draws: Draws | None
    """Which pieces were drawn. If it is None, all of them were counted."""

    skipped: tuple[Skipped, ...]
    """What could not be read."""

    bytes_read: int
    """What was read of ``size``."""

    reached: float | None
    """Half the width of the interval of the tokens, as a share; None if all was counted."""

    @property
    def is_sampled(self) -> bool:
        """Whether totals are estimates."""
        return self.draws is not None

    @property
    def size(self) -> int:
        """Bytes of all pieces."""
        return sum(part.size for part in self.parts)

    @property
    def sums(self) -> Tally:
        """What was counted in the first encoding, added up: of a sample not the whole."""
        return self.sums_in(self.job.encodings[0])

    def sums_in(self, encoding: str) -> Tally:
        """Return what was counted in an encoding, added up."""
        return sum((one.tallies[encoding] for one in self.counted.values()), Tally())

    def total(
        self, number: Callable[[Tally], Decimal | int], *, per_row: Decimal | int = 0, encoding: str | None = None
    ) -> Known:
        """Return a total over the whole dataset of a number that tallies have.

        Args:
            number: of a tally; twice the tally has twice the number.
            per_row: what every row adds to the number, whatever it is: known from the footers of Parquet, where it
                is no estimate.
            encoding: whose tallies, one in which every row is counted; if it is None, the first.
        """
        encoding = encoding or self.job.encodings[0]
        if self.draws is None:
            exact = Decimal(number(self.sums_in(encoding)))
            return Known(exact, exact, exact)
        rows = [part.rows if self.counted else None for part in self.parts]
        known = Decimal(per_row) * sum(row or 0 for row in rows) if None not in rows else Decimal()
        each = per_row if None not in rows else 0

        def of(at: int) -> float:
            return float(number(self.counted[at].tallies[encoding]) - each * (rows[at] or 0))

        found = self._estimated(of)
        return Known(*(Decimal(repr(one)) + known for one in (found.low, found.value, found.high)))

    @property
    def requests(self) -> Known:
        """Rows of the whole dataset that are sent: no estimate where the footers of Parquet say how many there are."""
        return self.total(lambda tally: tally.rows, per_row=1)

    def _estimated(self, number_of: Callable[[int], float]) -> Estimated:
        if self.draws is None:
            raise RuntimeError("nothing was drawn")
        return estimate(self.draws, [part.size for part in self.parts], number_of)

    def slow_tokens(self, encoding: str) -> Known:
        """Return the tokens of the whole in an encoding of which only some rows of every piece were counted."""
        sizes = [part.size for part in self.parts]
        draws = self.draws or Draws(tuple(self.counted), (), 0)
        within = 0.0

        def of(at: int) -> float:
            nonlocal within
            one = self.counted[at]
            drawn, rows = one.tallies[encoding], one.tallies[self.job.encodings[0]]
            if at in draws.certain:
                within += _row_variance(drawn, rows.rows)
            return drawn.tokens * (rows.bytes / drawn.bytes if drawn.bytes else 0.0)

        found = estimate(draws, sizes, of)
        half = math.hypot(found.high - found.value, 2 * math.sqrt(within))
        return Known(
            *(Decimal(repr(number)) for number in (max(0.0, found.value - half), found.value, found.value + half))
        )

    def percentile(self, percent: int) -> int | None:
        """Return the length that so many percent of the rows do not exceed, within 9 %."""
        encoding = self.job.encodings[0]
        weights: dict[int, float] = {}
        for at, weight in self._weights():
            for bucket, rows in self.counted[at].tallies[encoding].histogram.items():
                weights[bucket] = weights.get(bucket, 0.0) + weight * rows
        return percentile(weights, percent, self.longest.tokens)

    def _weights(self) -> Iterator[tuple[int, float]]:
        """Yield every piece that was counted with how many it stands for: long rows would weigh too much otherwise."""
        if self.draws is None:
            yield from ((at, 1.0) for at in self.counted)
            return
        yield from ((at, 1.0) for at in self.draws.certain)
        for at in self.draws.drawn:
            yield at, self.draws.drawn_from / (len(self.draws.drawn) * self.parts[at].size)

    @property
    def longest(self) -> Longest:
        """The longest row that was seen."""
        return self.sums.longest


def _row_variance(drawn: Tally, rows: int) -> float:
    """Return the variance of a total that was scaled up from some rows of a piece: of a simple sample of rows."""
    if drawn.rows < 2 or drawn.rows >= rows:  # noqa: PLR2004 - one row has no variance
        return 0.0
    mean = drawn.tokens / drawn.rows
    variance = max(0.0, drawn.squares / drawn.rows - mean**2) * drawn.rows / (drawn.rows - 1)
    return rows**2 * (1 - drawn.rows / rows) * variance / drawn.rows
