"""How did it get so large: which commit broke a budget first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import PRICING, history


@pytest.mark.parametrize(
    ("tokens", "budget", "first"),
    [
        ((9, 10, 11, 12), 10, 2),
        ((9, 11, 9, 11), 10, 1),
        ((11,), 10, 0),
        ((9, 10), 10, None),
        ((9, 10), None, None),
        ((), 10, None),
    ],
)
def test_first_broken(tokens: tuple[int, ...], budget: int | None, first: int | None) -> None:
    """It is the oldest commit with more tokens than allowed, whatever came after it."""
    found = history(*tokens, budget_tokens=budget)

    assert (None if first is None else found.rows[first]) == found.first_broken


@given(st.lists(st.integers(0, 100)), st.integers(0, 100))
def test_everything_before_it_kept_the_budget(tokens: list[int], budget: int) -> None:
    """Before the commit that is named no commit is over the budget, and with it one is."""
    found = history(*tokens, budget_tokens=budget)
    before = [row for row in found.rows if found.first_broken is None or row.date < found.first_broken.date]

    assert not any(found.is_over(row) for row in before)
    assert (max(tokens, default=0) > budget) is (found.first_broken is not None)


def test_estimates_are_judged_by_their_high_bound() -> None:
    """A commit breaks the budget once the high bound of its tokens does."""
    found = history(100, 101, model=PRICING.find("claude-sonnet-4-6"), budget_tokens=133)

    assert found.rows[1] == found.first_broken
    assert 118 == found.tokens(100).value


def test_incomplete_commits_make_it_incomplete() -> None:
    """A history is complete if every commit of it could be counted."""
    found = history(1, 2)

    assert found.is_complete
    assert not replace(found, rows=(found.rows[0], replace(found.rows[1], complete=False))).is_complete
