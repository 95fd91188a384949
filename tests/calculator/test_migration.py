"""What comes after a model: its last replacement, its steps of price, and what moving saves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from variants import PRICING, TODAY, sized_estimate

from gpt41calc.calculator.migration import Migration, migrate
from gpt41calc.calculator.successor import successor


def moved(tokens: int, *models: str, on: date = TODAY, reasoning: int = 1000, monthly: int | None = None) -> Migration:
    """Return what comes after some models."""
    estimate = sized_estimate(tokens, *models, on=on)
    return migrate(
        estimate.inputs,
        [one for one in estimate.models if one.role == "variant"],
        estimate.workload,
        estimate.as_of,
        PRICING.find,
        reasoning_tokens=reasoning,
        requests_per_month=monthly,
    )


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("gpt-4.1", "gpt-6-luna"),
        ("gpt-4.5-preview", "gpt-6-luna"),
        ("gpt-4-32k", "gpt-6-luna"),
        ("claude-sonnet-4-5", "claude-sonnet-5-5"),
        ("gemini-2.5-pro", "gemini-3.8-flash"),
        ("gpt-6-luna", None),
    ],
)
def test_successor(model: str, expected: str | None) -> None:
    """Replacements that end themselves are passed over."""
    found = successor(PRICING.find(model), PRICING.find, TODAY)

    assert expected == (found.id if found else None)


def test_line_of_replacements_that_goes_round() -> None:
    """Two models that name each other do not keep the program busy."""
    one = PRICING.find("gpt-4.1")
    twins = {
        "a": replace(one, id="a", replacement="b"),
        "b": replace(one, id="b", replacement="a"),
    }
    found = successor(twins["a"], twins.__getitem__, TODAY)

    assert (found.id if found else None) == "b"


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [(272_000, "0.0282"), (272_001, "0.0559002")],
)
def test_step_of_the_price(tokens: int, expected: str) -> None:
    """Above 272,000 tokens the whole request is charged at the higher prices, reasoning tokens included."""
    move = moved(tokens, "gpt-4.1").moves[0]

    assert move.to is not None
    assert move.to.cost is not None
    assert Decimal(expected) == move.to.cost.per_request
    assert [0, 272_000] == [row.above_input_tokens for row in move.steps]


def test_saving_a_request_and_a_month() -> None:
    """Moving saves what the old request costs more: 500,000 tokens at 2.00 and 1,000 at 8.00 a million."""
    migration = moved(500_000, "gpt-4.1", "gpt-4.1-nano", monthly=10_000)
    savings = [move.saving.amount.value for move in migration.moves if move.saving]

    assert [Decimal("0.9065"), Decimal("-0.1532")] == savings
    assert [Decimal(9065), Decimal(-1532)] == [migration.a_month(saving) for saving in savings]


def test_reasoning_is_output() -> None:
    """Reasoning tokens are charged, and take room, as output; without any, only prices differ."""
    without, with_them = (moved(1_000, "gpt-4.1", reasoning=count).moves[0].to for count in (0, 4_000))

    assert without is not None
    assert with_them is not None
    assert without.cost is not None
    assert with_them.cost is not None
    assert Decimal("0.002") == with_them.cost.per_request - without.cost.per_request
    assert (2_000, 6_000) == (without.context.used.value, with_them.context.used.value)


def test_only_what_ends_moves() -> None:
    """A live model stays; one without a named replacement is told so."""
    migration = moved(1_000, "gpt-6-luna", "gpt-4.1-nano", "gemini-1.5-pro")
    pairs = [(move.model.model.id, move.to.model.id if move.to else None) for move in migration.moves]

    assert [("gpt-4.1-nano", "gpt-5.6-luna"), ("gemini-1.5-pro", None)] == pairs
    assert () == moved(1_000, "gpt-4.1", on=date(2025, 5, 1)).moves
