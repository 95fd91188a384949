"""Does it fit: window, output cap, prompt limit, and in how many requests."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.calculator.context import fit, input_tokens
from gpt41calc.calculator.interval import Interval
from gpt41calc.pricing.schema import Model
from gpt41calc.pricing.table import load_pricing

PRICING = load_pricing()
WINDOW = 1_047_576
LONGEST_OUTPUT = 32_768

counts = st.integers(0, 10**9)
models = st.sampled_from([PRICING.find(name) for name in ("gpt-4.1", "gpt-4o", "gpt-5", "gpt-4", "gemini-2.5-pro")])


def room(model: Model, output_tokens: int) -> int:
    """Return how many input tokens go into one request, written down once more and independently."""
    left = model.window - output_tokens
    return left if model.max_input is None else min(left, model.max_input)


@pytest.mark.parametrize(
    ("tokens", "output_tokens", "fits"),
    [
        (WINDOW, 0, True),
        (WINDOW + 1, 0, False),
        (WINDOW - 1000, 1000, True),
        (WINDOW - 999, 1000, False),
        (1, LONGEST_OUTPUT, True),
        (1, LONGEST_OUTPUT + 1, False),
        (WINDOW - LONGEST_OUTPUT, LONGEST_OUTPUT, True),
        (0, 0, True),
    ],
)
def test_limits_are_inclusive(*, tokens: int, output_tokens: int, fits: bool) -> None:
    """Exactly the window and exactly the output cap fit; one token more does not."""
    actual = fit(Interval.exact(tokens), output_tokens, PRICING.find("gpt-4.1")).fits

    assert fits == actual


@pytest.mark.parametrize(("tokens", "fits", "needed"), [(272_000, True, 1), (272_001, False, 2)])
def test_prompt_limit_below_the_window(*, tokens: int, fits: bool, needed: int) -> None:
    """Where a model limits the prompt alone, a prompt over that limit does not fit though the window has room."""
    found = fit(Interval.exact(tokens), 1000, PRICING.find("gpt-5"))
    actual = (found.fits, found.requests_needed, found.headroom > 0)

    assert (fits, needed, True) == actual


@given(counts, st.integers(0, 200_000), models)
def test_fewest_requests(tokens: int, output_tokens: int, model: Model) -> None:
    """The number of requests holds the input, and one request less would not."""
    needed = fit(Interval.exact(tokens), output_tokens, model).requests_needed
    space = room(model, output_tokens)
    is_possible = (model.max_output is None or output_tokens <= model.max_output) and (space > 0 or not tokens)

    if needed is None:
        assert not is_possible
    else:
        assert is_possible
        assert needed == 1 or needed * space >= tokens > (needed - 1) * space


@given(counts, st.integers(0, 200_000), models)
def test_fitting_is_needing_one_request(tokens: int, output_tokens: int, model: Model) -> None:
    """What fits goes in one request, and what goes in one request fits."""
    found = fit(Interval.exact(tokens), output_tokens, model)

    assert found.fits == (found.requests_needed == 1)


def test_output_over_the_cap_can_be_split_by_nobody() -> None:
    """No number of requests is named when the answer alone is too long."""
    actual = fit(Interval.exact(10), LONGEST_OUTPUT + 1, PRICING.find("gpt-4.1")).requests_needed

    assert actual is None


@given(st.integers(0, 3 * WINDOW))
def test_percentage_agrees_with_the_window(tokens: int) -> None:
    """The rounded share is under, at or over 100 just as the tokens are of the window."""
    share = fit(Interval.exact(tokens), 0, PRICING.find("gpt-4.1")).used_percent

    assert (tokens > WINDOW, tokens < WINDOW) == (share > 100, share < 100)


@pytest.mark.parametrize(
    ("tokens", "share"), [(WINDOW - 1, "99.99"), (WINDOW, "100.00"), (WINDOW + 1, "100.01"), (4_414_598, "421.41")]
)
def test_percentage_of_the_window(tokens: int, share: str) -> None:
    """Shares have two decimals, and 100.00 is kept for a full window."""
    actual = str(fit(Interval.exact(tokens), 0, PRICING.find("gpt-4.1")).used_percent)

    assert share == actual


@given(counts)
def test_estimated_counts_are_within_their_bounds(counted: int) -> None:
    """An estimated count has whole bounds that enclose it."""
    span = input_tokens(counted, PRICING.find("claude-3-7-sonnet"))

    assert span.low <= span.value <= span.high


@given(counts)
def test_public_tokenizer_is_not_estimated(counted: int) -> None:
    """A count of a public tokenizer stays what it is."""
    actual = input_tokens(counted, PRICING.find("gpt-4.1"))

    assert Interval(counted, counted, counted) == actual


@pytest.mark.parametrize(("counted", "certain"), [(100_000, True), (160_000, False), (200_000, True)])
def test_doubt_about_the_fit_is_said(*, counted: int, certain: bool) -> None:
    """A fit is certain only if every count within the bounds leads to it."""
    model = PRICING.find("claude-3-7-sonnet")
    actual = fit(input_tokens(counted, model), 1000, model).fits_certain

    assert certain == actual


def test_bounds_are_rounded_outwards() -> None:
    """Bounds never exclude what the ratio allows: down below, up above."""
    model = PRICING.find("claude-3-7-sonnet")
    assert model.ratio is not None
    low, high = 7 * model.ratio.low, 7 * model.ratio.high
    actual = input_tokens(7, model)

    assert (int(low), int(high) + (high != int(high))) == (actual.low, actual.high)
    assert Decimal(actual.low) <= low <= high <= Decimal(actual.high)
