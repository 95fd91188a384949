"""Limit checks: what each limit is compared with, and which remedies are named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from preflights import LIMITS, check, load, preflight, ruled, traffic
from samples import LOST, PRICING, TODAY, tally

from gpt41calc.calculator.interval import Interval
from gpt41calc.calculator.limit_check import Remedy
from gpt41calc.commands.preflight.results import Load, Traffic

SHUTDOWN = date(2027, 1, 14)


def remedies(limit: str, model: str, what: Load, how: Traffic) -> list[tuple[Any, ...]]:
    """Return the remedies for a limit: what is done, with which model, in how many requests, and what it needs."""
    return [
        (remedy.kind, remedy.model.id, remedy.requests, remedy.amount)
        for remedy in check(limit, model, what, how).remedies
    ]


@pytest.mark.parametrize(
    ("expected", "tokens", "allowed"),
    [
        (True, 30_000, 30_000),
        (False, 30_001, 30_000),
        (False, 128_000, 30_000),
        (True, 128_001, 200_000),
        (True, 200_000, 200_000),
        (False, 200_001, 200_000),
    ],
)
def test_dead_zone(expected: bool, tokens: int, allowed: int) -> None:  # noqa: FBT001 - it is what is expected
    """At tier 1 more than 30,000 tokens are refused up to 128,000, above which another limit holds."""
    found = check("tokens-per-minute", "gpt-4.1", load(tokens), traffic(1))

    assert (expected, tokens, allowed, tokens > 128_000) == (found.passed, found.actual, found.allowed, found.is_long)


def test_ways_out_of_the_dead_zone() -> None:
    """Another variant, a batch, a higher tier and several requests lead out of it, the cheapest first."""
    found = check("tokens-per-minute", "gpt-4.1", load(30_001), traffic(1))
    expected = [
        ("variant", "gpt-4.1-mini", 1, Decimal("0.0136004")),
        ("batch", "gpt-4.1", 1, Decimal("0.034001")),
        ("usage-tier", "gpt-4.1", 1, Decimal("0.068002")),
        ("split", "gpt-4.1", 2, Decimal("0.076002")),
    ]

    assert expected == [(remedy.kind, remedy.model.id, remedy.requests, remedy.cost) for remedy in found.remedies]
    assert [None, None, 2, 30_000] == [remedy.amount for remedy in found.remedies]


def test_batch_is_no_way_out_if_the_queue_is_shorter() -> None:
    """What is longer than the batch queue is not said to go as a batch."""
    assert "batch" not in {kind for kind, *_ in remedies("tokens-per-minute", "gpt-4.1", load(90_001), traffic(1))}
    assert "batch" in {kind for kind, *_ in remedies("tokens-per-minute", "gpt-4.1", load(90_000), traffic(1))}


def test_window() -> None:
    """Input and output share the window; what is over it is divided so that every part is accepted by its tier."""
    at_most, over = (load(1_047_576 - 1_000 + more) for more in (0, 1))

    assert check("window", "gpt-4.1", at_most, traffic(5)).passed
    assert (1_047_577, 1_047_576, False) == (
        check("window", "gpt-4.1", over, traffic(5)).actual,
        check("window", "gpt-4.1", over, traffic(5)).allowed,
        check("window", "gpt-4.1", over, traffic(5)).passed,
    )
    assert [("split", "gpt-4.1", 2, 1_046_576)] == remedies("window", "gpt-4.1", over, traffic(5))
    assert [("split", "gpt-4.1", 6, 200_000)] == remedies("window", "gpt-4.1", over, traffic(1))


def test_longest_prompt() -> None:
    """A model whose prompt is limited below its window is checked by its prompt."""
    found = check("window", "gpt-6-luna", load(922_001), traffic())

    assert (922_001, 922_000, False) == (found.actual, found.allowed, found.passed)


def test_output_cap() -> None:
    """A longer answer is refused; it is cut, or asked of what gives longer ones."""
    assert check("output-cap", "gpt-4.1", load(10), traffic(5, output_tokens=32_768)).passed
    assert [("replacement", "gpt-6-luna", 1, None), ("shorter", "gpt-4.1", 1, 32_768)] == remedies(
        "output-cap", "gpt-4.1", load(10), traffic(5, output_tokens=32_769)
    )
    assert not check("output-cap", "gpt-4.1", replace(load(10), output_tokens=40_000), traffic()).passed


def test_output_counts_in_a_minute() -> None:
    """A long answer uses up a minute's tokens, too; a shorter one is a remedy."""
    found = remedies("tokens-per-minute", "gpt-4.1", load(10), traffic(1, output_tokens=30_001))

    assert ("shorter", "gpt-4.1", 1, 30_000) in found


