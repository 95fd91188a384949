"""What every way to run requests costs, worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gpt41calc.calculator.interval import Interval
from gpt41calc.commands.batch.batch_files import Filling
from gpt41calc.commands.batch.plan import queue_days
from gpt41calc.commands.batch.run_modes import ModeCost, Runs
from gpt41calc.pricing.rate_limits import load_limits
from gpt41calc.pricing.table import load_pricing

TODAY = date(2026, 11, 22)


def runs(model: str, on: date = TODAY) -> Runs:
    """Return nothing yet, with a model."""
    return Runs(load_pricing().find(model), on)


def totals(found: tuple[ModeCost, ...]) -> dict[str, Decimal | str | None]:
    """Return what every way costs, or why it has no price."""
    return {mode.mode: mode.total.value if mode.total else mode.reason for mode in found}


def test_every_way_of_three_requests_by_hand() -> None:
    """3 × 2,000 input tokens, of which 2 × 1,536 may be cached, and 3 × 100 output tokens, with GPT-4.1."""
    added = runs("gpt-4.1")
    added.own.add(1990, 10, 100)
    added.own.add(1990, 10, 100, shared=1536)
    added.own.add(1990, 10, 100, shared=1536)

    assert {
        "one by one": Decimal("0.0144"),  # 6000 x 2 + 300 x 8
        "cached": Decimal("0.009792"),  # less 3072 x 1.50
        "batch": Decimal("0.0072"),
        "flex": "no price for the flex tier",
        "priority": Decimal("0.0252"),  # 6000 x 3.50 + 300 x 14
    } == totals(added.modes())
    # A batch saves 0.0072, a cache that serves everything 6000 x 1.50 = 0.0090.
    assert Decimal("0.8") == added.break_even()


def test_a_batch_may_be_cheaper_than_any_cache() -> None:
    """With long answers no hit rate is enough."""
    added = runs("gpt-4.1")
    added.own.add(1000, 0, 10_000)
    share = added.break_even()

    assert share is not None
    assert share > 1


def test_what_reordering_saves() -> None:
    """The cache serves what the prompts share as they are, or as they could be, whichever is more."""
    added = runs("gpt-4.1")
    added.own.add(4000, 0, 0, shared=1024, reordered=3072)
    added.own.add(4000, 0, 0, shared=2048, reordered=1024)
    total = added.reordered().total

    assert (3072 + 2048) == added.total("reordered").value
    assert total is not None
    assert Decimal(8000 * 2 - 5120 * Decimal("1.5")) / 10**6 == total.value


def test_long_prompts_are_charged_by_their_own_step() -> None:
    """Each request by its own length, not by the sum."""
    added = runs("gemini-2.5-pro")
    added.own.add(100_000, 0, 0)
    added.own.add(100_000, 0, 0)
    low = added.modes()[0].total
    added.own.add(300_000, 0, 0)
    total = added.modes()[0].total

    assert low is not None
    assert total is not None
    assert low.low < low.value < low.high
    assert total.value - low.value == Decimal("2.5") * Decimal(336_000) / 10**6


def test_a_model_without_a_cache_or_before_its_price_says_so() -> None:
    """Reasons, not zeros."""
    old, none = runs("gpt-4.1", date(2025, 1, 1)), runs("gpt-4")
    old.own.add(10, 0, 10)
    none.own.add(10, 0, 10)

    assert {"no price on 2025-01-01"} == set(totals(old.modes()).values())
    assert "no prompt cache" == totals(none.modes())["cached"]
    assert "writing to the cache is charged apart" == totals(_with("claude-3-7-sonnet").modes())["cached"]


def _with(model: str) -> Runs:
    added = runs(model)
    added.own.add(10, 0, 10)
    return added


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        ([90_000], [1, 1, 1, 1, 1]),
        ([90_000, 1], [2, 1, 1, 1, 1]),
        ([90_001], [None, 1, 1, 1, 1]),
        ([45_000] * 60, [30, 2, 1, 1, 1]),
        ([128_000] * 3, [None, 1, 1, 1, 1]),
        ([128_001] * 3, [1, 1, 1, 1, 1]),
        ([1_000_000] * 3, [2, 1, 1, 1, 1]),
        ([90_000] * 10 + [1_000_000] * 3, [10, 1, 1, 1, 1]),
    ],
)
def test_days_in_the_queue_by_usage_tier(tokens: list[int], expected: list[int | None]) -> None:
    """Long requests have a queue of their own; one that is over its queue never gets in."""
    assert expected == [one.days for one in queue_days(load_limits().find("gpt-4.1"), tokens)]


def test_files_by_requests_and_by_bytes() -> None:
    """50,000 requests and 200 MB are the most, each to the last."""
    limits = load_limits().table.batch
    filling = Filling(limits)
    first = {filling.add(100) for _ in range(50_000)}

    assert ({1}, 2) == (first, filling.add(199_999_000))
    assert (2, 3) == (filling.add(1000), filling.add(1))
    assert (True, False) == (filling.takes(200_000_000), filling.takes(200_000_001))


def test_a_range_of_tokens_is_a_range_of_dollars() -> None:
    """What a bill may lie below and above a count is priced: 1,000 tokens, 10 fewer or 20 more, at $2 a million."""
    found = runs("gpt-4.1")
    found.own.add(900, 100, 0, margin=(10, 20))
    total = next(mode.total for mode in found.modes() if mode.mode == "one by one")

    assert Interval(990, 1_000, 1_020) == found.total("input")
    assert Interval(Decimal("0.00198"), Decimal("0.002"), Decimal("0.00204")) == total
