"""The whole answer: which models in which order, savings of each against each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.calculator.estimate import Estimate, estimate_tally
from gpt41calc.calculator.workload import Workload
from gpt41calc.errors import WorkloadError
from gpt41calc.pricing.table import load_pricing
from gpt41calc.tally import Counted, Tally

TODAY = date(2026, 11, 22)
PRICING = load_pricing()
VARIANTS = ("gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano")
COMPARATORS = ("gpt-4o", "gpt-4.5-preview", "claude-3-7-sonnet")


def estimated(
    tokens: int,
    workload: Workload | None = None,
    models: tuple[str, ...] = VARIANTS,
    versus: tuple[str, ...] = COMPARATORS,
    on: date = TODAY,
) -> Estimate:
    """Return the estimate of one input of so many tokens, in either encoding."""
    return estimate_tally(
        Tally.of(Counted("a", tokens, {"o200k_base": tokens, "cl100k_base": tokens + 1})),
        [PRICING.find(name) for name in models],
        [PRICING.find(name) for name in versus],
        workload or Workload(),
        on=on,
        checked=PRICING.checked,
    )


def test_order_and_roles() -> None:
    """Variants come first, then comparators, each in the order asked."""
    expected = [(name, "variant") for name in VARIANTS] + [(name, "comparator") for name in COMPARATORS]
    actual = [(one.model.id, one.role) for one in estimated(10).models]

    assert expected == actual


def test_every_variant_against_every_comparator() -> None:
    """There is a comparison for each pair of a variant and a comparator."""
    expected = [(one, other) for one in VARIANTS for other in COMPARATORS]
    actual = [(each.model, each.versus) for each in estimated(10).savings]

    assert expected == actual


@pytest.mark.parametrize(
    ("models", "versus", "listed"),
    [
        (("gpt-4.1", "gpt-4.1-2025-04-14"), (), ["gpt-4.1"]),
        (("gpt-4.1",), ("gpt-4.1", "gpt-4o"), ["gpt-4.1", "gpt-4o"]),
        (("gpt-4o",), ("gpt-4o",), ["gpt-4o"]),
    ],
)
def test_nothing_twice(models: tuple[str, ...], versus: tuple[str, ...], listed: list[str]) -> None:
    """A model that is asked for twice, under whatever name, is listed once, and as a variant if it is one."""
    actual = [one.model.id for one in estimated(10, models=models, versus=versus).models]

    assert listed == actual


def test_input_is_reported_in_the_encoding_of_the_first_model() -> None:
    """The input's tokens are those of the first model; others are counted in their own encoding."""
    found = estimated(10, models=("gpt-4",), versus=("gpt-4o",))
    actual = (found.encoding, found.input_tokens, [one.tokens.value for one in found.models])

    assert ("cl100k_base", 11, [11, 10]) == actual


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2025, 4, 13), "unreleased"),
        (date(2025, 4, 14), "live"),
        (date(2026, 10, 13), "live"),
        (date(2026, 10, 14), "deprecated"),
        (date(2027, 1, 13), "deprecated"),
        (date(2027, 1, 14), "retired"),
    ],
)
def test_status_of_the_day(on: date, status: str) -> None:
    """A model is deprecated from its announcement on, and retired from its last day on."""
    assert status == estimated(1, models=("gpt-4.1",), versus=(), on=on).models[0].status


def test_no_price_no_saving() -> None:
    """Where one of two has no price, nothing is said to be saved, and the reason stands with the model."""
    found = estimated(10, Workload(tier="flex"), models=("gpt-4.1",), versus=("gpt-4o",))
    actual = (found.models[0].cost, found.models[0].cost_reason, found.savings[0].saving)

    assert (None, "no price for the flex tier", None) == actual


def test_exactness_is_that_of_the_weaker() -> None:
    """A comparison with an estimated count is estimated."""
    actual = [each.exactness for each in estimated(10, models=("gpt-4.1",)).savings]

    assert ["exact", "exact", "estimated"] == actual


def test_too_long_is_still_priced() -> None:
    """An input of five requests is priced for all its tokens."""
    found = estimated(4_413_598, models=("gpt-4.1",)).models[0]
    assert found.cost is not None

    assert (5, Decimal("8.835196")) == (found.context.requests_needed, found.cost.total.value)


def test_cached_is_checked_before_anything_is_said() -> None:
    """More cached than input is an error of the whole estimate."""
    with pytest.raises(WorkloadError):
        estimated(10, Workload(cached_tokens=11))


@given(st.integers(1, 10**15), st.integers(1, 10**15), st.integers(1, 10**15))
def test_no_digit_is_lost(tokens: int, output_tokens: int, requests: int) -> None:
    """The largest workloads are priced to the last digit."""
    found = estimated(
        tokens, Workload(output_tokens=output_tokens, requests=requests), models=("gpt-4.1",), versus=()
    ).models[0]
    assert found.cost is not None

    assert Fraction((2 * tokens + 8 * output_tokens) * requests, 10**6) == Fraction(found.cost.total.value)
