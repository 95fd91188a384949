"""Every number in a usage object is known by its name, or the line is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.commands.usage.answer import Usage
from gpt41calc.commands.usage.no_usage import NoUsage
from gpt41calc.commands.usage.token_counts import read_counts
from gpt41calc.commands.usage.token_fields import API_FIELDS

CHAT = {"prompt_tokens": 100, "completion_tokens": 10}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        # OpenAI: within the prompt, also what was written to the cache.
        (
            CHAT | {"prompt_tokens_details": {"cached_tokens": 40, "cache_write_tokens": 50}},
            Usage(fresh_tokens=10, cached_tokens=40, written_tokens=50, output_tokens=10),
        ),
        # A gateway that says the same twice, and the total with it.
        (
            CHAT
            | {
                "total_tokens": 110,
                "prompt_tokens_details": {"cached_tokens": 40},
                "cache_read_input_tokens": 40,
                "cache_creation_input_tokens": 50,
            },
            Usage(fresh_tokens=10, cached_tokens=40, written_tokens=50, output_tokens=10),
        ),
        # Anthropic's words, where the total says that they lie within.
        (
            {"input_tokens": 100, "output_tokens": 10, "total_tokens": 110, "cache_read_input_tokens": 90},
            Usage(fresh_tokens=10, cached_tokens=90, output_tokens=10),
        ),
        # And where it says that they come on top.
        (
            {"inputTokens": 100, "outputTokens": 10, "totalTokens": 200, "cacheReadInputTokens": 90},
            Usage(fresh_tokens=100, cached_tokens=90, output_tokens=10),
        ),
        # Thoughts on top of the answer.
        (
            CHAT | {"total_tokens": 115, "completion_tokens_details": {"reasoning_tokens": 5}},
            Usage(fresh_tokens=100, output_tokens=15, reasoning_tokens=5),
        ),
        # one-api leaves the names that it does not use at 0.
        (
            CHAT | {"input_tokens": 0, "output_tokens": 0, "total_tokens": 110},
            Usage(fresh_tokens=100, output_tokens=10),
        ),
        # Lifetimes without their sum.
        (
            {"input_tokens": 1, "output_tokens": 2, "cache_creation": {"ephemeral_1h_input_tokens": 30}},
            Usage(fresh_tokens=1, written_1h_tokens=30, output_tokens=2),
        ),
        # What is unknown and nothing is nothing; what is known to be harmless is let through.
        (
            CHAT | {"new_tokens": 0, "tier_hint": None, "queue_time": 0.2, "x": {}},
            Usage(fresh_tokens=100, output_tokens=10),
        ),
    ],
)
def test_read(raw: dict[str, Any], expected: Usage) -> None:
    """Names and the total decide which numbers lie within which."""
    assert expected == read_counts(raw).usage


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (CHAT | {"total_tokens": 300}, "total_tokens is 300, but its parts add up to 110"),
        (CHAT | {"new_tokens": 3}, "new_tokens: '3', of which it is not known whether it is charged"),
        (CHAT | {"d": {"e": "f"}}, "d.e: 'f', of which it is not known whether it is charged"),
        (CHAT | {"list": [1]}, "list: a list, of which it is not known whether it is charged"),
        (CHAT | {"output_tokens": 11}, "completion_tokens is 10, but output_tokens is 11"),
        (
            CHAT | {"prompt_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 50}},
            "110 cached and written tokens are more than the 100 they are part of",
        ),
    ],
)
def test_refused(raw: dict[str, Any], reason: str) -> None:
    """What contradicts itself or has no known name is a reason, with the name and the number."""
    with pytest.raises(NoUsage) as raised:
        read_counts(raw)

    assert reason == raised.value.reason


def test_fees_and_modes() -> None:
    """Calls that are charged apart are told, and modes handed on."""
    found = read_counts(
        {
            "input_tokens": 1,
            "server_tool_use": {"web_search_requests": 2, "web_fetch_requests": 9, "code_execution_requests": 3},
            "inference_geo": "us",
            "cost": 0.5,
        }
    )

    assert (2, ("3 code_execution_requests",), {"inference_geo": "us"}, "0.5") == (
        found.usage.web_searches,
        found.uncharged,
        found.modes,
        str(found.cost),
    )


@given(st.dictionaries(st.sampled_from(sorted(API_FIELDS)), st.integers(-1, 100), max_size=6))
def test_never_more_than_is_said(flat: dict[str, int]) -> None:
    """Whatever numbers are given: a reason, or tokens of which none is negative and none counted twice."""
    raw: dict[str, Any] = {}
    for path, number in flat.items():
        *steps, last = path.split(".")
        place = raw
        for step in steps:
            place = place.setdefault(step, {})
        place[last] = number
    try:
        usage = read_counts(raw).usage
    except NoUsage:
        return
    total = next((flat[name] for name in ("total_tokens", "totalTokens") if flat.get(name)), None)

    assert min(usage.numbers) >= 0
    assert total is None or total == usage.input_tokens + usage.output_tokens