@pytest.mark.parametrize(
    ("expected", "characters"),
    [
        (True, Interval(1, 10_485_760, 10_485_760)),
        (False, Interval.exact(10_485_761)),
        (None, Interval(10_485_760, 10_485_761, 10_485_761)),
    ],
)
def test_string_length(expected: bool | None, characters: Interval[int]) -> None:  # noqa: FBT001 - it is what is expected
    """A text is within 10,485,760 characters, or over, or that is not known."""
    assert expected == check("string-length", "gpt-4.1", load(10, characters=characters), traffic()).passed


def test_string_is_cut_into_several() -> None:
    """A text that is too long goes as several texts of the same request."""
    found = load(10, characters=20_971_521)

    assert [("strings", "gpt-4.1", 1, 3)] == remedies("string-length", "gpt-4.1", found, traffic())


def test_requests_per_minute() -> None:
    """More requests a minute than the tier has are refused; fewer, a batch or a higher tier are remedies."""
    how = replace(traffic(1), per_minute=501)
    found = check("requests-per-minute", "gpt-4.1", load(10), how)

    assert (501, 500, False) == (found.actual, found.allowed, found.passed)
    assert check("requests-per-minute", "gpt-4.1", load(10), replace(how, per_minute=500)).passed


def test_slower() -> None:
    """As many requests a minute as the tokens of one are enough for."""
    how = replace(traffic(1), per_minute=20)

    assert ("slower", "gpt-4.1", 1, 10) in remedies("tokens-per-minute", "gpt-4.1", load(3_000), how)


def test_batch_queue() -> None:
    """A batch is bound by its queue and not by a minute; several batches or ordinary requests are remedies."""
    how = traffic(1, tier="batch")
    found = load(9_000, requests=11)

    assert [False, False, True] == [
        check(limit, "gpt-4.1", found, how).is_used
        for limit in ("tokens-per-minute", "requests-per-minute", "batch-queue")
    ]
    assert not check("batch-queue", "gpt-4.1", load(10), traffic(1)).is_used
    assert [
        ("variant", "gpt-4.1-mini", 1, None),
        ("batches", "gpt-4.1", 1, 2),
        ("usage-tier", "gpt-4.1", 1, 2),
        ("one-by-one", "gpt-4.1", 1, None),
    ] == remedies("batch-queue", "gpt-4.1", found, how)


@pytest.mark.parametrize(
    ("expected", "bytes_", "requests"),
    [((True, 50_000, "requests"), 10, 50_000), ((False, 50_000, "requests"), 10, 50_001)],
)
def test_batch_file(expected: tuple[Any, ...], bytes_: int, requests: int) -> None:
    """A batch file has at most 50,000 requests."""
    found = check("batch-file", "gpt-4.1", replace(load(bytes_, requests), is_batch_file=True), traffic(tier="batch"))

    assert expected == (found.passed, found.allowed, found.unit)


def test_batch_file_is_too_long() -> None:
    """A batch file has at most 200 MB."""
    found = check("batch-file", "gpt-4.1", replace(load(50_000_001), is_batch_file=True), traffic(tier="batch"))

    assert (False, 200_000_000, "bytes") == (found.passed, found.allowed, found.unit)
    assert ["batches"] == [remedy.kind for remedy in found.remedies]


@pytest.mark.parametrize(
    ("expected", "until"),
    [(True, SHUTDOWN - timedelta(1)), (False, SHUTDOWN), (False, SHUTDOWN + timedelta(1))],
)
def test_shutdown(expected: bool, until: date) -> None:  # noqa: FBT001 - it is what is expected
    """A model must be served through the last day, and on its day of shutdown it is no longer."""
    assert expected == check("shutdown", "gpt-4.1", load(10), traffic(until=until)).passed


