"""Count a dataset, all of it or a sample, and say what is known of the whole."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ..errors import UsageError
from ..tally import Skipped
from ..version import __version__
from .checkpoint import Checkpoint
from .engines import Engine
from .job import Counted, Job, Lost
from .measured import Measured
from .sample import FEWEST_DRAWS, FIRST_DRAWS, Draws, draw, fitting, next_draws, settled
from .too_few import too_few
from .units import Part, Unit, pack

__all__ = ["EXACT_BYTES", "Aim", "expected_bytes", "measure"]

EXACT_BYTES = 10**9
"""A dataset that is not larger is counted whole: that takes seconds."""

_WORTH_SAMPLING = 3
"""A sample that would read more than a third of all is not worth its interval."""

_WORTH_GROWING = 1.5
"""What was drawn before is not part of a larger sample: one that is hardly larger knows no more."""

Observer = Callable[[int], None]
"""Is called with how many bytes of the dataset have been counted."""


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
    """No more is read for a sample, in bytes as the sizes of pieces are."""

    seed: int = 0
    """Which pieces are drawn."""


def measure(
    parts: Sequence[Part],
    job: Job,
    engine: Engine,
    aim: Aim,
    *,
    checkpoint: Checkpoint | None = None,
    observe: Observer = lambda _bytes: None,
    tokens_around: int = 0,
) -> Measured:
    """Count a dataset as well as it is asked for.

    Args:
        parts: all its pieces, in the order of their paths.
        job: how they are counted.
        engine: where.
        aim: how well the total is to be known.
        checkpoint: what earlier runs have counted; if it is None, nothing is kept.
        observe: is called with the bytes that were counted.
        tokens_around: what the template adds to every row, whatever it is.

    Raises:
        UsageError: there are too few pieces for a sample, or workers have another version.
    """
    work = _Work(parts, job, engine, checkpoint, observe, tokens_around)
    size = sum(part.size for part in parts)
    if aim.mode == "exact" or not parts:
        return work.all()
    if aim.mode == "precision" and size <= min(EXACT_BYTES, aim.most_bytes):
        return work.all()
    if len(parts) < FEWEST_DRAWS:
        if aim.mode == "precision" and size <= aim.most_bytes:
            return work.all()
        raise too_few(parts)
    return work.sample(aim)


def expected_bytes(parts: Sequence[Part], aim: Aim) -> int:
    """Return how much will be read, in bytes as the sizes of pieces are; 0 if that depends on what is found."""
    sizes = [part.size for part in parts]
    if aim.mode == "share":
        chosen = fitting(sizes, _share_draws(sizes, aim), aim.seed, most_bytes=aim.most_bytes)
        return sum(sizes[at] for at in chosen[0].positions) if chosen else 0
    is_whole = aim.mode == "exact" or sum(sizes) <= min(EXACT_BYTES, aim.most_bytes) or len(sizes) < FEWEST_DRAWS
    return sum(sizes) if is_whole else 0


def _share_draws(sizes: Sequence[int], aim: Aim) -> int:
    return max(FIRST_DRAWS, math.ceil(aim.share * len(sizes)))


class _Work:
    """Has units counted, each once, whoever counted them."""

    def __init__(
        self,
        parts: Sequence[Part],
        job: Job,
        engine: Engine,
        checkpoint: Checkpoint | None,
        observe: Observer,
        tokens_around: int,
    ) -> None:
        self._parts = tuple(parts)
        self._job = job
        self._engine = engine
        self._checkpoint = checkpoint
        self._earlier = dict(checkpoint.read()) if checkpoint else {}
        self._observe = observe
        self._tokens_around = tokens_around
        self._vocabularies = {
            name: identity for one in self._earlier.values() for name, identity in one.vocabularies.items()
        }
        self._done_bytes = 0
        self._skipped: list[Skipped] = []

    def all(self) -> Measured:
        """Count everything."""
        units = pack(self._parts)
        found = self._counted(units)
        counted = {at: found[unit.key] for at, unit in enumerate(units) if unit.key in found}
        return self._measured(counted, None, None, read=sum(units[at].size for at in counted))

    def sample(self, aim: Aim) -> Measured:
        """Draw and count pieces until the interval is as narrow as is asked, or no more may be read.

        Raises:
            UsageError: too few pieces may be read for an interval.
        """
        sizes = [part.size for part in self._parts]
        found: dict[int, Counted] = {}
        first = _share_draws(sizes, aim) if aim.mode == "share" else FIRST_DRAWS
        chosen = fitting(sizes, first, aim.seed, most_bytes=aim.most_bytes)
        if chosen is None:
            raise _too_little(sizes, aim)
        while True:
            draws, count = chosen
            if aim.mode == "precision" and self._is_nearly_all(sizes, {*found, *draws.positions}, aim):
                return self.all()
            draws = self._drawn(draws, found)
            reached = self._half_width(draws, found)
            if aim.mode == "share" or self._skipped:
                return self._of_sample(draws, found)
            if reached <= aim.half_width:
                return self._of_sample(settled(draws, reached, aim.half_width), found)
            wanted = next_draws(count, reached, aim.half_width)
            chosen = fitting(sizes, wanted, aim.seed, read=found, most_bytes=aim.most_bytes)
            if chosen is None or chosen[1] < min(wanted, _WORTH_GROWING * count):
                return self._of_sample(draws, found)

    def _half_width(self, draws: Draws, found: Mapping[int, Counted]) -> float:
        so_far = self._measured(found, draws, None, read=0)
        return so_far.total(lambda tally: tally.tokens, per_row=self._tokens_around).half_width

    def _of_sample(self, draws: Draws, found: Mapping[int, Counted]) -> Measured:
        read = sum(self._parts[at].size for at in found)
        return self._measured(found, draws, self._half_width(draws, found), read)

    def _is_nearly_all(self, sizes: Sequence[int], positions: Collection[int], aim: Aim) -> bool:
        whole = sum(sizes)
        return whole <= aim.most_bytes and sum(sizes[at] for at in positions) * _WORTH_SAMPLING > whole

    def _drawn(self, draws: Draws, found: dict[int, Counted]) -> Draws:
        """Count what was drawn and is not counted yet; return the draws without what could not be read."""
        units = {at: Unit((self._parts[at],)) for at in draws.positions if at not in found}
        by_key = self._counted(list(units.values()))
        found.update({at: by_key[unit.key] for at, unit in units.items() if unit.key in by_key})
        return replace(
            draws,
            certain=tuple(at for at in draws.certain if at in found),
            drawn=tuple(at for at in draws.drawn if at in found),
        )

    def _counted(self, units: Sequence[Unit]) -> dict[str, Counted]:
        found: dict[str, Counted] = {}
        sizes = {unit.key: unit.size for unit in units}
        for key in sizes:
            if key in self._earlier:
                self._take(self._earlier[key], found, sizes)
        left = [unit for unit in units if unit.key not in found]
        for result in self._engine.run(self._job, left) if left else ():
            if isinstance(result, Lost):
                self._skipped += result.reasons
                self._advance(sizes[result.key])
                continue
            if result.version != __version__:
                message = f"a worker has gpt41calc {result.version}, this is {__version__}"
                raise UsageError(message, hint="install the same version on the driver and on all workers")
            for name, identity in result.vocabularies.items():
                if self._vocabularies.setdefault(name, identity) != identity:
                    message = f"workers count with {identity} and with {self._vocabularies[name]}"
                    raise UsageError(message, hint="install the same packages on all workers")
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

    def _measured(
        self, counted: Mapping[int, Counted], draws: Draws | None, reached: float | None, read: int
    ) -> Measured:
        return Measured(
            job=self._job,
            parts=self._parts,
            counted=dict(counted),
            draws=draws,
            skipped=tuple(self._skipped),
            bytes_read=read,
            reached=reached,
        )


def _too_little(sizes: Sequence[int], aim: Aim) -> UsageError:
    needed = sum(sizes[at] for at in draw(sizes, FEWEST_DRAWS, aim.seed).positions)
    message = (
        f"--max-read {aim.most_bytes:,}: too little for a sample, which has {FEWEST_DRAWS} pieces at least: "
        f"{needed:,} bytes"
    )
    return UsageError(
        message, hint="a piece is a row group of Parquet, 1 MiB of lines, or a whole file of CSV or a compressed one"
    )
