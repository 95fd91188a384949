"""What answers cost: every kind of token once, at the prices of the day; worked out by hand."""

from __future__ import annotations

from datetime import UTC, date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.calculator.calibration import Overhead, Sample, learn
from gpt41calc.calculator.percentile import nearest_rank
from gpt41calc.calculator.summary import distribution
from gpt41calc.commands.usage.accuracy import Expected, compared, usage_accuracy
from gpt41calc.commands.usage.answer import Answer, Usage
from gpt41calc.commands.usage.charges import Charge, Priced, by_model, priced, summed, total
from gpt41calc.commands.usage.ledger import Ledger
from gpt41calc.commands.usage.row_keys import DEFAULT_KEYS
from gpt41calc.pricing.fees import load_fees
from gpt41calc.pricing.price import Tier
from gpt41calc.pricing.table import load_pricing

PRICING = load_pricing()
DAY = date(2025, 11, 10)
LATER = date(2026, 11, 22)


def answered(
    usage: Usage, model: str = "gpt-4.1", *, tier: Tier = "standard", day: date | None = DAY, custom_id: str = "a"
) -> Priced:
    """Return an answer with its price."""
    found = PRICING.find(model)
    answer = Answer(place="a.jsonl:1", model=model, tier=tier, day=day, usage=usage, custom_id=custom_id)
    one = priced(answer, found, LATER)
    assert isinstance(one, Priced)
    return one


def test_each_token_is_charged_once() -> None:
    """Of 1,000 prompt tokens 400 came from the cache, of 500 generated ones 200 are reasoning."""
    usage = Usage(fresh_tokens=600, cached_tokens=400, output_tokens=500, reasoning_tokens=200)
    charge = answered(usage, "o3").charge

    assert (
        Charge(
            input=Decimal("0.0012"),
            cached_input=Decimal("0.0002"),
            output=Decimal("0.0024"),
            reasoning=Decimal("0.0016"),
        )
        == charge
    )
    assert Decimal("0.0054") == charge.total


def test_cache_writes() -> None:
    """What is written to a cache has a price of its own, by how long it is kept: 3, 0.30, 3.75, 6 and 15 dollars."""
    usage = Usage(fresh_tokens=1000, cached_tokens=2000, written_tokens=3000, written_1h_tokens=4000, output_tokens=100)
    charge = answered(usage, "claude-3-7-sonnet-20250219").charge

    assert (Decimal("0.003"), Decimal("0.0006"), Decimal("0.03525")) == (
        charge.input,
        charge.cached_input,
        charge.cache_write,
    )
    assert Decimal("0.04035") == charge.total


def test_no_discount_where_none_is_published() -> None:
    """In a batch, cached tokens of GPT-4.1 cost what others do."""
    charge = answered(Usage(fresh_tokens=500, cached_tokens=500), tier="batch").charge

    assert Decimal("0.001") == charge.total


def test_price_of_the_day() -> None:
    """o3 was cut from 10 to 2 dollars on 2025-06-10: answers of the day before cost the old price."""
    usage = Usage(fresh_tokens=1_000_000)
    totals = [answered(usage, "o3", day=date(2025, 6, day)).charge.total for day in (9, 10)]

    assert [10, 2] == totals


def test_long_prompts_are_charged_by_the_whole_prompt() -> None:
    """Over 200,000 tokens of prompt, cached ones among them, Gemini 2.5 Pro has another price."""
    lower = answered(Usage(fresh_tokens=100_000, cached_tokens=100_000), "gemini-2.5-pro", day=LATER)
    upper = answered(Usage(fresh_tokens=100_001, cached_tokens=100_000), "gemini-2.5-pro", day=LATER)

    assert Decimal("0.1375") == lower.charge.total
    assert Decimal("0.2750025") == upper.charge.total


@pytest.mark.parametrize(
    ("model", "tier", "day", "reason"),
    [
        ("gpt-4.1", "flex", DAY, "gpt-4.1 has no price for the flex tier"),
        (
            "gpt-4.1",
            "standard",
            date(2025, 4, 13),
            "gpt-4.1 has no price on 2025-04-13: the first one holds since 2025-04-14",
        ),
    ],
)
def test_without_a_price(model: str, tier: Tier, day: date, reason: str) -> None:
    """An answer that has no price has a reason instead, and never costs nothing."""
    answer = Answer(place="a", model=model, tier=tier, day=day, usage=Usage(fresh_tokens=1))

    assert reason == priced(answer, PRICING.find(model), LATER)


def test_groups() -> None:
    """Answers are summed up by model, day and tier; the sum of the rows is the total."""
    one = Usage(fresh_tokens=1_000_000)
    ledger = Ledger(PRICING.find, load_fees, LATER, DEFAULT_KEYS, UTC)
    for answer in (
        answered(one),
        answered(one, "gpt-4.1-2025-04-14"),
        answered(one, tier="batch"),
        answered(one, day=LATER),
        answered(one, day=None),
        answered(one, "gpt-4.1-mini"),
    ):
        ledger.add(answer.answer)
    groups = ledger.rows()
    expected = [
        ("gpt-4.1", None, "standard", 1),
        ("gpt-4.1", DAY, "batch", 1),
        ("gpt-4.1", DAY, "standard", 2),
        ("gpt-4.1", LATER, "standard", 1),
        ("gpt-4.1-mini", DAY, "standard", 1),
    ]
    whole = total(groups)

    assert expected == [(row.model, row.day, row.tier, row.requests) for row in summed(groups, DEFAULT_KEYS)]
    assert [("gpt-4.1", 5, Decimal(9)), ("gpt-4.1-mini", 1, Decimal("0.4"))] == [
        (row.model, row.requests, row.charge.total) for row in by_model(groups)
    ]
    assert (6, Decimal("9.4"), 6_000_000) == (whole.requests, whole.charge.total, whole.usage.input_tokens)


