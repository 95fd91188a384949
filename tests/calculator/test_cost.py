"""What will it cost: exact decimals, tiers, steps, dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.calculator.cost import Cost, cost
from gpt41calc.calculator.workload import Workload
from gpt41calc.errors import WorkloadError
from gpt41calc.pricing.schema import Model
from gpt41calc.pricing.table import load_pricing

TODAY = date(2026, 11, 22)
PRICING = load_pricing()
EXACT = ("gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano", "gpt-4o", "gpt-4", "gpt-5.4")

small = st.integers(0, 2_000_000)
names = st.sampled_from([*EXACT, "claude-3-7-sonnet", "gemini-2.5-pro"])

# Shares of uncached input, cached input and output that the announcement's blended prices stand for.
UNCACHED, CACHED, OUTPUT = 654_000, 298_000, 48_000


def priced(model: Model, counted: int, workload: Workload, on: date = TODAY) -> Cost:
    """Return the cost of a workload that has one."""
    found = cost(counted, workload, model, on)
    assert isinstance(found, Cost), found
    return found


def total(name: str, counted: int, *, output_tokens: int = 1000, cached_tokens: int = 0, requests: int = 1) -> Decimal:
    """Return the total of a workload with a model of the shipped table."""
    workload = Workload(output_tokens=output_tokens, cached_tokens=cached_tokens, requests=requests)
    return priced(PRICING.find(name), counted, workload).total.value


def blended(name: str) -> Decimal:
    """Return what a million tokens cost in the published mix of uncached, cached and output tokens."""
    return total(name, UNCACHED + CACHED, cached_tokens=CACHED, output_tokens=OUTPUT)


def test_every_part_by_hand() -> None:
    """Uncached input, cached input and output are charged by their own prices."""
    found = priced(
        PRICING.find("gpt-4.1"), 1_000_000, Workload(cached_tokens=400_000, output_tokens=10_000, requests=3)
    )
    expected = (Decimal("1.2"), Decimal("0.2"), Decimal("0.08"), Decimal("1.48"), Decimal("4.44"))
    actual = (found.input, found.cached_input, found.output, found.per_request, found.total.value)

    assert expected == actual


@pytest.mark.parametrize(("tier", "dollars"), [("standard", "2.008"), ("batch", "1.004"), ("priority", "3.514")])
def test_tiers(tier: Literal["standard", "batch", "priority"], dollars: str) -> None:
    """Every tier has prices of its own."""
    found = priced(PRICING.find("gpt-4.1"), 1_000_000, Workload(tier=tier, output_tokens=1000))

    assert Decimal(dollars) == found.total.value


def test_tier_without_price() -> None:
    """A tier that is not sold has no cost, and the reason names the tier."""
    actual = cost(10, Workload(tier="flex"), PRICING.find("gpt-4.1"), TODAY)

    assert actual == "no price for the flex tier"


def test_before_the_first_price() -> None:
    """A day before the first price has no cost, and the reason names both days."""
    actual = cost(10, Workload(), PRICING.find("gpt-4.1"), date(2025, 4, 13))

    assert actual == "no price on 2025-04-13: the first one holds since 2025-04-14"


@pytest.mark.parametrize(("on", "dollars"), [(date(2024, 8, 5), "5"), (date(2024, 8, 6), "2.5")])
def test_price_of_the_day(on: date, dollars: str) -> None:
    """A new price holds from its first day on, not before."""
    found = priced(PRICING.find("gpt-4o"), 1_000_000, Workload(output_tokens=0), on)

    assert Decimal(dollars) == found.total.value


@pytest.mark.parametrize(("tokens", "per_million"), [(200_000, "1.25"), (200_001, "2.50")])
def test_step_charges_the_whole_prompt(tokens: int, per_million: str) -> None:
    """A prompt one token over the step is charged by the higher price as a whole, one at the step is not."""
    model = replace(PRICING.find("gemini-2.5-pro"), encoding="o200k_base", ratio=None)
    found = priced(model, tokens, Workload(output_tokens=0))

    assert tokens * Decimal(per_million) / 1_000_000 == found.total.value


@pytest.mark.parametrize(("cached", "counted"), [(1, 0), (101, 100)])
def test_more_cached_than_there_is(cached: int, counted: int) -> None:
    """More cached tokens than input tokens is a contradiction, never clamped."""
    with pytest.raises(WorkloadError, match="more than"):
        cost(counted, Workload(cached_tokens=cached), PRICING.find("gpt-4.1"), TODAY)


def test_everything_cached() -> None:
    """All input may be cached; then none of it is charged as uncached."""
    found = priced(PRICING.find("gpt-4.1"), 100, Workload(cached_tokens=100))

    assert (Decimal(0), Decimal("0.00005")) == (found.input, found.cached_input)


@given(names, small, small, st.integers(0, 10_000))
def test_parts_add_up(name: str, counted: int, output_tokens: int, requests: int) -> None:
    """A request costs its parts, and the total is as many requests."""
    found = priced(PRICING.find(name), counted, Workload(output_tokens=output_tokens, requests=requests))

    assert found.per_request == found.input + found.cached_input + found.output
    assert found.total.value == found.per_request * requests
    assert found.total.low <= found.total.value <= found.total.high


@given(names, small, small, small, small)
def test_more_never_costs_less(name: str, counted: int, more: int, output_tokens: int, longer: int) -> None:
    """Neither a longer prompt nor a longer answer makes a request cheaper, across steps too."""
    one = total(name, counted, output_tokens=output_tokens)

    assert one <= total(name, counted + more, output_tokens=output_tokens)
    assert one <= total(name, counted, output_tokens=output_tokens + longer)


@given(st.sampled_from(EXACT), small, st.data())
def test_caching_never_costs_more(name: str, counted: int, data: st.DataObject) -> None:
    """Serving a part of the input from the cache never makes a request dearer."""
    cached = data.draw(st.integers(0, counted))

    assert total(name, counted, cached_tokens=cached) <= total(name, counted)


def test_tiny_costs_are_exact() -> None:
    """A million tiny requests cost a million times one, to the last digit."""
    assert Decimal("0.1") == total("gpt-4.1-nano", 1, output_tokens=0, requests=1_000_000)


@pytest.mark.parametrize(("name", "published"), [("gpt-4.1", Decimal("1.84")), ("gpt-4o", Decimal("2.49"))])
def test_blended_price(name: str, published: Decimal) -> None:
    """The published mix of tokens gives the published blended price, to the cent."""
    assert published == blended(name).quantize(Decimal("0.01"))


def test_gpt41_is_26_percent_below_gpt4o() -> None:
    """In the published mix GPT-4.1 is 26 % cheaper than GPT-4o, within the rounding of the claim."""
    saved = 100 * (1 - blended("gpt-4.1") / blended("gpt-4o"))

    assert Decimal("25.5") <= saved < Decimal("26.5")


def test_mini_is_83_percent_below_gpt4o() -> None:
    """The published blended price of GPT-4.1 mini is 83 % below that of GPT-4o in the published mix."""
    saved = 100 * (1 - Decimal("0.42") / blended("gpt-4o"))

    assert saved.quantize(Decimal(1)) == 83


@pytest.mark.parametrize(("counted", "output_tokens"), [(1_000_000, 0), (0, 1_000_000), (123_456, 7_890)])
def test_mini_is_84_percent_below_gpt4o_by_list(counted: int, output_tokens: int) -> None:
    """By list price GPT-4.1 mini is 84 % cheaper than GPT-4o, whatever the mix of input and output."""
    saved = 1 - total("gpt-4.1-mini", counted, output_tokens=output_tokens) / total(
        "gpt-4o", counted, output_tokens=output_tokens
    )

    assert Decimal("0.84") == saved


def test_gpt41_against_gpt45() -> None:
    """On input GPT-4.1 is 97.3 % cheaper than GPT-4.5."""
    saved = 100 * (1 - total("gpt-4.1", 10**6, output_tokens=0) / total("gpt-4.5-preview", 10**6, output_tokens=0))

    assert Decimal("97.3") == saved.quantize(Decimal("0.1"))


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.sampled_from(["claude-3-7-sonnet", "gemini-2.5-pro"]))
def test_bounds_hold_with_cached_tokens(counted: int, cached: int, model: str) -> None:
    """An estimated total lies within its bounds, however much of the input is cached."""
    workload = Workload(cached_tokens=min(cached, counted), output_tokens=0)
    found = cost(counted, workload, load_pricing().find(model), date(2025, 11, 22))

    assert isinstance(found, Cost)
    assert found.total.low <= found.total.value <= found.total.high