def test_ways_out_of_a_shutdown() -> None:
    """What is shut down is replaced by what its vendor names or by a variant; if need be in several requests."""
    assert [
        ("replacement", "gpt-5.6-luna", 1, None),
        ("variant", "gpt-4.1-mini", 1, None),
        ("variant", "gpt-4.1", 1, None),
    ] == remedies("shutdown", "gpt-4.1-nano", load(10), traffic())
    assert [("replacement", "gpt-6-luna", 2, None)] == remedies(
        "shutdown", "gpt-4.1", load(1_000_000), traffic(until=SHUTDOWN)
    )


def test_unreleased() -> None:
    """Before its release a model is not served."""
    day = date(2025, 4, 13)

    assert not check("shutdown", "gpt-4.1", load(10), traffic(as_of=day, until=day)).passed


@pytest.mark.parametrize(
    ("expected", "model", "day"),
    [
        (True, "gpt-4.1", date(2026, 5, 6)),
        (None, "gpt-4.1", date(2026, 5, 7)),
        (None, "gpt-4.1", date(2027, 1, 5)),
        (False, "gpt-4.1", date(2027, 1, 6)),
        (None, "gpt-4.1-nano", date(2026, 10, 22)),
        (False, "gpt-4.1-nano", date(2026, 10, 23)),
        (False, "o3", date(2026, 5, 6)),
    ],
)
def test_fine_tuning(expected: bool | None, model: str, day: date) -> None:  # noqa: FBT001 - it is what is expected
    """It was closed in steps, of which it is not known whom they concern, then for all or with the model."""
    how = replace(traffic(as_of=day, until=day), fine_tune=True)

    assert expected == check("fine-tuning", model, load(10), how).passed
    assert not check("fine-tuning", model, load(10), replace(how, fine_tune=False)).is_used


def test_unknown_limits_are_not_kept() -> None:
    """Where the table has no limit it is not known whether a request is accepted, and the run is not complete."""
    found = preflight(("gpt-6-luna",), load(10), traffic())

    assert (False, False) == (found.is_failed, found.is_complete)
    assert ["tokens-per-minute", "requests-per-minute"] == [
        one.limit for one in found.models[0].limit_checks if one.is_unknown
    ]


def test_missing_input_makes_requests_longer() -> None:
    """With input missing what is kept is not known, what is exceeded is broken, and a gap may be left behind."""
    limits = ("window", "tokens-per-minute", "string-length")
    short, gap, long = (load(tally({"a": tokens}, LOST)) for tokens in (10, 100_000, 1_100_000))

    assert [None, None, None] == [check(limit, "gpt-4.1", short, traffic()).passed for limit in limits]
    assert check("tokens-per-minute", "gpt-4.1", gap, traffic()).passed is None
    assert [False, False, None] == [check(limit, "gpt-4.1", long, traffic()).passed for limit in limits]


def test_estimated_counts_are_judged_by_their_high_bound() -> None:
    """Where the tokenizer is not public the most that a count can be must be within the limit."""
    found = check("window", "claude-sonnet-4-6", load(800_000), traffic())

    assert (800_000 * 150 // 100 + 1_000, False, "estimated") == (found.actual, found.passed, found.exactness)


def test_every_remedy_works() -> None:
    """Another model, a batch or a tier that is named as a remedy is refused for nothing else, and there are such."""
    named = [
        (tokens, tier, remedy)
        for tokens in (30_001, 90_001, 128_000, 200_001, 450_001, 1_046_577)
        for tier in (1, 2, 3)
        for remedy in check("tokens-per-minute", "gpt-4.1", load(tokens), traffic(tier)).remedies
    ]
    useless = [(tokens, tier, remedy.kind) for tokens, tier, remedy in named if _after(remedy, tokens, tier)]

    assert ({"variant", "batch", "usage-tier"}, []) == (
        {"variant", "batch", "usage-tier"} & {one.kind for *_, one in named},
        useless,
    )


def _after(remedy: Remedy, tokens: int, tier: int) -> bool:
    """Say whether the request is still refused once a remedy is applied."""
    if remedy.kind == "split":
        length = -(-tokens // remedy.requests)
        return length > (remedy.amount or 0)
    price_list = "batch" if remedy.kind == "batch" else "standard"
    how = traffic(remedy.amount or tier if remedy.kind == "usage-tier" else tier, tier=price_list)
    return ruled(remedy.model.id, load(tokens), how).is_broken


def test_tables_agree() -> None:
    """Every model of which limits are known can be checked."""
    for model in LIMITS.table.model:
        assert PRICING.find(model.id).id == ruled(model.id, load(10), traffic(until=TODAY)).model.id
