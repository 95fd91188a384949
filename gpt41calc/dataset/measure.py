"""Count a dataset, all of it or a sample, and say what is known of the whole."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ..errors import UsageError
from ..tally import Skipped
from ..version import __version__
from .checkpoint import Checkpoint
from .engines import Engine
from .job import Counted, Job, Lost
from .sample import FIRST_DRAWS, Draws, Estimated, draw, estimate, next_draws
from .totals import Longest, Tally, percentile
from .units import Part, Unit, pack

__all__ = ["Aim", "Known", "Measured", "measure"]

EXACT_BYTES = 10**9
"""A dataset that is not larger is counted whole: that takes seconds."""

_FEWEST_PIECES = 20
"""With fewer pieces to draw from there is no interval."""

_WORTH_SAMPLING = 3
"""A sample that would read more than a third of all is not worth its interval."""

Observer = Callable[[int], None]
"""Is told how many bytes of the dataset have been counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """How well the total is to be known."""

    mode: Literal["exact", "precision", "share"]
    """All of it; until the interval is narrow enough; or so much of it."""

    half_width: float = 0.02
    """Half the width of the interval, as a share of the total, that is asked for."""

    share: float = 0.01
    """How much is read, as a share of the bytes."""

    most_bytes: int = 20 * 10**9
    """No more is read of a sample."""

    seed: int = 0
    """Which pieces are drawn."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a number is known to be: exact, or within bounds."""

    low: Decimal
    """The lower bound."""

    value: Decimal
    """What to expect."""

    high: Decimal
    """The upper bound."""


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
    """Which pieces were drawn. None: all of them were counted."""

    skipped: tuple[Skipped, ...]
    """What could not be read."""

    bytes_read: int
    """What was read of the files."""

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

    def total(self, number: Callable[[Tally], Decimal | int], *, per_row: Decimal | int = 0) -> Known:
        """Return a total over the whole dataset of a number that tallies of the first encoding have.

        Args:
            number: of a tally; twice the tally has twice the number.
            per_row: what every row adds to the number, whatever it is: known from the footers of Parquet, where it
                is no estimate.
        """
        encoding = self.job.encodings[0]
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

    def _estimated(self, number_of: Callable[[int], float]) -> Estimated:
        if self.draws is None:
            raise RuntimeError("nothing was drawn")
        return estimate(self.draws, [part.size for part in self.parts], number_of)

    def slow_tokens(self, encoding: str) -> Known:
        """Return the tokens of the whole in an encoding of which only some rows of every piece were counted."""
        sizes = [part.size for part in self.parts]
        draws = self.draws or Draws(tuple(range(len(sizes))), (), 0)
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


def measure(
    parts: Sequence[Part],
    job: Job,
    engine: Engine,
    aim: Aim,
    *,
    checkpoint: Checkpoint | None = None,
    observe: Observer = lambda _bytes: None,
) -> Measured:
    """Count a dataset as well as it is asked for.

    Args:
        parts: all its pieces, in the order of their paths.
        job: how they are counted.
        engine: where.
        aim: how well the total is to be known.
        checkpoint: what earlier runs have counted; None: nothing is kept.
        observe: is told of progress.

    Raises:
        UsageError: there are too few pieces for a sample, or workers have another version.
    """
    work = _Work(parts, job, engine, checkpoint, observe)
    size = sum(part.size for part in parts)
    if aim.mode == "exact":
        return work.all()
    if aim.mode == "precision" and size <= EXACT_BYTES:
        return work.all()
    if len(parts) < _FEWEST_PIECES:
        if aim.mode == "precision" and size <= aim.most_bytes:
            return work.all()
        message = f"{len(parts)} files that can only be read whole: too few for a sample"
        raise UsageError(
            message, hint="count all of it with --exact, or store it as Parquet or as lines without compression"
        )
    return work.sample(aim)


class _Work:
    """Has units counted, each once, whoever counted them."""

    def __init__(
        self, parts: Sequence[Part], job: Job, engine: Engine, checkpoint: Checkpoint | None, observe: Observer
    ) -> None:
        self._parts = tuple(parts)
        self._job = job
        self._engine = engine
        self._checkpoint = checkpoint
        self._kept = dict(checkpoint.read()) if checkpoint else {}
        self._observe = observe
        self._done_bytes = 0
        self._skipped: list[Skipped] = []

    def all(self) -> Measured:
        """Count everything."""
        units = pack(self._parts)
        found = self._counted(units)
        counted = {at: found[unit.key] for at, unit in enumerate(units) if unit.key in found}
        return self._measured(counted, None, None)

    def sample(self, aim: Aim) -> Measured:
        """Draw and count pieces until the interval is as narrow as is asked, or enough was read."""
        sizes = [part.size for part in self._parts]
        found: dict[int, Counted] = {}
        count = FIRST_DRAWS if aim.mode == "precision" else max(FIRST_DRAWS, math.ceil(aim.share * len(sizes)))
        while True:
            draws = draw(sizes, count, aim.seed)
            missing = [at for at in draws.positions if at not in found]
            if sum(sizes[at] for at in {*found, *missing}) * _WORTH_SAMPLING > sum(sizes) and aim.mode == "precision":
                return self.all()
            units = {at: Unit((self._parts[at],)) for at in missing}
            by_key = self._counted(list(units.values()))
            found.update({at: by_key[unit.key] for at, unit in units.items() if unit.key in by_key})
            draws = Draws(
                tuple(at for at in draws.certain if at in found),
                tuple(at for at in draws.drawn if at in found),
                draws.drawn_from,
            )
            tokens = estimate(draws, sizes, lambda at: float(found[at].tallies[self._job.encodings[0]].tokens))
            read = sum(sizes[at] for at in found)
            if self._skipped or aim.mode == "share" or tokens.half_width <= aim.half_width:
                return self._measured(found, draws, tokens.half_width)
            count = next_draws(count, tokens.half_width, aim.half_width)
            if read >= aim.most_bytes or count * (sum(sizes) // len(sizes)) > 4 * aim.most_bytes:
                return self._measured(found, draws, tokens.half_width)

    def _counted(self, units: Sequence[Unit]) -> dict[str, Counted]:
        found: dict[str, Counted] = {}
        sizes = {unit.key: unit.size for unit in units}
        for key in sizes:
            if key in self._kept:
                self._take(self._kept[key], found, sizes)
        left = [unit for unit in units if unit.key not in found]
        for result in self._engine.run(self._job, left) if left else ():
            if isinstance(result, Lost):
                self._skipped += result.reasons
                self._advance(sizes[result.key])
                continue
            if result.version != __version__:
                message = f"a worker has gpt41calc {result.version}, this is {__version__}"
                raise UsageError(message, hint="install the same version on the driver and on all workers")
            self._take(result, found, sizes)
            if self._checkpoint:
                self._checkpoint.add(result)
        return found

    def _take(self, one: Counted, found: dict[str, Counted], sizes: Mapping[str, int]) -> None:
        found[one.key] = one
        self._skipped += one.skipped
        self._advance(sizes[one.key])

    def _advance(self, size: int) -> None:
        self._done_bytes += size
        self._observe(self._done_bytes)

    def _measured(self, counted: Mapping[int, Counted], draws: Draws | None, reached: float | None) -> Measured:
        return Measured(
            job=self._job,
            parts=self._parts,
            counted=dict(counted),
            draws=draws,
            skipped=tuple(self._skipped),
            bytes_read=sum(one.bytes_read for one in counted.values()),
            reached=reached,
        )
