"""How often the 95 % interval of a sample holds, in eight kinds of datasets.

    python -m benchmarks.coverage [--repetitions 300] [--draws 64] [--write FILE.md]

Every population is made from a seed, its total is known, and so many samples of it are drawn. A piece is what a row
group is in Parquet; the tokens of its bytes are what differs between texts.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gpt41calc.dataset.sample import FIRST_DRAWS, draw, estimate

__all__ = ["LEAST_PERCENT", "POPULATIONS", "Coverage", "Population", "covered"]

LEAST_PERCENT = 93
"""How often the interval has to hold: 95 of 100 times, less what 300 repetitions differ by chance."""

_PIECES = 1200
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


def _pieces(dice: random.Random, density_of: Callable[[int], float], spread: float = 0.05) -> Population:
    """Return pieces of about a size whose tokens differ around what their place says."""
    sizes = [int(_MEAN_BYTES * dice.uniform(0.8, 1.2)) for _ in range(_PIECES)]
    return Population(sizes, [size * density_of(at) * dice.gauss(1, spread) for at, size in enumerate(sizes)])


def _kinds(dice: random.Random) -> Population:
    return _pieces(dice, lambda at: _DENSITIES[at * _FILES // _PIECES % len(_DENSITIES)])


def _few_large(dice: random.Random) -> Population:
    whole = _kinds(dice)
    groups = range(0, _PIECES, 10)
    return Population(
        [sum(whole.sizes[at : at + 10]) for at in groups], [sum(whole.tokens[at : at + 10]) for at in groups]
    )


def _in_order(dice: random.Random, key: Callable[[tuple[int, float]], float]) -> Population:
    whole = _kinds(dice)
    pairs = sorted(zip(whole.sizes, whole.tokens, strict=True), key=key)
    return Population([size for size, _ in pairs], [tokens for _, tokens in pairs])


def _shuffled(dice: random.Random) -> Population:
    numbers = {number: dice.random() for number in range(1 << 16)}
    return _in_order(dice, lambda pair: numbers[pair[0] & 0xFFFF])


def _by_density(dice: random.Random) -> Population:
    return _in_order(dice, lambda pair: pair[1] / pair[0])


def _by_length(dice: random.Random) -> Population:
    """Return rows that were sorted by their length: the longer, the fewer tokens a byte, by little."""
    return _pieces(dice, lambda at: 0.30 - 0.04 * at / _PIECES, spread=0.03)


def _rare_dense_rows(dice: random.Random) -> Population:
    """Return pieces of which a few have a row of up to 4 MB more, of base64."""
    whole = _pieces(dice, lambda _at: _DENSITIES[0])
    sizes, tokens = list(whole.sizes), list(whole.tokens)
    for at in range(_PIECES):
        if dice.random() < 1 / 8:
            row = int(math.exp(dice.uniform(math.log(2e5), math.log(4e6))))
            sizes[at] += row
            tokens[at] += row * 0.72
    return Population(sizes, tokens)


def _two_dense_files(dice: random.Random) -> Population:
    dense, pieces = {7, 15}, _PIECES // _FILES
    return _pieces(dice, lambda at: 0.72 if at // pieces in dense else _DENSITIES[at // pieces % len(_DENSITIES)])


def _one_huge(dice: random.Random) -> Population:
    whole = _kinds(dice)
    sizes, tokens = list(whole.sizes), list(whole.tokens)
    at = _PIECES // 3
    sizes[at] = sum(sizes) // 25
    tokens[at] = sizes[at] * 0.72
    return Population(sizes, tokens)


POPULATIONS: Mapping[str, Callable[[random.Random], Population]] = {
    "24 files of 3 kinds": _kinds,
    "the same in 120 large groups": _few_large,
    "shuffled": _shuffled,
    "sorted by length": _by_length,
    "sorted by tokens a byte": _by_density,
    "rare huge dense rows": _rare_dense_rows,
    "two files of base64": _two_dense_files,
    "one group holds 4 % of all": _one_huge,
}
"""How each is made, by what it is."""


def covered(name: str, repetitions: int, draws: int = FIRST_DRAWS) -> Coverage:
    """Return what so many samples of a population come to.

    Args:
        name: one of ``POPULATIONS``.
        repetitions: how many samples; their seeds are 0 and on.
        draws: pieces of a sample.
    """
    population = POPULATIONS[name](random.Random(41))  # noqa: S311 - no secret
    truth = math.fsum(population.tokens)
    found = [
        estimate(draw(population.sizes, draws, seed), population.sizes, population.tokens.__getitem__)
        for seed in range(repetitions)
    ]
    errors = [one.value / truth - 1 for one in found]
    return Coverage(
        covers_percent=100 * sum(one.low <= truth <= one.high for one in found) / repetitions,
        half_percent=100 * math.fsum(one.high - one.low for one in found) / 2 / truth / repetitions,
        error_percent=100 * math.sqrt(math.fsum(error**2 for error in errors) / repetitions),
        bias_percent=100 * math.fsum(errors) / repetitions,
    )


def main(words: Sequence[str] | None = None) -> int:
    """Print the table; return 1 if an interval holds too seldom."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage", description=__doc__)
    parser.add_argument("--repetitions", type=int, default=300)
    parser.add_argument("--draws", type=int, default=FIRST_DRAWS)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args(words)
    lines = ["| dataset | half width, % | error, % | bias, % | holds, % |", "|---|---:|---:|---:|---:|"]
    least = 100.0
    for name in POPULATIONS:
        one = covered(name, given.repetitions, given.draws)
        least = min(least, one.covers_percent)
        figures = f"{one.half_percent:.2f} | {one.error_percent:.2f} | {one.bias_percent:+.2f}"
        lines.append(f"| {name} | {figures} | {one.covers_percent:.1f} |")
    print("\n".join(lines))
    if given.write:
        given.write.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0 if least >= LEAST_PERCENT else 1


if __name__ == "__main__":
    raise SystemExit(main())
