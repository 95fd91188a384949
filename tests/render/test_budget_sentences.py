"""Verdicts in words: one sentence a limit, and numbers that agree with it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import (
    LOST,
    PRICING,
    TODAY,
    WORKLOAD,
    broken,
    check,
    counted,
    difference,
    estimated,
    grown,
    history,
    incomplete,
    kept,
    tally,
)

from gpt41calc.calculator.budget import Budget, Check, Increase, Limits
from gpt41calc.calculator.change import FileChange
from gpt41calc.commands.check.document import check_document
from gpt41calc.commands.check.evaluate import evaluate_budget
from gpt41calc.commands.diff.document import difference_document
from gpt41calc.commands.diff.report import difference_answer
from gpt41calc.commands.log.report import budget_sentence
from gpt41calc.render.budget_answer import check_answer
from gpt41calc.render.budget_sentences import limit_sentence, verdict_word
from gpt41calc.render.change import model_sentence
from gpt41calc.render.numbers import dollars_at_least, dollars_beside, dollars_in_full
from gpt41calc.tally import Skipped

GPT = PRICING.find("gpt-4.1")


def sentence(
    limits: Limits,
    tokens: int,
    *,
    before: int | None = None,
    model: str = "gpt-4.1",
    on: date = TODAY,
    lost: bool = False,
) -> str:
    """Return what is said of the first limit, for one file of so many tokens."""
    found = PRICING.find(model)
    inputs = tally({"a": tokens}, *([LOST] if lost else []))
    base = tally({"a": before} if before else {}) if before is not None else None
    judged = evaluate_budget(Budget(name="b", limits=limits), inputs, [found], WORKLOAD, on=on, before=base).limits[0]
    return limit_sentence(judged, [found])


def increase(amount: str, unit: str) -> Limits:
    """Return a limit on the increase."""
    return Limits(max_increase=Increase(Decimal(amount), unit))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("limits", "tokens", "said"),
    [
        (Limits(token_budget=12_000), 13_120, "13,120 tokens, 12,000 allowed: cut 1,120"),
        (Limits(token_budget=12_000), 12_000, "12,000 tokens, 12,000 allowed"),
        (Limits(token_budget=0), 1, "1 token, 0 allowed: cut 1"),
        (Limits(token_budget_per_file=4), 5, "a: 5 tokens, 4 allowed: cut 1"),
        (Limits(max_cost=Decimal("0.05")), 23_000, "$0.062 a request with gpt-4.1, $0.05 allowed: cut $0.012"),
        (Limits(max_cost=Decimal("0.05")), 17_000, "$0.050 a request with gpt-4.1, $0.05 allowed"),
        (Limits(max_cost=Decimal("0.05")), 17_001, "$0.050002 a request with gpt-4.1, $0.05 allowed: cut $0.0000020"),
        (
            Limits(max_monthly_cost=Decimal(50), requests_per_month=1000),
            17_500,
            "$51.00 a month with gpt-4.1, $50.00 allowed: cut $1.00",
        ),
        (
            Limits(max_context=Decimal(60)),
            639_116,
            "61.2 % of gpt-4.1's window, 60 % allowed: cut about 12,600 tokens",
        ),
        (Limits(max_context=Decimal(60)), 626_545, "60 % of gpt-4.1's window, 60 % allowed"),
        (Limits(max_context=Decimal(60)), 626_546, "60.01 % of gpt-4.1's window, 60 % allowed: cut about 105 tokens"),
    ],
)
def test_limits(limits: Limits, tokens: int, said: str) -> None:
    """A limit is said with what it met, what it allows, and what to do if it is broken."""
    assert said == sentence(limits, tokens)


@pytest.mark.parametrize(
    ("limits", "before", "tokens", "said"),
    [
        (
            increase("5", "percent"),
            12_000,
            12_636,
            "up 5.3 % from 12,000 tokens at the base, 5 % allowed: cut about 36 tokens",
        ),
        (increase("5", "percent"), 12_000, 12_600, "up 5 % from 12,000 tokens at the base, 5 % allowed"),
        (increase("5", "percent"), 12_000, 11_400, "down 5 % from 12,000 tokens at the base, 5 % allowed"),
        (increase("5", "percent"), 12_000, 12_000, "up 0 % from 12,000 tokens at the base, 5 % allowed"),
        (
            increase("5", "percent"),
            0,
            1,
            "new: the base had none, 5 % allowed: a percentage needs a base, allow a number of tokens",
        ),
        (increase("5", "percent"), 0, 0, "up 0 % from 0 tokens at the base, 5 % allowed"),
        (increase("1000", "tokens"), 12_000, 13_300, "up 1,300 from 12,000 tokens at the base, 1,000 allowed: cut 300"),
        (increase("1000", "tokens"), 1, 0, "down 1 from 1 token at the base, 1,000 allowed"),
        (
            increase("0.01", "USD"),
            12_000,
            18_000,
            "up $0.012 from $0.040 a request at the base with gpt-4.1, $0.01 allowed: cut $0.0020",
        ),
        (
            increase("0.01", "USD"),
            18_000,
            12_000,
            "down $0.012 from $0.052 a request at the base with gpt-4.1, $0.01 allowed",
        ),
    ],
)
def test_increases(limits: Limits, before: int, tokens: int, said: str) -> None:
    """An increase is said with its direction and what it started from; what is new has no percentage."""
    assert said == sentence(limits, tokens, before=before)


@pytest.mark.parametrize(
    ("model", "on", "said"),
    [
        (
            "gpt-4.1",
            date(2026, 11, 23),
            "gpt-4.1 shuts down in 52 days (2027-01-14), not allowed within 90 days: move to gpt-6-luna",
        ),
        ("gpt-4.1", date(2026, 10, 15), "gpt-4.1 shuts down in 91 days (2027-01-14), not allowed within 90 days"),
        (
            "gpt-4.1",
            date(2027, 1, 13),
            "gpt-4.1 shuts down in 1 day (2027-01-14), not allowed within 90 days: move to gpt-6-luna",
        ),
        (
            "gpt-4.1",
            date(2027, 1, 14),
            "gpt-4.1 shuts down today (2027-01-14), not allowed within 90 days: move to gpt-6-luna",
        ),
        (
            "gpt-4.1",
            date(2027, 1, 15),
            "gpt-4.1 was shut down (2027-01-14), not allowed within 90 days: move to gpt-6-luna",
        ),
        (
            "gemini-2.5-pro",
            TODAY,
            "gemini-2.5-pro shuts down in 9 days (2026-12-01), not allowed within 90 days: move to gemini-3.8-flash",
        ),
        ("gpt-5.2", TODAY, "gpt-5.2 has no shutdown date"),
    ],
)
def test_retirement(model: str, on: date, said: str) -> None:
    """An ending is said with its day and with what comes after the model."""
    assert said == sentence(Limits(fail_if_retires_within=90), 1, model=model, on=on)


@pytest.mark.parametrize(
    ("limits", "before", "said"),
    [
        (Limits(token_budget=10_000), None, "~15,000 tokens (high bound of an estimate), 10,000 allowed: cut 5,000"),
        (
            Limits(token_budget=12_000),
            None,
            "~15,000 tokens (high bound of an estimate; the limit lies within its range), 12,000 allowed: cut 3,000",
        ),
        (
            Limits(max_cost=Decimal("0.06")),
            None,
            "~$0.075 a request with claude-sonnet-4-6 (high bound of an estimate), $0.06 allowed: cut $0.015",
        ),
        (
            increase("1000", "tokens"),
            9_000,
            "up ~1,500 from ~13,500 tokens at the base (high bound of an estimate), 1,000 allowed: cut 500",
        ),
    ],
)
def test_estimates_say_so(limits: Limits, before: int | None, said: str) -> None:
    """What is checked by the high bound of an estimate is marked, and said to be that."""
    assert said == sentence(limits, 10_000, before=before, model="claude-sonnet-4-6")


@pytest.mark.parametrize(
    ("limits", "before", "said"),
    [
        (Limits(token_budget=12), None, "not known, as some input could not be counted: 9 tokens so far, 12 allowed"),
        (Limits(token_budget=8), None, "9 tokens, 8 allowed: cut 1"),
        (
            increase("5", "tokens"),
            3,
            "not known, as some input could not be counted: up 6 from 3 tokens at the base so far, 5 allowed",
        ),
    ],
)
def test_missing_input_is_said(limits: Limits, before: int | None, said: str) -> None:
    """Where input is missing, what is not broken is not known."""
    assert said == sentence(limits, 9, before=before, lost=True)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (kept(), "kept: 2 budgets"),
        (broken(), "broken: 3 of 6 budgets, 2 warned, cut 1,120 tokens from system prompts, and 6 more"),
        (replace(broken(), fail_on="warn"), "broken: 5 of 6 budgets, cut 1,120 tokens from system prompts, and 8 more"),
        (incomplete(), "broken: 1 of 4 budgets, 3 not known, cut 1 token from over"),
        (estimated(), "broken: 1 budget, cut about 5,000 tokens from prompts, and 2 more"),
        (check(), "no budgets"),
        (check(*kept().verdicts[:1]), "kept: 1 budget"),
        (check(broken().verdicts[2], *kept().verdicts), "warned: 1 of 3 budgets, cut $0.00024 a request from advice"),
        (
            check(*incomplete().verdicts[:1]),
            "not known: 1 budget, some input could not be counted",
        ),
    ],
)
def test_summary(found: Check, said: str) -> None:
    """One line says what became of all budgets."""
    assert said == check_answer(found).text


@given(st.integers(0, 30_000), st.decimals(min_value=0, max_value=1, places=6))
def test_shown_dollars_agree_with_the_verdict(tokens: int, allowed: Decimal) -> None:
    """As shown, a cost is above its limit if, and only if, the limit is broken; and what to cut is enough."""
    said = sentence(Limits(max_cost=allowed), tokens)
    actual, limit, *cut = (Decimal(amount.replace(",", "")) for amount in re.findall(r"\$([\d.,]*\d)", said))

    assert allowed == limit
    assert bool(cut) == (actual > limit) == (tokens * 2 + 16_000 > allowed * 1_000_000)
    if "lower the output tokens" in said:
        assert Decimal("0.016") == cut[0] > allowed
    else:
        assert not cut or Decimal(tokens * 2 + 16_000) / 1_000_000 - cut[0] <= allowed


@given(st.integers(0, 2_000_000), st.decimals(min_value=0, max_value=120, places=3))
def test_shown_percentages_agree_with_the_verdict(tokens: int, allowed: Decimal) -> None:
    """As shown, a share is above its limit if, and only if, the limit is broken; and what to cut is enough."""
    said = sentence(Limits(max_context=allowed), tokens)
    actual, limit = (Decimal(share.replace(",", "")) for share in re.findall(r"([\d.,]+) %", said))
    cut = [int(count.replace(",", "")) for count in re.findall(r"cut about ([\d,]+) tokens", said)]
    used = tokens + WORKLOAD.output_tokens

    assert allowed == limit
    assert bool(cut) == (actual > limit) == (100 * used > allowed * GPT.window)
    assert not cut or 100 * (used - cut[0] - GPT.window // 100_000) <= allowed * GPT.window


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.decimals(min_value=0, max_value=300, places=2))
def test_shown_increases_agree_with_the_verdict(before: int, tokens: int, allowed: Decimal) -> None:
    """As shown, an increase is above its limit if, and only if, the limit is broken."""
    said = sentence(Limits(max_increase=Increase(allowed, "percent")), tokens, before=before)
    actual, limit = (Decimal(share.replace(",", "")) for share in re.findall(r"([\d.,]+) %", said))
    is_over = 100 * (tokens - before) > allowed * before

    assert is_over == ("cut about" in said) == (said.startswith("up") and actual > limit)


@given(st.decimals(min_value=-100, max_value=100, places=9), st.decimals(min_value=0, max_value=100, places=9))
def test_dollars_beside_a_limit(amount: Decimal, limit: Decimal) -> None:
    """An amount is shown on its side of the limit, a limit in full, and what to cut never too small."""
    shown, in_full, enough = (
        Decimal(text.replace("$", ""))
        for text in (dollars_beside(amount, limit), dollars_in_full(limit), dollars_at_least(amount))
    )

    assert (amount > limit) == (shown > limit)
    assert limit == in_full
    assert enough >= amount


def test_the_document_of_the_contract() -> None:
    """The first keys of the document, a budget and a limit are those of the contract, in its order."""
    document = check_document(broken())
    budget = document["budgets"][0]
    order = ["schema_version", "tool", "passed", "complete", "model", "budgets"]

    assert order == list(document)[:6]
    assert ["name", "level", "passed", "files", "tokens", "limits"] == list(budget)[:6]
    assert {"limit": "token-budget", "allowed": 12_000, "actual": 13_120, "unit": "tokens", "passed": False} == budget[
        "limits"
    ][0]


@pytest.mark.parametrize(
    ("found", "passed"),
    [
        (kept(), True),
        (broken(), False),
        (incomplete(), False),
        (check(broken().verdicts[2]), True),
        (replace(check(broken().verdicts[2]), fail_on="warn"), False),
        (check(incomplete().verdicts[3]), False),
    ],
)
def test_document_passes_with_the_run(found: Check, passed: bool) -> None:  # noqa: FBT001
    """The document says passed if nothing that fails the run is broken and nothing is missing."""
    assert passed is check_document(found)["passed"]


def test_words() -> None:
    """A budget is kept, broken, warned of, or not known."""
    words = [verdict_word(found, one) for found in (broken(), incomplete()) for one in found.verdicts]
    unknown = ["not known", "broken", "not known", "not known"]

    assert ["broken", "broken", "warned", "warned", "broken", "kept", *unknown] == words


def test_binary_on_both_sides_differs_in_nothing_counted() -> None:
    """Files that are counted on no side are listed, and the sentence says that nothing counted differs."""
    binary = Skipped("a.png", "binary", expected=True)
    found = difference(FileChange(status="changed", path="a.png", before=binary, after=binary))

    assert "unchanged: no counted file differs, main (0123456789ab) to work tree" == difference_answer(found).text
    assert ["binary"] == [one["reason"] for one in difference_document(found)["files"]]


@pytest.mark.parametrize(
    ("requests_per_month", "said"),
    [
        (None, "gpt-4.1: 100 to 400 tokens (+300), $0.016 to $0.017 a request (+$0.00060)"),
        (1000, "gpt-4.1: 100 to 400 tokens (+300), $0.016 to $0.017 a request (+$0.00060, +$0.60 a month)"),
    ],
)
def test_model_sentence(requests_per_month: int | None, said: str) -> None:
    """What a change means for a model is said in tokens and dollars, a month if that was asked."""
    found = difference(FileChange(status="changed", path="a", before=counted("a", 100), after=counted("a", 400)))

    assert said == model_sentence(found.models[0], requests_per_month)


def test_model_without_a_price() -> None:
    """A model that has no price on the day says so, and its dollars are not known."""
    found = difference(FileChange(status="added", path="a", after=counted("a", 1)))
    priceless = replace(found.models[0], cost_before=None, cost_after=None)
    document = difference_document(replace(found, models=(priceless,)))

    assert "gpt-4.1: 0 to 1 tokens (+1), no price" == model_sentence(priceless, 10)
    assert document["models"][0]["cost_delta"] is None


@pytest.mark.parametrize(
    ("tokens", "budget", "said"),
    [
        ((9, 10, 11, 9), 10, "3333333333 of 2026-10-03 (change 3) first broke the budget of 10 tokens: 11 tokens, +1"),
        ((11, 12), 10, "1111111111 of 2026-10-01 (change 1) first broke the budget of 10 tokens: 11 tokens"),
        ((9, 10), 10, "the budget of 10 tokens is kept throughout (2 commits)"),
        ((9, 10), None, None),
        ((), 1, "the budget of 1 token is kept: 0 tokens"),
        ((), None, None),
    ],
)
def test_commit_that_broke_the_budget(tokens: tuple[int, ...], budget: int | None, said: str | None) -> None:
    """The oldest commit that is over the budget is named, with what it came to."""
    assert said == budget_sentence(history(*tokens, budget_tokens=budget))


def test_budget_that_was_broken_before() -> None:
    """If the budget was broken before the commits that are shown, none of them is said to have broken it."""
    found = history(12, 13, budget_tokens=10)
    rows = (replace(found.rows[0], delta=1), *found.rows[1:])
    said = (
        "the budget of 10 tokens was broken before the first commit that is shown, 1111111111 of 2026-10-01 (change 1)"
    )

    assert f"{said}: 12 tokens" == budget_sentence(replace(found, rows=rows))


def test_history_with_missing_input() -> None:
    """A budget that no commit is seen to break is only as good as the counts."""
    found = replace(grown(), budget_tokens=2_000)

    assert "the budget of 2,000 tokens is kept throughout (5 commits, as far as could be counted)" == budget_sentence(
        found
    )
