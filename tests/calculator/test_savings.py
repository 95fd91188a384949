"""What is saved: one total against another, with bounds."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.calculator.cost import Cost
from gpt41calc.calculator.interval import Interval
from gpt41calc.calculator.savings import saving


def costing(low: Decimal | int, value: Decimal | int, high: Decimal | int) -> Cost:
    """Return a cost with these bounds of its total."""
    zero = Decimal()
    span = Interval(Decimal(low), Decimal(value), Decimal(high))
    return Cost(input=zero, cached_input=zero, output=zero, per_request=span.value, total=span)


amounts = st.decimals(0, 10**6, places=6)
costs = st.lists(amounts, min_size=3, max_size=3).map(lambda bounds: costing(*sorted(bounds)))
exact_costs = amounts.map(lambda amount: costing(amount, amount, amount))


@given(costs, costs)
def test_antisymmetric(one: Cost, other: Cost) -> None:
    """What one model saves against another, the other costs on top of it; the bounds change sides."""
    saved, spent = saving(one, other).amount, saving(other, one).amount

    assert (saved.low, saved.value, saved.high) == (-spent.high, -spent.value, -spent.low)


@given(costs, costs)
def test_bounds_enclose(one: Cost, other: Cost) -> None:
    """What is expected to be saved lies within the bounds of what can be."""
    amount = saving(one, other).amount

    assert amount.low <= amount.value <= amount.high


@given(exact_costs, exact_costs)
def test_exact_totals_leave_no_doubt(one: Cost, other: Cost) -> None:
    """Between exact totals the sign is certain, equal ones included."""
    assert saving(one, other).sign_certain


@given(costs, costs)
def test_certain_sign_holds_at_both_bounds(one: Cost, other: Cost) -> None:
    """A sign that is said to be certain is the same at both bounds."""
    found = saving(one, other)

    assert not found.sign_certain or found.amount.low * found.amount.high > 0 or found.amount.is_exact


@pytest.mark.parametrize(
    ("model", "versus", "certain"),
    [((1, 2, 3), (4, 5, 6), True), ((4, 5, 6), (1, 2, 3), True), ((1, 2, 4), (3, 5, 6), False)],
)
def test_sign(*, model: tuple[int, int, int], versus: tuple[int, int, int], certain: bool) -> None:
    """The sign is in doubt only where the bounds of the two totals overlap."""
    assert certain == saving(costing(*model), costing(*versus)).sign_certain


@pytest.mark.parametrize(
    ("model", "versus", "percent"),
    [("1", "4", "75.00"), ("4", "1", "-300.00"), ("0", "3", "100.00"), ("1", "3", "66.67")],
)
def test_share_is_of_the_comparator(model: str, versus: str, percent: str) -> None:
    """The percentage is of what the comparator costs, negative if the model costs more."""
    one, other = (costing(Decimal(text), Decimal(text), Decimal(text)) for text in (model, versus))

    assert Decimal(percent) == saving(one, other).percent


def test_no_share_of_nothing() -> None:
    """Against a comparator that costs nothing there is an amount and no percentage."""
    found = saving(costing(1, 1, 1), costing(0, 0, 0))

    assert (Decimal(-1), None) == (found.amount.value, found.percent)
