"""Which variant: the order of the guidance, the conditions, and how well a long input is read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from variants import GUIDANCE, recommendation

from gpt41calc.commands.recommend.recommendation import Recommendation

LAUNCH = date(2025, 4, 14)
"""A day on which all three variants are served."""


def ranked(found: Recommendation) -> list[str]:
    """Return the variants that are left, best first, by the end of their name."""
    return [one.variant.id.removeprefix("gpt-4.1").strip("-") or "large" for one in found.ranked]


def broken(found: Recommendation) -> dict[str, list[str]]:
    """Return the conditions that the others break."""
    return {
        one.variant.id.removeprefix("gpt-4.1").strip("-") or "large": [each.constraint for each in one.objections]
        for one in found.excluded
    }


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("code", ["large", "mini", "nano"]),
        ("planning", ["large", "mini", "nano"]),
        ("instructions", ["large", "mini", "nano"]),
        ("structured", ["large", "mini", "nano"]),
        ("vision", ["mini", "large", "nano"]),
        ("autocomplete", ["nano", "mini", "large"]),
        ("classification", ["nano", "mini", "large"]),
        ("extraction", ["nano", "mini", "large"]),
        ("chat", ["mini", "large", "nano"]),
        ("long-documents", ["large", "mini", "nano"]),
    ],
)
def test_order_of_the_guidance(task: str, expected: list[str]) -> None:
    """Where nothing else decides, the guidance does."""
    assert expected == ranked(recommendation(task, 2_000, on=LAUNCH))


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        (127_999, ["nano", "mini", "large"]),
        (128_000, ["nano", "mini", "large"]),
        (128_001, ["mini", "large", "nano"]),
        (500_000, ["mini", "large", "nano"]),
        (1_500_000, ["mini", "large", "nano"]),
    ],
)
def test_long_inputs_are_for_who_reads_them(tokens: int, expected: list[str]) -> None:
    """A variant that finds less than half of what the best one finds comes last."""
    found = recommendation("extraction", tokens, on=LAUNCH)

    assert expected == ranked(found)
    assert [one.reads_badly for one in found.ranked] == [False, False, expected[-1] == "nano"]


def test_reads_badly_among_those_left() -> None:
    """Who is left out does not make the others look bad."""
    found = recommendation("extraction", 500_000, on=LAUNCH, max_cost="0.1")

    assert (["nano"], False) == (ranked(found), found.ranked[0].reads_badly)


def test_shut_down_models_are_left_out() -> None:
    """A model that is shut down on the day is left out, unless it is allowed."""
    assert {"nano": ["status"]} == broken(recommendation("extraction", 2_000))
    assert {} == broken(recommendation("extraction", 2_000, allow_retired=True))
    assert {"large": ["status"], "mini": ["status"], "nano": ["status"]} == broken(
        recommendation("code", 2_000, on=date(2027, 1, 14))
    )


def test_before_the_release_nothing_is_left() -> None:
    """Before its release a model cannot be used, whatever is allowed; it has no price either."""
    found = broken(recommendation("code", 2_000, on=date(2025, 4, 13), allow_retired=True))

    assert {key: ["status", "price"] for key in ("large", "mini", "nano")} == found


@pytest.mark.parametrize(
    ("limit", "expected"), [("0.012", ["large", "mini"]), ("0.0119", ["mini"]), ("0.0024", ["mini"]), ("0.0023", [])]
)
def test_most_a_request_may_cost(limit: str, expected: list[str]) -> None:
    """A request may cost exactly as much as was said: 2,000 tokens and 1,000 of output."""
    assert expected == ranked(recommendation("code", 2_000, max_cost=limit))


@pytest.mark.parametrize(
    ("tokens", "expected"), [(127_999, ["large", "mini"]), (128_000, ["mini"]), (900_000, ["mini"])]
)
def test_interactive(tokens: int, expected: list[str]) -> None:
    """Who is known to answer late at this length is left out; who is not known to, is not."""
    assert expected == ranked(recommendation("code", tokens, latency="interactive"))


def test_batch_prices() -> None:
    """What is needed within a day is priced as a batch."""
    found = recommendation("code", 2_000, latency="batch").ranked[0].estimate.cost

    assert found is not None
    assert Decimal("0.006") == found.per_request


def test_fine_tuned_copies() -> None:
    """Where fine-tuning is needed, the copy is priced, and its window holds."""
    found = recommendation("code", 200_000, needs=("fine-tuning",))
    first = found.ranked[0]

    assert ("gpt-4.1", "ft:gpt-4.1-2025-04-14", 128_000) == (
        first.variant.id,
        first.estimate.model.id,
        first.estimate.context.window,
    )
    assert first.estimate.cost is not None
    assert Decimal("0.612") == first.estimate.cost.per_request


def test_fine_tuning_that_is_closed() -> None:
    """From its last day on, nothing can be fine-tuned."""
    before = recommendation("code", 2_000, needs=("fine-tuning",), on=date(2027, 1, 5))
    after = recommendation("code", 2_000, needs=("fine-tuning",), on=date(2027, 1, 6))

    assert (["large", "mini"], []) == (ranked(before), ranked(after))
    assert ["closed"] == broken(after)["large"]


def test_every_broken_condition_is_named() -> None:
    """A variant that breaks several conditions is told all of them."""
    found = recommendation("code", 500_000, latency="interactive", max_cost="0.01")

    assert {"large": ["max-cost", "latency"], "mini": ["max-cost"], "nano": ["status", "max-cost"]} == broken(found)


def test_one_variant_cheaper() -> None:
    """Going down saves money and gives up scores; the cheapest has nothing below it."""
    found = recommendation("code", 500_000)
    step = found.ranked[0].cheaper

    assert step is not None
    assert ("gpt-4.1-mini", Decimal("0.8064")) == (step.to.id, step.saved)
    assert [("swe-bench", Decimal("54.6"), Decimal("23.6")), ("aider-diff", Decimal("52.9"), Decimal("31.6"))] == [
        (loss.benchmark.id, loss.here, loss.there) for loss in step.losses
    ]
    assert found.excluded[0].cheaper is None


def test_rivals_that_lead_are_named() -> None:
    """Who does better than every variant is named, best first, with the source."""
    leads = recommendation("code", 2_000).leads

    assert [
        ("swe-bench", "Gemini 2.5 Pro", "63.8", ("PRESS-4.1",)),
        ("swe-bench", "Claude 3.7 Sonnet", "62.3", ("PRESS-4.1",)),
        ("aider-diff", "o1 (high)", "61.7", ("BLOG-4.1",)),
        ("aider-diff", "o3-mini (high)", "60.4", ("BLOG-4.1",)),
    ] == [(lead.benchmark.id, lead.model, str(lead.score), lead.source) for lead in leads]


def test_no_variant_is_forgotten() -> None:
    """Every variant is either ranked or left out with a reason."""
    for task in GUIDANCE.task:
        found = recommendation(task.id, 500_000, max_cost="0.3", latency="interactive")
        everyone = {one.variant.id for one in (*found.ranked, *found.excluded)}

        assert (set(GUIDANCE.variants), True) == (everyone, all(one.objections for one in found.excluded))
