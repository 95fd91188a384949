"""How long one request may be, and into how few an input can be divided."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.calculator.accepted_length import AcceptedLength, accepts, fewest_requests
from gpt41calc.calculator.workload import Workload
from gpt41calc.commands.preflight.capacity import accepted_lengths
from gpt41calc.pricing.rate_limits import load_limits
from gpt41calc.pricing.table import load_pricing

PRICING = load_pricing()
LIMITS = load_limits()
DEAD_ZONE = [AcceptedLength(0, 30_000), AcceptedLength(128_001, 200_000)]


def found(model: str, usage_tier: int, per_minute: int = 1, **workload: object) -> list[AcceptedLength]:
    """Return the accepted lengths of a model."""
    return accepted_lengths(PRICING.find(model), LIMITS.find(model), usage_tier, Workload(**workload), per_minute)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("expected", "model", "usage_tier"),
    [
        (DEAD_ZONE, "gpt-4.1", 1),
        ([AcceptedLength(0, 500_000)], "gpt-4.1", 2),
        ([AcceptedLength(0, 1_000_000)], "gpt-4.1", 3),
        ([AcceptedLength(0, 1_046_576)], "gpt-4.1", 4),
        ([AcceptedLength(0, 400_000)], "gpt-4.1-mini", 1),
        ([AcceptedLength(0, 127_000)], "gpt-4o", 5),
        ([AcceptedLength(0, 922_000)], "gpt-6-luna", 1),
    ],
)
def test_rooms(expected: list[AcceptedLength], model: str, usage_tier: int) -> None:
    """A room ends at the limit of its tier, the window or the longest prompt; gpt-4.1 has a gap at tier 1."""
    assert expected == found(model, usage_tier)


@pytest.mark.parametrize(
    ("expected", "tokens"), [(True, 30_000), (False, 30_001), (False, 128_000), (True, 128_001), (False, 200_001)]
)
def test_dead_zone(expected: bool, tokens: int) -> None:  # noqa: FBT001 - it is what is expected
    """At tier 1, more than 30,000 tokens and not more than 128,000 are refused."""
    assert expected == accepts(found("gpt-4.1", 1), tokens)


def test_output_counts_if_it_is_more() -> None:
    """A minute's tokens are those of the input or of the longest answer, whichever is more."""
    assert [AcceptedLength(128_001, 200_000)] == found("gpt-4.1", 1, output_tokens=30_001)
    assert [] == found("gpt-4.1", 1, output_tokens=32_769)


def test_requests_share_a_minute() -> None:
    """Several requests in a minute share its tokens; a batch has the queue to itself."""
    assert [AcceptedLength(0, 3_000)] == found("gpt-4.1", 1, per_minute=10)
    assert [AcceptedLength(0, 90_000), AcceptedLength(128_001, 1_046_576)] == found("gpt-4.1", 1, tier="batch")


def test_no_room() -> None:
    """Where nothing is accepted no number of requests is enough."""
    assert [None, None, None] == [
        fewest_requests(1, []),
        fewest_requests(5, [AcceptedLength(0, 0)]),
        fewest_requests(5, [AcceptedLength(9, 20)]),
    ]


@given(st.integers(1, 3_000_000))
def test_fewest_is_reached_and_not_undercut(tokens: int) -> None:
    """So many requests can hold an input, and one less cannot, also where lengths have a gap."""
    requests = fewest_requests(tokens, DEAD_ZONE)

    assert requests is not None
    assert _is_enough(tokens, requests)
    assert requests == 1 or not _is_enough(tokens, requests - 1)


def _is_enough(tokens: int, requests: int) -> bool:
    """Say whether some of the requests being long and the others short comes to so many tokens."""
    return any(long * 128_001 <= tokens <= long * 200_000 + (requests - long) * 30_000 for long in range(requests + 1))
