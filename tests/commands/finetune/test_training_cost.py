"""What training costs: epochs, what is cut off, and when it is paid for; every number worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.commands.finetune.cost import epochs_for, training
from gpt41calc.commands.finetune.training import Cut, Example, Training, TrainingCost
from gpt41calc.pricing.table import load_pricing

PRICING = load_pricing()
TODAY = date(2026, 11, 22)
SHORT = Example("a.jsonl:1", 100, 60, 37, 37, 3)


def trained(
    examples: Sequence[Example],
    model: str = "gpt-4.1",
    *,
    epochs: int | None = None,
    saves_tokens: int | None = None,
    on: date = TODAY,
) -> Training:
    """Return what training one model on some examples costs."""
    found = PRICING.find(model)
    return training(
        "a.jsonl", {found.id: examples}, [found], epochs=epochs, saves_tokens=saves_tokens, on=on, checked=TODAY
    )


def cost_of(examples: Sequence[Example], model: str = "gpt-4.1", **options: int | None) -> TrainingCost:
    """Return the same of the model alone."""
    return trained(examples, model, **options).models[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("examples", "epochs"),
    [(1, 25), (4, 25), (5, 20), (10, 10), (33, 3), (34, 3), (8333, 3), (8334, 2), (12_500, 2), (12_501, 1), (10**6, 1)],
)
def test_epochs_by_the_cookbook(examples: int, epochs: int) -> None:
    """Three epochs; of few examples up to 25, of many only one."""
    assert epochs == epochs_for(examples)


@given(st.integers(1, 10**7))
def test_epochs_stay_within_bounds(examples: int) -> None:
    """There are from 1 to 25 epochs, and no more than 25,000 examples are seen unless one epoch has more."""
    epochs = epochs_for(examples)

    assert 1 <= epochs <= 25
    assert epochs * examples <= 25_000 or epochs == 1


@pytest.mark.parametrize(
    ("model", "cost"), [("gpt-4.1", "0.05"), ("gpt-4.1-mini", "0.01"), ("gpt-4.1-nano", "0.003"), ("gpt-4o", "0.05")]
)
def test_cost(model: str, cost: str) -> None:
    """Tokens times epochs times the price: 100 tokens, 20 times, at 25, 5, 1.50 and 25 dollars a million."""
    found = cost_of([SHORT], model, epochs=20)

    assert (2_000, Decimal(cost)) == (found.trained_tokens, found.cost)


@pytest.mark.parametrize(
    ("model", "reason"),
    [("o4-mini", "no price by the token: it is trained by the hour"), ("gpt-4", "no price for fine-tuning")],
)
def test_without_a_price(model: str, reason: str) -> None:
    """Where there is no price by the token, a phrase says why."""
    found = cost_of([SHORT], model, saves_tokens=9)

    assert (None, reason, None) == (found.cost, found.cost_reason, found.break_even)


def test_cut() -> None:
    """Of an example over 65,536 tokens the end is neither charged nor learned; one of exactly as many is whole."""
    at_limit = replace(SHORT, tokens=65_536)
    keeps = Example("a.jsonl:2", 65_537, 65_535, 2, 2, 3)
    loses = Example("a.jsonl:3", 70_000, 65_536, 4_464, 4_464, 3)
    found = cost_of([at_limit, keeps, loses], epochs=1)

    expected = (
        Cut("a.jsonl:2", 65_537, 1, loses_answer=False),
        Cut("a.jsonl:3", 70_000, 4_464, loses_answer=True),
    )

    assert expected == found.cut
    assert 3 * 65_536 == found.tokens
    assert Decimal("4.9152") == found.cost


@pytest.mark.parametrize(
    ("on", "closed"), [(date(2027, 1, 5), False), (date(2027, 1, 6), True), (date(2026, 11, 22), False)]
)
def test_closing(on: date, closed: bool) -> None:  # noqa: FBT001 - expected
    """On the day that the table names, fine-tuning is closed."""
    found = trained([SHORT], on=on).models[0]

    assert (date(2027, 1, 6), closed) == (found.closes, found.is_closed)


@pytest.mark.parametrize(("on", "closed"), [(date(2026, 10, 22), False), (date(2026, 10, 23), True)])
def test_closed_since_the_base_is_shut_down(on: date, closed: bool) -> None:  # noqa: FBT001 - expected
    """A model that is off is not trained, though the service goes on."""
    found = trained([SHORT], model="gpt-4.1-nano", on=on).models[0]

    assert (date(2026, 10, 23), closed) == (found.closes, found.is_closed)


def test_break_even() -> None:
    """A request to the base costs 860 * 2 + 37 * 8 = 2,016 millionths of a dollar, to the copy 60 * 3 + 37 * 12 = 624.

    Training costs 100 * 25 * 25 = 62,500 millionths: 44.9 requests.
    """
    even = cost_of([SHORT], saves_tokens=800).break_even

    assert even is not None
    assert (Decimal("0.002016"), Decimal("0.000624"), 45) == (even.base, even.tuned, even.requests)


def test_break_even_never() -> None:
    """Saving pays from the first token that makes a request cheaper on: 60 * 1 + 37 * 4 = 208, so from 105 on."""
    never, at_last = (cost_of([SHORT], saves_tokens=saved).break_even for saved in (104, 105))

    assert never is not None
    assert at_last is not None
    assert (None, 105) == (never.requests, never.least_saved_tokens)
    assert 31_250 == at_last.requests


def test_nothing_to_learn_from() -> None:
    """Without an example there is no cost and no length."""
    found = trained([], saves_tokens=10)

    assert (0, None, Decimal(0)) == (found.examples, found.tokens, found.models[0].cost)
    assert found.models[0].break_even is None


def test_unlearned() -> None:
    """Examples in which every answer has weight 0 are named."""
    assert ("a.jsonl:9",) == trained([SHORT, replace(SHORT, place="a.jsonl:9", is_learned=False)]).unlearned