amounts = st.integers(0, 10**9)


@given(amounts, amounts, amounts, amounts, amounts, st.integers(0, 10**6))
def test_parts_add_up(fresh: int, cached: int, written: int, kept: int, output: int, reasoning: int) -> None:
    """Summing usage and then pricing it gives what pricing and then summing gives."""
    first = Usage(fresh_tokens=fresh, written_tokens=written, output_tokens=output + reasoning)
    second = Usage(cached_tokens=cached, written_1h_tokens=kept, output_tokens=reasoning, reasoning_tokens=reasoning)
    apart = answered(first, "claude-3-7-sonnet").charge + answered(second, "claude-3-7-sonnet").charge

    assert answered(first + second, "claude-3-7-sonnet").charge == apart


# -- Distributions


@given(st.lists(st.integers(0, 10**6), min_size=1), st.integers(1, 100))
def test_nearest_rank(numbers: list[int], percent: int) -> None:
    """So many percent of the numbers are at most the percentile, and of any smaller number that is not so."""
    ordered = sorted(numbers)
    found = nearest_rank(ordered, percent)
    within = sum(number <= found for number in numbers)
    below = sum(number < found for number in numbers)

    assert found in numbers
    assert 100 * within >= percent * len(numbers) > 100 * below


def test_spread_of_one_to_a_hundred() -> None:
    """Of the numbers from 1 to 100 each percentile is itself, and the mean is 50.5."""
    found = distribution(range(1, 101))

    assert found is not None
    assert (1, 50, 90, 95, 99, 100) == (found.least, found.p50, found.p90, found.p95, found.p99, found.most)
    assert (5050, Decimal("50.5")) == (found.total, found.mean)
    assert distribution([]) is None


# -- Estimate against actual


def request(custom_id: str, tokens: int, output: int) -> Expected:
    """Return a request of so many tokens."""
    return Expected(
        place="in.jsonl:1",
        custom_id=custom_id,
        kind="chat: text",
        input_tokens=tokens,
        input_low=tokens,
        input_high=tokens,
        modelled_tokens=tokens,
        output_tokens=output,
        exactness="modelled",
        messages=1,
        tools=0,
    )


def test_worst_first() -> None:
    """The estimate that was off by most dollars is first, whichever way; the total adds signed differences."""
    pairs = []
    for name, expected, actual in (("close", 1_000_000, 1_010_000), ("low", 1_000_000, 2_000_000), ("high", 4, 3)):
        real, estimate = answered(Usage(fresh_tokens=actual)), answered(Usage(fresh_tokens=expected))
        pairs.append(compared(request(name, expected, 0), real, estimate))
    found = usage_accuracy(pairs, unanswered=2, unmatched=1)

    assert ["low", "close", "high"] == [row.custom_id for row in found.rows]
    assert [Decimal(2), Decimal("0.02"), Decimal("-0.000002")] == [row.off for row in found.rows]
    assert (Decimal("2.019998"), Decimal("33.55"), 3) == (
        found.total.off,
        found.total.off_percent,
        found.total.requests,
    )


def test_nothing_to_compare() -> None:
    """Without pairs the total is nothing, and no percentage of it."""
    total = usage_accuracy([], unanswered=0, unmatched=0).total

    assert Decimal(0) == total.off
    assert total.off_percent is None
    assert total.input_off_percent is None


@pytest.mark.parametrize(("actual", "expected", "percent"), [(86, 42, "104.76"), (42, 84, "-50"), (5, 5, "0")])
def test_prompts_against_their_estimate(actual: int, expected: int, percent: str) -> None:
    """By how much of the estimate they were longer."""
    real, estimate = answered(Usage(fresh_tokens=actual)), answered(Usage(fresh_tokens=expected))

    assert Decimal(percent) == compared(request("a", expected, 0), real, estimate).input_off_percent


# -- What is learned


def sample(output: int = 1, *, off: int = 0, messages: int = 1, tools: int = 0, model: str = "gpt-4.1") -> Sample:
    """Return an answer whose prompt was longer than modelled."""
    return Sample(
        model=model,
        output_tokens=output,
        input_tokens=100 + off,
        modelled_tokens=100,
        messages=messages,
        tools=tools,
    )


def test_learned_lengths() -> None:
    """Half, nine tenths and all but one in a hundred of the answers are as short, of each model and of all."""
    found = learn([*map(sample, range(1, 101)), *(sample(1000, model="gpt-4o") for _ in range(100))], on=LATER)

    assert found is not None
    assert {"p50": 50, "p90": 90, "p99": 99} == found.models["gpt-4.1"].output_tokens
    assert [1000, 100] == [found.output_tokens("gpt-4o", "p50"), found.output_tokens("gpt-5", "p50")]
    assert learn([], on=LATER) is None


def test_learned_overhead() -> None:
    """What is off without tools is blamed on messages, the rest with tools on these."""
    samples = [sample(off=2, messages=2), sample(off=6, messages=6), sample(off=3 + 5, messages=3, tools=2)]
    found = learn(samples, on=LATER)
    expected = Overhead(requests=3, per_message=Decimal(1), per_tool=Decimal("2.5"))

    assert found is not None
    assert expected == found.all.overhead
    assert 4 + 10 == found.overhead_tokens("gpt-4.1", messages=4, tools=4)


def test_nothing_learned_of_prompts_without_requests() -> None:
    """Answers alone say nothing of prompts."""
    found = learn([Sample(model="gpt-4.1", output_tokens=7)], on=LATER)

    assert found is not None
    assert found.all.overhead is None
    assert 0 == found.overhead_tokens("gpt-4.1", messages=9, tools=9)
