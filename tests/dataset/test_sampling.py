"""The sample: the same for the same seed, and an interval that holds."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.coverage import LEAST_PERCENT, POPULATIONS, Population, covered, covered_at_precision, main
from gpt41calc.dataset.sample import FEWEST_DRAWS, FIRST_DRAWS, draw, estimate, fitting

REPETITIONS = 300

_SIZES = st.lists(st.integers(0, 10**6), min_size=1, max_size=60)
_COUNTS = st.integers(1, 80)
_SEEDS = st.integers(0, 2**32)


def _population(name: str = "24 files of 3 kinds") -> Population:
    return POPULATIONS[name](random.Random(41), 1200)  # noqa: S311 - a sample, no secret


@pytest.mark.parametrize("name", POPULATIONS)
def test_the_interval_holds(name: str) -> None:
    """Of 300 samples of 64 pieces at least 93 % have the true total between their bounds, and their mean is near it."""
    found = covered(name, REPETITIONS)

    assert found.covers_percent >= LEAST_PERCENT
    assert abs(found.bias_percent) <= 4 * found.error_percent / REPETITIONS**0.5


@pytest.mark.parametrize("name", POPULATIONS)
def test_the_interval_of_the_fewest_pieces_holds(name: str) -> None:
    """If no more may be read it is wider, and holds as often."""
    assert covered(name, REPETITIONS, FEWEST_DRAWS).covers_percent >= LEAST_PERCENT


@pytest.mark.parametrize(
    "name",
    [
        "rare huge dense rows",
        *(pytest.param(name, marks=pytest.mark.exhaustive) for name in ("sorted by length", "shuffled")),
    ],
)
def test_the_interval_of_a_sample_that_grows_holds(name: str) -> None:
    """Those which are narrow by chance stop it, and yet it holds: where it is hardest, in the command's own loop."""
    asked, found = covered_at_precision(name, REPETITIONS, 1200)

    assert found.covers_percent >= LEAST_PERCENT
    assert asked * 100 == pytest.approx(found.half_percent, rel=0.05)
    assert FIRST_DRAWS < found.pieces < 400


@given(_SIZES, _COUNTS, _SEEDS, st.integers(0, 10**7))
def test_no_more_is_drawn_than_may_be_read(sizes: list[int], count: int, seed: int, most: int) -> None:
    """What fits is drawn, or nothing if that would be too few for an interval."""
    chosen = fitting(sizes, count, seed, most_bytes=most)

    if chosen is not None:
        draws, drawn = chosen
        assert sum(sizes[at] for at in draws.positions) <= most
        assert FEWEST_DRAWS <= drawn <= count
        assert draws == draw(sizes, drawn, seed)


@pytest.mark.parametrize("words", [[], ["--precision"]])
def test_the_table_has_every_population(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A row each; an interval that holds too seldom is an error."""
    status = main(["--repetitions", "15" if words else "100", *words])
    rows = [line.strip("| ").split(" | ") for line in capsys.readouterr().out.splitlines()[2:]]

    assert list(POPULATIONS) == [row[0] for row in rows]
    assert status == any(float(row[-1]) < LEAST_PERCENT for row in rows)


@given(_SIZES, _COUNTS, _SEEDS)
def test_a_seed_draws_the_same(sizes: list[int], count: int, seed: int) -> None:
    """The same seed chooses the same pieces, whatever was drawn before."""
    assert draw(sizes, count, seed) == draw(sizes, count, seed)


def test_another_seed_draws_others() -> None:
    """Not the same pieces each time."""
    sizes = _population().sizes

    assert draw(sizes, FIRST_DRAWS, 7) != draw(sizes, FIRST_DRAWS, 8)


@given(_SIZES, _COUNTS, _SEEDS)
def test_a_draw_is_of_what_there_is(sizes: list[int], count: int, seed: int) -> None:
    """A piece is certain or drawn, not both; in the order of the files; and pieces of no byte are left out."""
    found = draw(sizes, count, seed)

    assert not {*found.certain} & {*found.drawn}
    assert all(one <= two for one, two in pairwise(found.drawn))
    assert all(sizes[at] for at in found.positions)
    assert found.drawn_from == sum(sizes) - sum(sizes[at] for at in found.certain)


@given(_SIZES, _COUNTS, _SEEDS, st.integers(1, 1000))
def test_what_is_the_same_in_every_byte_is_exact(sizes: list[int], count: int, seed: int, tokens: int) -> None:
    """If every byte has as many tokens as any other, a sample of any size knows the total."""
    draws = draw(sizes, count, seed)
    found = estimate(draws, sizes, lambda at: float(tokens * sizes[at]))

    assert pytest.approx(tokens * sum(sizes)) == found.value
    assert found.low <= found.value * (1 + 1e-9)
    assert found.value <= found.high * (1 + 1e-9)


@given(_SIZES, _COUNTS, _SEEDS)
def test_twice_the_tokens_are_twice_the_total(sizes: list[int], count: int, seed: int) -> None:
    """An estimate is linear: prices may be applied before or after."""
    draws = draw(sizes, count, seed)
    numbers = [size % 97 for size in sizes]
    once = estimate(draws, sizes, lambda at: float(numbers[at]))
    twice = estimate(draws, sizes, lambda at: 2.0 * numbers[at])

    assert pytest.approx(2 * once.value) == twice.value
    assert pytest.approx(2 * once.high) == twice.high


def test_what_is_larger_than_a_zone_is_read_for_certain() -> None:
    """A piece that holds most of the bytes is no matter of luck."""
    assert (1,) == draw([10, 1000, *[10] * 50], 8, 0).certain


def test_all_pieces_are_no_estimate() -> None:
    """If every piece is certain, the total is exact."""
    found = estimate(draw([5, 5, 5], 10, 0), [5, 5, 5], float)

    assert (3.0, 3.0, 3.0) == (found.low, found.value, found.high)
