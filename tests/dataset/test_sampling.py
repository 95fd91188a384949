"""The sample: the same for the same seed, and an interval that holds."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from gpt41calc.dataset.sample import FIRST_DRAWS, draw, estimate

PIECES = 600

REPETITIONS = 300


def _seeded() -> random.Random:
    return random.Random(41)  # noqa: S311 - a sample, no secret


Population = tuple[list[int], list[float]]
"""Sizes of pieces in bytes, and their tokens."""


def _shuffled(generator: random.Random) -> Population:
    sizes = [generator.randrange(50_000, 150_000) for _ in range(PIECES)]
    return sizes, [size / 4 * generator.uniform(0.9, 1.1) for size in sizes]


def _three_kinds(generator: random.Random) -> Population:
    sizes = [generator.randrange(50_000, 150_000) for _ in range(PIECES)]
    densities = [0.22, 0.3, 0.45]
    return sizes, [size * densities[at * 3 // PIECES] * generator.uniform(0.95, 1.05) for at, size in enumerate(sizes)]


def _sorted_by_density(generator: random.Random) -> Population:
    sizes, tokens = _shuffled(generator)
    pairs = sorted(zip(sizes, tokens, strict=True), key=lambda pair: pair[1] / pair[0])
    return [size for size, _ in pairs], [number for _, number in pairs]


def _sizes_differ(generator: random.Random) -> Population:
    sizes = [int(1000 * 2 ** generator.uniform(0, 8)) for _ in range(PIECES)]
    return sizes, [size / 4 * generator.uniform(0.8, 1.2) for size in sizes]


def _one_is_huge(generator: random.Random) -> Population:
    sizes, tokens = _shuffled(generator)
    sizes[PIECES // 3] = sum(sizes) // 20
    tokens[PIECES // 3] = sizes[PIECES // 3] * 0.7
    return sizes, tokens


def _two_dense_files(generator: random.Random) -> Population:
    sizes, tokens = _shuffled(generator)
    for at in (*range(100, 130), *range(400, 430)):
        tokens[at] = sizes[at] * 0.6
    return sizes, tokens


POPULATIONS: list[Callable[[random.Random], Population]] = [
    _shuffled,
    _three_kinds,
    _sorted_by_density,
    _sizes_differ,
    _one_is_huge,
    _two_dense_files,
]


@pytest.mark.parametrize("population", POPULATIONS)
def test_the_interval_holds(population: Callable[[random.Random], Population]) -> None:
    """Of 300 samples of 64 pieces at least 93 % have the true total between their bounds."""
    sizes, tokens = population(_seeded())
    truth = sum(tokens)
    held = 0
    for seed in range(REPETITIONS):
        found = estimate(draw(sizes, FIRST_DRAWS, seed), sizes, tokens.__getitem__)
        held += found.low <= truth <= found.high

    assert 0.93 <= held / REPETITIONS


def test_the_estimate_has_no_bias() -> None:
    """The mean of many samples is the total."""
    sizes, tokens = _sizes_differ(_seeded())
    values = [estimate(draw(sizes, FIRST_DRAWS, seed), sizes, tokens.__getitem__).value for seed in range(REPETITIONS)]

    assert pytest.approx(sum(tokens), rel=0.005) == sum(values) / REPETITIONS


def test_a_seed_draws_the_same() -> None:
    """The same seed chooses the same pieces, another one others."""
    sizes, _ = _shuffled(_seeded())

    assert draw(sizes, FIRST_DRAWS, 7) == draw(sizes, FIRST_DRAWS, 7)
    assert draw(sizes, FIRST_DRAWS, 7) != draw(sizes, FIRST_DRAWS, 8)


def test_what_is_larger_than_a_zone_is_read_for_certain() -> None:
    """A piece that holds most of the bytes is no matter of luck."""
    assert (1,) == draw([10, 1000, *[10] * 50], 8, 0).certain


def test_all_pieces_are_no_estimate() -> None:
    """If every piece is certain, the total is exact."""
    found = estimate(draw([5, 5, 5], 10, 0), [5, 5, 5], float)

    assert (3.0, 3.0, 3.0) == (found.low, found.value, found.high)
