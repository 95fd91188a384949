"""Which whole files a budget takes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.commands.pack.packing import Candidate, choose

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        path=st.text("ab/.\n\u202e☃", min_size=1, max_size=6),
        tokens=st.integers(0, 50),
        weight=st.sampled_from([Decimal(text) for text in ("0", "0.5", "1", "1.0", "3", "10")]),
        rank=st.integers(0, 3),
    ),
    max_size=12,
    unique_by=lambda one: one.path,
)

ALIKE = CANDIDATES.map(lambda found: [replace(one, weight=Decimal(1), rank=0) for one in found])

BUDGETS = st.integers(0, 300)


@given(CANDIDATES, BUDGETS)
def test_a_budget_is_never_exceeded(candidates: list[Candidate], budget: int) -> None:
    """The files to send have at most as many tokens as the budget, which are their sum."""
    packing = choose(candidates, budget)

    assert packing.tokens == sum(one.tokens for one in packing.included) <= budget
    assert budget == packing.tokens + packing.tokens_left


@given(CANDIDATES, BUDGETS)
def test_every_file_is_whole_and_named_once(candidates: list[Candidate], budget: int) -> None:
    """Each file is sent as it is or left out as it is."""
    packing = choose(candidates, budget)

    assert sorted(candidates, key=lambda one: one.path) == sorted(
        (*packing.included, *packing.left_out), key=lambda one: one.path
    )


@given(CANDIDATES, BUDGETS)
def test_nothing_that_is_left_out_would_fit(candidates: list[Candidate], budget: int) -> None:
    """What is left of the budget is too little for every file that is left out, unless its weight is 0."""
    packing = choose(candidates, budget)

    assert all(one.tokens > packing.tokens_left for one in packing.left_out if one.weight)
    assert all(one.weight for one in packing.included)


@given(CANDIDATES, BUDGETS, st.randoms(use_true_random=False))
def test_the_order_of_files_does_not_matter(candidates: list[Candidate], budget: int, random: object) -> None:
    """The answer is the same for any order in which the files were found."""
    shuffled = list(candidates)
    random.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis has no type for its randoms

    assert choose(candidates, budget) == choose(shuffled, budget)


@given(CANDIDATES, BUDGETS)
def test_what_matters_more_comes_first(candidates: list[Candidate], budget: int) -> None:
    """No file is left out for one of a lower priority: it fits beside none of those that come before it."""
    packing = choose(candidates, budget)
    keys = {one.path: (-one.weight, one.rank, one.tokens, one.path) for one in candidates}
    included = [keys[one.path] for one in packing.included]
    before = {
        one.path: sum(other.tokens for other in packing.included if keys[other.path] < keys[one.path])
        for one in packing.left_out
    }

    assert sorted(included) == included
    assert all(before[one.path] + one.tokens > budget for one in packing.left_out if one.weight)


@given(ALIKE, BUDGETS, st.integers(0, 100))
def test_a_larger_budget_only_adds_files_of_one_priority(candidates: list[Candidate], budget: int, more: int) -> None:
    """If all files matter alike, those of a smaller budget are the first of those of a larger one."""
    fewer, larger = choose(candidates, budget), choose(candidates, budget + more)

    assert fewer.included == larger.included[: len(fewer.included)]


@given(st.lists(st.integers(0, 20), max_size=8), st.integers(0, 60))
def test_no_choice_has_more_files_of_one_priority(tokens: list[int], budget: int) -> None:
    """If all files matter alike, no other choice within the budget has more of them."""
    candidates = [Candidate(str(number), each) for number, each in enumerate(tokens)]
    most = max(size for size in range(len(tokens) + 1) for one in combinations(tokens, size) if sum(one) <= budget)

    assert most == len(choose(candidates, budget).included)


def test_with_several_priorities_a_larger_budget_may_take_fewer_files() -> None:
    """One file that matters more takes the place of several as soon as it fits."""
    candidates = [Candidate("first", 10, weight=Decimal(2)), *(Candidate(str(number), 3) for number in range(3))]

    assert [3, 1] == [len(choose(candidates, budget).included) for budget in (9, 10)]


@pytest.mark.parametrize("budget", [0, 9])
def test_what_is_left_out_is_the_largest_first(budget: int) -> None:
    """The list of what is left out begins with the largest file; equal ones are in the order of their paths."""
    candidates = [Candidate("b", 20), Candidate("a", 20), Candidate("c", 30), Candidate("d", 40, weight=Decimal(0))]

    assert ["d", "c", "a", "b"] == [one.path for one in choose(candidates, budget).left_out]
