"""The table of accuracy: estimates against bills, by kind."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.calculator.accuracy import Pair, accuracy, accuracy_by_kind
from gpt41calc.calculator.interval import Interval


def pair(
    actual: int, estimate: int | None, *, low: int | None = None, high: int | None = None, kind: str = "a"
) -> Pair:
    """Return a pair; bounds are the estimate itself unless they are given."""
    if estimate is None:
        return Pair(kind=kind, actual=actual, estimate=None)
    low, high = estimate if low is None else low, estimate if high is None else high
    return Pair(kind=kind, actual=actual, estimate=Interval(low, estimate, high))


def test_shares_are_of_all_requests() -> None:
    """What could not be counted is in no share, but in the whole."""
    row = accuracy("a", [pair(1000, 1000), pair(1000, 1010), pair(1000, 1030), pair(1000, None)])

    assert (row.requests, row.counted) == (4, 3)
    assert (row.exact, row.within_1, row.within_3) == (25, 50, 75)


def test_short_requests_may_be_off_by_a_token() -> None:
    """Within 1 % means within a token, where a percent is less than that."""
    assert accuracy("a", [pair(10, 11)]).within_1 == 100
    assert accuracy("a", [pair(10, 12)]).within_1 == 0


def test_only_ranges_are_covered_or_not() -> None:
    """A number without a range is no range that holds."""
    row = accuracy("a", [pair(10, 10), pair(10, 12, low=9, high=14), pair(10, 14, low=12, high=15)])

    assert (row.ranges, row.covered) == (2, 50)
    assert accuracy("a", [pair(10, 10)]).covered is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 50), st.none() | st.integers(0, 60))))
def test_the_last_row_is_all_kinds_together(given_pairs: list[tuple[str, int, int | None]]) -> None:
    """The rows are the kinds in order, and what they count adds up to the last."""
    pairs = [pair(actual, estimate, kind=kind) for kind, actual, estimate in given_pairs]
    *kinds, whole = accuracy_by_kind(pairs)

    assert [row.kind for row in kinds] == sorted({kind for kind, _, _ in given_pairs})
    assert sum(row.requests for row in kinds) == whole.requests == len(pairs)
    assert sum(row.counted for row in kinds) == whole.counted
