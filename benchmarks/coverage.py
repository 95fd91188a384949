"""How often the 95 % interval of a sample holds, in eight kinds of datasets.

    python -m benchmarks.coverage [--precision] [--repetitions 300] [--draws 64] [--write FILE.md]

Every population is made from a seed, its total is known, and so many samples of it are drawn. A piece is what a row
group is in Parquet; the tokens of its bytes are what differs between texts.

With ``--precision`` a sample grows as that of the command does, which counts with an engine that knows the populations.
What is asked is what is hardest: a little less than the half width that the first pieces have on average, so that it is
left to chance when a sample stops.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gpt41calc.dataset.files import DataFile
from gpt41calc.dataset.job import Counted, Job, Lost
from gpt41calc.dataset.measure import Aim, measure
from gpt41calc.dataset.sample import FIRST_DRAWS, Estimated, draw, estimate
from gpt41calc.dataset.totals import Tally
from gpt41calc.dataset.units import Part, Unit

__all__ = ["LEAST_PERCENT", "POPULATIONS", "Coverage", "Population", "covered", "covered_at_precision"]

LEAST_PERCENT = 93
"""How often the interval has to hold: 95 of 100 times, less what 300 repetitions differ by chance."""

_PIECES = 1200

_MANY_PIECES = 4800
"""A sample of at most 256 pieces is then less than a third of all, and no reason to count all of them."""

_ASKED = 0.9
"""What is asked of a sample that grows, as a share of the half width of its first pieces."""

_MEAN_BYTES = 1 << 20
_FILES = 24
_DENSITIES = (0.24, 0.29, 0.40)
"""Tokens of a byte: of English, of source code, of scripts with several bytes a character."""


@dataclass(frozen=True)
class Population:
    """A dataset whose total is known."""

    sizes: Sequence[int]
    """Bytes of every piece."""

    tokens: Sequence[float]
    """Tokens of every piece."""


@dataclass(frozen=True)
class Coverage:
    """What many samples of a population came to."""

    covers_percent: float
    """How often the interval had the true total in it."""

    half_percent: float
    """Mean of half the width of the interval, in percent of the total."""

    error_percent: float
    """Root of the mean square of the errors, in percent of the total."""

    bias_percent: float
    """Mean of the errors, in percent of the total."""

    pieces: float
    """Mean of the pieces that were read."""


def _pieces(dice: random.Random, pieces: int, density_of: Callable[[float], float], spread: float = 0.05) -> Population:
    """Return pieces of about a size whose tokens differ around what their place says, from 0 to 1."""
    sizes = [int(_MEAN_BYTES * dice.uniform(0.8, 1.2)) for _ in range(pieces)]
    return Population(sizes, [size * density_of(at / pieces) * dice.gauss(1, spread) for at, size in enumerate(sizes)])


def _kinds(dice: random.Random, pieces: int) -> Population:
    return _pieces(dice, pieces, lambda place: _DENSITIES[int(place * _FILES) % len(_DENSITIES)])


def _few_large(dice: random.Random, pieces: int) -> Population:
    whole = _kinds(dice, pieces)
    groups = range(0, pieces, 10)
    return Population(
        [sum(whole.sizes[at : at + 10]) for at in groups], [sum(whole.tokens[at : at + 10]) for at in groups]
    )


def _in_order(dice: random.Random, pieces: int, key: Callable[[tuple[int, float]], float]) -> Population:
    whole = _kinds(dice, pieces)
    pairs = sorted(zip(whole.sizes, whole.tokens, strict=True), key=key)
    return Population([size for size, _ in pairs], [tokens for _, tokens in pairs])


def _shuffled(dice: random.Random, pieces: int) -> Population:
    numbers = {number: dice.random() for number in range(1 << 16)}
    return _in_order(dice, pieces, lambda pair: numbers[pair[0] & 0xFFFF])


def _by_density(dice: random.Random, pieces: int) -> Population:
    return _in_order(dice, pieces, lambda pair: pair[1] / pair[0])


def _by_length(dice: random.Random, pieces: int) -> Population:
    """Return rows that were sorted by their length: the longer, the fewer tokens a byte, by little."""
    return _pieces(dice, pieces, lambda place: 0.30 - 0.04 * place, spread=0.03)


def _rare_dense_rows(dice: random.Random, pieces: int) -> Population:
    """Return pieces of which a few have a row of up to 4 MB more, of base64."""
    whole = _pieces(dice, pieces, lambda _place: _DENSITIES[0])
    sizes, tokens = list(whole.sizes), list(whole.tokens)
    for at in range(pieces):
        if dice.random() < 1 / 8:
            row = int(math.exp(dice.uniform(math.log(2e5), math.log(4e6))))
            sizes[at] += row
            tokens[at] += row * 0.72
    return Population(sizes, tokens)


def _two_dense_files(dice: random.Random, pieces: int) -> Population:
    def density(place: float) -> float:
        file = int(place * _FILES)
        return 0.72 if file in {7, 15} else _DENSITIES[file % len(_DENSITIES)]

    return _pieces(dice, pieces, density)


def _one_huge(dice: random.Random, pieces: int) -> Population:
    whole = _kinds(dice, pieces)
    sizes, tokens = list(whole.sizes), list(whole.tokens)
    at = pieces // 3
    sizes[at] = sum(sizes) // 25
    tokens[at] = sizes[at] * 0.72
    return Population(sizes, tokens)


POPULATIONS: Mapping[str, Callable[[random.Random, int], Population]] = {
    "24 files of 3 kinds": _kinds,
    "the same in groups of 10 MiB": _few_large,
    "shuffled": _shuffled,
    "sorted by length": _by_length,
    "sorted by tokens a byte": _by_density,
    "rare huge dense rows": _rare_dense_rows,
    "two files of base64": _two_dense_files,
    "one group holds 4 % of all": _one_huge,
}
"""How each is made of so many pieces, by what it is."""


def covered(name: str, repetitions: int, draws: int = FIRST_DRAWS) -> Coverage:
    """Return what so many samples of a population come to.

    Args:
        name: one of ``POPULATIONS``.
        repetitions: how many samples; their seeds are 0 and on.
        draws: pieces of a sample.
    """
    population = _population(name, _PIECES)
    return _coverage(population, ((one, draws) for one in _samples(population, repetitions, draws)))


def covered_at_precision(name: str, repetitions: int, pieces: int = _MANY_PIECES) -> tuple[float, Coverage]:
    """Return the half width that is asked, and what so many samples come to that grow until they have it.

    Args:
        name: one of ``POPULATIONS``.
        repetitions: how many samples; their seeds are 0 and on.
        pieces: of the population.
    """
    population = _population(name, pieces)
    parts = [
        Part(_FILE, groups=(at,), size=size) for at, size in enumerate(population.sizes)
    ]  # whose rows are not known before they are read
    first = list(_samples(population, 30, FIRST_DRAWS))
    asked = _ASKED * math.fsum(one.half_width for one in first) / len(first)
    engine = _Knowing(population)

    def grown(seed: int) -> tuple[Estimated, int]:
        found = measure(parts, _JOB, engine, Aim(mode="precision", half_width=asked, seed=seed))
        tokens = found.total(lambda tally: tally.tokens)
        return Estimated(float(tokens.low), float(tokens.value), float(tokens.high)), len(found.counted)

    return asked, _coverage(population, map(grown, range(repetitions)))


_FILE = DataFile("rows.parquet", "parquet", None, 0)
_JOB = Job(column="text")


class _Knowing:
    """An engine that counts nothing: what the pieces of a population have is known."""

    def __init__(self, population: Population) -> None:
        self._tokens = population.tokens

    def run(self, job: Job, units: Sequence[Unit]) -> Iterator[Counted | Lost]:
        for unit in units:
            ((at,),) = (part.groups for part in unit.parts)
            yield Counted(unit.key, {job.encodings[0]: Tally(rows=1, tokens=round(self._tokens[at]))})


def _population(name: str, pieces: int) -> Population:
    return POPULATIONS[name](random.Random(41), pieces)  # noqa: S311 - no secret


def _samples(population: Population, repetitions: int, draws: int) -> Iterator[Estimated]:
    for seed in range(repetitions):
        yield estimate(draw(population.sizes, draws, seed), population.sizes, population.tokens.__getitem__)


def _coverage(population: Population, samples: Iterable[tuple[Estimated, int]]) -> Coverage:
    """Return what samples of a population came to, each with the number of its pieces."""
    truth = math.fsum(population.tokens)
    found, pieces = zip(*samples, strict=True)
    errors = [one.value / truth - 1 for one in found]
    return Coverage(
        covers_percent=100 * sum(one.low <= truth <= one.high for one in found) / len(found),
        half_percent=100 * math.fsum(one.high - one.low for one in found) / 2 / truth / len(found),
        error_percent=100 * math.sqrt(math.fsum(error**2 for error in errors) / len(found)),
        bias_percent=100 * math.fsum(errors) / len(found),
        pieces=sum(pieces) / len(found),
    )


def main(words: Sequence[str] | None = None) -> int:
    """Print the table; return 1 if an interval holds too seldom."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage", description=__doc__)
    parser.add_argument("--precision", action="store_true")
    parser.add_argument("--repetitions", type=int, default=300)
    parser.add_argument("--draws", type=int, default=FIRST_DRAWS)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args(words)
    extra = "asked, % | pieces | " if given.precision else ""
    lines = [f"| dataset | {extra}half width, % | error, % | bias, % | holds, % |"]
    lines.append("|---|" + "---:|" * (lines[0].count("|") - 2))
    least = 100.0
    for name in POPULATIONS:
        if given.precision:
            asked, one = covered_at_precision(name, given.repetitions)
            extra = f"{100 * asked:.2f} | {one.pieces:.0f} | "
        else:
            one = covered(name, given.repetitions, given.draws)
        least = min(least, one.covers_percent)
        figures = f"{one.half_percent:.2f} | {one.error_percent:.2f} | {one.bias_percent:+.2f}"
        lines.append(f"| {name} | {extra}{figures} | {one.covers_percent:.1f} |")
    print("\n".join(lines))
    if given.write:
        given.write.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0 if least >= LEAST_PERCENT else 1


if __name__ == "__main__":
    raise SystemExit(main())
