"""Is it within budget: every limit at its last token, cent and day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.calculator.budget import Budget, Check, Increase, Level, Limits, Verdict
from gpt41calc.calculator.limit_check import LimitCheck
from gpt41calc.calculator.workload import Workload
from gpt41calc.commands.check.evaluate import evaluate_budget
from gpt41calc.errors import WorkloadError
from gpt41calc.pricing.table import load_pricing
from gpt41calc.tally import Counted, Skipped, Tally

TODAY = date(2026, 11, 22)
PRICING = load_pricing()
WORKLOAD = Workload(output_tokens=1000)
WINDOW = PRICING.find("gpt-4.1").window
GONE = Skipped("gone", "permission denied", expected=False)
BINARY = Skipped("logo.png", "binary", expected=True)

tokens = st.integers(0, 2_000_000)
percents = st.decimals(min_value=0, max_value=400, places=3)


def tally(files: Mapping[str, int], *skipped: Skipped) -> Tally:
    """Return files of so many tokens, one more in the older encoding, and what was skipped."""
    counted = (Counted(path, n, {"o200k_base": n, "cl100k_base": n + 1}) for path, n in files.items())
    return Tally.of(*counted, *skipped)


def judged(
    limits: Limits,
    inputs: Tally | int,
    *,
    before: Tally | int | None = None,
    models: tuple[str, ...] = ("gpt-4.1",),
    workload: Workload = WORKLOAD,
    on: date = TODAY,
    level: Level = "error",
) -> Verdict:
    """Return the verdict on one budget; a number stands for one file of so many tokens."""
    return evaluate_budget(
        Budget(name="b", limits=limits, level=level),
        tally({"a": inputs}) if isinstance(inputs, int) else inputs,
        [PRICING.find(name) for name in models],
        workload,
        on=on,
        before=tally({"a": before}) if isinstance(before, int) else before,
    )


def only(verdict: Verdict) -> LimitCheck:
    """Return the only limit of a verdict."""
    (one,) = verdict.limits
    return one


def increase(amount: str, unit: Literal["tokens", "USD", "percent"]) -> Limits:
    """Return a limit on the increase."""
    return Limits(max_increase=Increase(Decimal(amount), unit))


def check(*verdicts: Verdict, fail_on: Level = "error") -> Check:
    """Return a check of these verdicts."""
    return Check(
        verdicts=verdicts,
        models=(PRICING.find("gpt-4.1"),),
        workload=WORKLOAD,
        as_of=TODAY,
        pricing_checked=TODAY,
        fail_on=fail_on,
    )


# 10,000 input tokens at $2 and 1,000 output tokens at $8 a million come to $0.028.
@pytest.mark.parametrize(
    ("limits", "actual"),
    [
        (Limits(token_budget=9_999), [("token-budget", 10_000, False)]),
        (Limits(token_budget=10_000), [("token-budget", 10_000, True)]),
        (Limits(token_budget=10_001), [("token-budget", 10_000, True)]),
        (Limits(token_budget_per_file=9_999), [("token-budget-per-file", 10_000, False)]),
        (Limits(token_budget_per_file=10_000), [("token-budget-per-file", 10_000, True)]),
        (Limits(max_cost=Decimal("0.027999")), [("max-cost", Decimal("0.028"), False)]),
        (Limits(max_cost=Decimal("0.028")), [("max-cost", Decimal("0.028"), True)]),
        (Limits(max_cost=Decimal("0.028001")), [("max-cost", Decimal("0.028"), True)]),
        (
            Limits(max_monthly_cost=Decimal("27.99"), requests_per_month=1000),
            [("max-monthly-cost", Decimal(28), False)],
        ),
        (Limits(max_monthly_cost=Decimal(28), requests_per_month=1000), [("max-monthly-cost", Decimal(28), True)]),
        (
            Limits(max_monthly_cost=Decimal("28.01"), requests_per_month=1000),
            [("max-monthly-cost", Decimal(28), True)],
        ),
        (
            Limits(token_budget=0, max_cost=Decimal(1)),
            [("token-budget", 10_000, False), ("max-cost", Decimal("0.028"), True)],
        ),
        (Limits(), []),
    ],
)
def test_limits_may_be_used_up(limits: Limits, actual: list[tuple[str, int | Decimal, bool]]) -> None:
    """A limit is kept at its last token and cent, and broken by one more."""
    assert actual == [(one.limit, one.actual, one.passed) for one in judged(limits, 10_000).limits]


@pytest.mark.parametrize(
    ("inputs", "passed", "shown"),
    [
        (WINDOW * 60 // 100 - 1000, True, "60.00"),
        (WINDOW * 60 // 100 - 999, False, "60.01"),
        (0, True, "0.10"),
        (WINDOW - 1000, False, "100.00"),
    ],
)
def test_context_counts_the_output(inputs: int, passed: bool, shown: str) -> None:  # noqa: FBT001
    """Input and output together may take their share of the window to the last token, and are shown on their side."""
    one = only(judged(Limits(max_context=Decimal(60)), inputs))

    assert (passed, Decimal(shown)) == (one.passed, one.actual)


@pytest.mark.parametrize(("days", "passed"), [(89, False), (90, False), (91, True)])
def test_retirement_is_later_than_its_limit(days: int, passed: bool) -> None:  # noqa: FBT001
    """A model that shuts down on the last of so many days is shut down within them."""
    ends = PRICING.find("gpt-4.1").shutdown
    assert ends is not None
    one = only(judged(Limits(fail_if_retires_within=90), 1, on=ends - timedelta(days)))

    assert (days, passed) == (one.actual, one.passed)


def test_model_without_an_end() -> None:
    """A model whose shutdown nobody has announced keeps every limit on it, even if input is missing."""
    one = only(judged(Limits(fail_if_retires_within=9_999), tally({}, GONE), models=("gpt-5.2",)))

    assert (None, True) == (one.actual, one.passed)


@pytest.mark.parametrize(
    ("limits", "now", "actual", "passed"),
    [
        (increase("100", "tokens"), 1_100, 100, True),
        (increase("100", "tokens"), 1_101, 101, False),
        (increase("0", "tokens"), 1_000, 0, True),
        (increase("0", "tokens"), 1_001, 1, False),
        (increase("0", "tokens"), 10, -990, True),
        (increase("10", "percent"), 1_100, Decimal(10), True),
        (increase("10", "percent"), 1_101, Decimal("10.1"), False),
        (increase("0", "percent"), 1_000, Decimal(0), True),
        (increase("0", "percent"), 999, Decimal("-0.1"), True),
        (increase("0.0002", "USD"), 1_100, Decimal("0.0002"), True),
        (increase("0.0002", "USD"), 1_101, Decimal("0.000202"), False),
        (increase("0", "USD"), 999, Decimal("-0.000002"), True),
    ],
)
def test_increases(limits: Limits, now: int, actual: int | Decimal, passed: bool) -> None:  # noqa: FBT001
    """An increase may be used up, in tokens, percent and dollars; what shrinks is within any."""
    one = only(judged(limits, now, before=1_000))

    assert (actual, passed) == (one.actual, one.passed)


@pytest.mark.parametrize(
    ("limits", "before"),
    [(increase("5", "tokens"), 1_000), (increase("5", "percent"), 1_000), (increase("5", "USD"), Decimal("0.01"))],
)
def test_increases_know_their_base(limits: Limits, before: int | Decimal) -> None:
    """With an increase comes what it started from: tokens, or dollars a request with the output."""
    assert before == only(judged(limits, 1, before=1_000)).before


@pytest.mark.parametrize(("now", "actual", "passed"), [(0, Decimal(0), True), (1, None, False)])
def test_percent_of_nothing(now: int, actual: Decimal | None, passed: bool) -> None:  # noqa: FBT001
    """What had no tokens at the base has grown by no percentage: anything is too much, and cannot be said."""
    one = only(judged(increase("500", "percent"), now, before=Tally()))

    assert (actual, passed, 0) == (one.actual, one.passed, one.before)


def test_increase_needs_a_base() -> None:
    """Without anything to compare with, an increase is a mistake that says what to do."""
    with pytest.raises(WorkloadError, match="budget 'b': max-increase has nothing to compare with") as caught:
        judged(increase("5", "percent"), 1)

    assert "--against" in caught.value.hint


def test_base_shorter_than_what_is_cached() -> None:
    """The base may have fewer tokens than the cache serves of the prompt; then the cache serves all of it."""
    workload = Workload(output_tokens=0, cached_tokens=800)
    one = only(judged(increase("1", "USD"), 1_000, before=300, workload=workload))

    # A cached token costs $0.50 a million: 200 * 2 + 800 * 0.5, and 300 * 0.5.
    assert (Decimal("0.00015"), Decimal("0.00065")) == (one.before, one.actual)


@pytest.mark.parametrize(
    ("limits", "needs"),
    [
        (Limits(max_monthly_cost=Decimal(1)), "add requests-per-month"),
        (Limits(max_cost=Decimal(1)), "'gpt41calc pricing show gpt-4.1' lists every price it has"),
    ],
)
def test_costs_that_cannot_be_judged(limits: Limits, needs: str) -> None:
    """A limit on dollars that nothing can be compared with is a mistake that says what to do."""
    with pytest.raises(WorkloadError) as caught:
        judged(limits, 1, on=date(2025, 1, 1))

    assert needs == caught.value.hint


def test_number_of_requests_does_not_matter() -> None:
    """``max-cost`` is of one request, however many are asked for."""
    many = replace(WORKLOAD, requests=1_000_000)

    assert Decimal("0.028") == only(judged(Limits(max_cost=Decimal(1)), 10_000, workload=many)).actual


@pytest.mark.parametrize(
    ("allowed", "files"),
    [(5, [("b", 9, False), ("c", 6, False)]), (9, [("b", 9, True)]), (100, [("b", 9, True)])],
)
def test_files_that_break_their_limit(allowed: int, files: list[tuple[str, int, bool]]) -> None:
    """Of a limit for every file, all that break it are told, or the one that comes nearest."""
    inputs = tally({"a": 1, "b": 9, "c": 6})
    actual = [
        (one.path, one.actual, one.passed) for one in judged(Limits(token_budget_per_file=allowed), inputs).limits
    ]

    assert files == actual


def test_no_files() -> None:
    """A budget without files keeps its limits; there is none to name for a limit on each."""
    verdict = judged(Limits(token_budget=0, token_budget_per_file=0, max_context=Decimal(1)), Tally())

    assert ["token-budget", "max-context"] == [one.limit for one in verdict.limits]
    assert verdict.has_passed


# The tokenizer of Claude makes up to 1.5 tokens of one; that of GPT-6 one, though it is not public either.
@pytest.mark.parametrize(
    ("limits", "model", "actual", "passed"),
    [
        (Limits(token_budget=1_500), "claude-sonnet-4-6", 1_500, True),
        (Limits(token_budget=1_499), "claude-sonnet-4-6", 1_500, False),
        (Limits(token_budget_per_file=1_499), "claude-sonnet-4-6", 1_500, False),
        (Limits(max_cost=Decimal("0.0195")), "claude-sonnet-4-6", Decimal("0.0195"), True),
        (Limits(max_cost=Decimal("0.0194")), "claude-sonnet-4-6", Decimal("0.0195"), False),
        (Limits(max_context=Decimal("0.25")), "claude-sonnet-4-6", Decimal("0.25"), True),
        (Limits(max_context=Decimal("0.24")), "claude-sonnet-4-6", Decimal("0.25"), False),
        (Limits(token_budget=1_000), "gpt-6-luna", 1_000, True),
        (Limits(max_context=Decimal(100)), "gpt-6-luna", Decimal("0.19"), True),
    ],
)
def test_estimates_are_judged_by_their_high_bound(
    limits: Limits,
    model: str,
    actual: int | Decimal,
    passed: bool,  # noqa: FBT001
) -> None:
    """Of an estimate the high bound must be within the limit, and the report can say that it is one."""
    one = only(judged(limits, 1_000, models=(model,)))

    assert (actual, passed, "estimated") == (one.actual, one.passed, one.exactness)


@pytest.mark.parametrize(
    ("allowed", "in_range"), [(1_019, False), (1_020, True), (1_499, True), (1_500, False), (1_501, False)]
)
def test_a_limit_within_the_range(allowed: int, in_range: bool) -> None:  # noqa: FBT001
    """Of 1,020 to 1,500 tokens a limit lies within the range from the first until the last keeps it, too."""
    one = only(judged(Limits(token_budget=allowed), 1_000, models=("claude-sonnet-4-6",)))

    assert (1_020, in_range) == (one.low, one.is_in_range)


@pytest.mark.parametrize(
    ("limits", "actual", "exactness"),
    [
        (increase("5", "tokens"), 150, "estimated"),
        (increase("5", "percent"), Decimal(10), "exact"),
        (increase("5", "USD"), Decimal("0.00045"), "estimated"),
    ],
)
def test_increase_of_an_estimate(limits: Limits, actual: int | Decimal, exactness: str) -> None:
    """An increase in tokens or dollars is of the high bounds; a percentage is the same for any ratio."""
    one = only(judged(limits, 1_100, before=1_000, models=("claude-sonnet-4-6",)))

    assert (actual, exactness) == (one.actual, one.exactness)


def test_every_model_must_keep_its_limits() -> None:
    """Tokens are those of the model that has most; dollars, shares and days are told for every model."""
    models = ("gpt-4.1", "gpt-4")
    limits = Limits(
        token_budget=9,
        max_cost=Decimal(9),
        max_context=Decimal(9),
        fail_if_retires_within=1,
        max_increase=Increase(Decimal(1), "USD"),
    )
    verdict = judged(limits, 9, before=9, models=models)
    named = {
        name: [one.model for one in verdict.limits if one.limit == name] for name in {o.limit for o in verdict.limits}
    }

    each = ("max-cost", "max-context", "fail-if-retires-within", "max-increase")
    expected: dict[str, list[str | None]] = {"token-budget": [None], **{limit: [*models] for limit in each}}

    assert expected == named
    assert (10, False) == (verdict.limits[0].actual, verdict.limits[0].passed)
    assert 9 == verdict.tokens.value


@pytest.mark.parametrize(
    ("limits", "passed"),
    [
        (Limits(token_budget=9), False),
        (Limits(token_budget=10), None),
        (Limits(token_budget_per_file=9), False),
        (Limits(token_budget_per_file=10), None),
        (Limits(max_cost=Decimal("0.008")), False),
        (Limits(max_cost=Decimal(1)), None),
        (Limits(max_monthly_cost=Decimal("0.008"), requests_per_month=1), False),
        (Limits(max_monthly_cost=Decimal(1), requests_per_month=1), None),
        (Limits(max_context=Decimal("0.01")), False),
        (Limits(max_context=Decimal(1)), None),
        (Limits(fail_if_retires_within=1), True),
        (increase("0", "tokens"), None),
        (increase("5", "tokens"), None),
        (increase("0", "percent"), None),
        (increase("0", "USD"), None),
        (increase("9", "USD"), None),
    ],
)
def test_missing_input(limits: Limits, passed: bool | None) -> None:  # noqa: FBT001
    """What is exceeded without it is broken; nothing that it could exceed is kept, and no increase is known."""
    verdict = judged(limits, tally({"a": 10}, GONE), before=5)

    assert passed is only(verdict).passed
    assert (passed is False, False, False) == (verdict.is_broken, verdict.has_passed, verdict.is_complete)


def test_missing_base() -> None:
    """Input that is missing at the base makes an increase unknown, and takes nothing from any other limit."""
    base = tally({"a": 5}, GONE)
    both = replace(increase("5", "tokens"), token_budget=10)

    assert [True, None] == [one.passed for one in judged(both, 10, before=base).limits]
    assert not judged(both, 10, before=base).has_passed
    assert judged(Limits(token_budget=10), 10, before=base).has_passed


def test_expected_skips_are_not_missing() -> None:
    """A binary that is skipped as it should be is missing nowhere."""
    assert judged(Limits(token_budget=10), tally({"a": 10}, BINARY), before=tally({}, BINARY)).has_passed


@pytest.mark.parametrize(
    ("level", "fail_on", "failed"),
    [("error", "error", True), ("error", "warn", True), ("warn", "error", False), ("warn", "warn", True)],
)
def test_which_budgets_fail_the_run(level: Level, fail_on: Level, failed: bool) -> None:  # noqa: FBT001
    """A broken budget fails the run by its level, unless warnings are asked to."""
    broken, kept = judged(Limits(token_budget=9), 10, level=level), judged(Limits(token_budget=10), 10)

    assert failed is check(kept, broken, fail_on=fail_on).is_failed
    assert not check(kept, fail_on=fail_on).is_failed


def test_check_is_complete_if_every_budget_is() -> None:
    """A run is complete if nothing is missing in any budget; what is missing does not fail it by itself."""
    kept, missing = judged(Limits(token_budget=10), 10), judged(Limits(token_budget=10), tally({"a": 1}, GONE))

    assert (True, False) == (check(kept).is_complete, check(kept, missing).is_complete)
    assert not check(kept, missing).is_failed


@given(tokens, tokens)
def test_tokens_are_broken_by_one(actual: int, allowed: int) -> None:
    """A number of tokens is broken if it is more than is allowed, and never otherwise."""
    assert (actual <= allowed) is only(judged(Limits(token_budget=allowed), actual)).passed


@given(tokens, percents)
def test_percentages_agree_with_their_verdict(used: int, allowed: Decimal) -> None:
    """The share that is told is on the side of the limit that the tokens are on, and near the truth."""
    one = only(judged(Limits(max_context=allowed), used))
    actual = Decimal(one.actual or 0)

    assert one.passed is (100 * (used + 1000) <= allowed * WINDOW)
    assert one.passed is (actual <= allowed)
    assert abs(actual * WINDOW - 100 * (used + 1000)) <= Decimal("0.001") * WINDOW


@given(st.integers(1, 10**9), st.integers(0, 10**9), percents)
def test_increases_in_percent_agree_with_their_verdict(before: int, now: int, allowed: Decimal) -> None:
    """The increase that is told is on the side of the limit that the tokens are on."""
    one = only(judged(Limits(max_increase=Increase(allowed, "percent")), now, before=before))

    assert one.passed is (100 * (now - before) <= allowed * before)
    assert one.passed is (Decimal(one.actual or 0) <= allowed)


@given(tokens, tokens, st.sampled_from(["gpt-4.1", "gpt-4", "claude-sonnet-4-6", "gemini-2.5-pro"]))
def test_more_input_never_mends_a_budget(some: int, more: int, model: str) -> None:
    """Whatever is broken without a file is broken with it: that is why missing input cannot mend it."""
    limits = Limits(
        token_budget=500_000,
        token_budget_per_file=400_000,
        max_cost=Decimal("0.5"),
        max_monthly_cost=Decimal(700),
        requests_per_month=1000,
        max_context=Decimal(70),
    )
    without, with_it = (
        judged(limits, tally(files), models=(model,)) for files in ({"a": some}, {"a": some, "b": more})
    )

    assert without.is_broken <= with_it.is_broken


@given(tokens, st.integers(0, 10**6))
def test_an_increase_from_nothing_is_all_there_is(now: int, allowed: int) -> None:
    """From an empty base, an increase in tokens is checked as the tokens themselves are."""
    grown = only(judged(increase(str(allowed), "tokens"), now, before=Tally()))
    whole = only(judged(Limits(token_budget=allowed), now))

    assert (whole.actual, whole.passed) == (grown.actual, grown.passed)
