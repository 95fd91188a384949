"""Usage objects of three APIs, wherever a line keeps them, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.commands.usage.charges import Answer, Usage
from gpt41calc.commands.usage.responses import NoUsage, answers_in
from gpt41calc.pricing.price import Tier

CHAT_USAGE = {
    "prompt_tokens": 2006,
    "completion_tokens": 300,
    "total_tokens": 2306,
    "prompt_tokens_details": {"cached_tokens": 1920, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 120, "audio_tokens": 0},
}
CHAT = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1_762_776_000, "model": "gpt-4.1-2025-04-14"}
RESPONSE = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1_762_776_000.5,
    "model": "gpt-4.1-mini-2025-04-14",
    "service_tier": "default",
    "usage": {
        "input_tokens": 36,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": 87,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 123,
    },
}
MESSAGE = {
    "id": "msg_1",
    "type": "message",
    "model": "claude-3-7-sonnet-20250219",
    "usage": {
        "input_tokens": 50,
        "cache_creation_input_tokens": 2000,
        "cache_read_input_tokens": 10_000,
        "cache_creation": {"ephemeral_5m_input_tokens": 500, "ephemeral_1h_input_tokens": 1500},
        "output_tokens": 400,
        "service_tier": "standard",
    },
}


def only(value: object, tier: Tier | None = None) -> Answer:
    """Return the one answer in a line."""
    found = answers_in(value, "a.jsonl:1", tier)
    assert len(found) == 1
    return found[0]


def chat(**changed: Any) -> dict[str, Any]:
    """Return a Chat answer, changed."""
    return {**CHAT, "usage": CHAT_USAGE} | changed


def batch(body: object, **changed: Any) -> dict[str, Any]:
    """Return a line of a Batch output file."""
    line = {"id": "batch_req_1", "custom_id": "r1", "response": {"status_code": 200, "body": body}, "error": None}
    return line | changed


def test_chat() -> None:
    """Cached tokens are part of the prompt, those of reasoning part of the answer."""
    found = only(chat())

    assert Usage(fresh_tokens=86, cached_tokens=1920, output_tokens=300, reasoning_tokens=120) == found.usage
    assert ("gpt-4.1-2025-04-14", date(2025, 11, 10), "standard", None) == (
        found.model,
        found.day,
        found.tier,
        found.custom_id,
    )


def test_responses() -> None:
    """A body of the Responses API is read the same way."""
    found = only(RESPONSE)

    assert Usage(fresh_tokens=36, output_tokens=87) == found.usage
    assert (date(2025, 11, 10), "standard") == (found.day, found.tier)


def test_anthropic() -> None:
    """What a cache served or kept is beside the rest of the prompt: nothing is subtracted."""
    found = only(MESSAGE)
    expected = Usage(
        fresh_tokens=50, cached_tokens=10_000, written_tokens=500, written_1h_tokens=1500, output_tokens=400
    )

    assert expected == found.usage
    assert found.day is None


def test_anthropic_without_ages() -> None:
    """Tokens written to a cache are of the short kind where nothing else is said; null is nothing."""
    usage = {"input_tokens": 5, "cache_creation_input_tokens": 7, "cache_read_input_tokens": None, "output_tokens": 1}

    assert Usage(fresh_tokens=5, written_tokens=7, output_tokens=1) == only({"model": "claude", "usage": usage}).usage


@pytest.mark.parametrize("body", [chat(), chat(service_tier="default"), RESPONSE])
def test_batch(body: object) -> None:
    """A line of a Batch output file is charged as such, and named by its custom_id."""
    found = only(batch(body))

    assert ("batch", "r1") == (found.tier, found.custom_id)


def test_batch_of_anthropic() -> None:
    """So is one of Anthropic's."""
    found = only({"custom_id": "r2", "result": {"type": "succeeded", "message": MESSAGE}})

    assert ("batch", "r2", 12_050) == (found.tier, found.custom_id, found.usage.input_tokens)


@pytest.mark.parametrize(
    ("said", "typed", "tier"),
    [
        (None, None, "standard"),
        ("auto", None, "standard"),
        ("default", "flex", "standard"),
        (None, "flex", "flex"),
        ("flex", None, "flex"),
        ("priority", "standard", "priority"),
        ("fast", None, "priority"),
        ("batch", None, "batch"),
    ],
)
def test_tier(said: str | None, typed: Tier | None, tier: Tier) -> None:
    """An answer's own tier holds; the option is for those that do not say."""
    assert tier == only(chat(service_tier=said), typed).tier


def test_tier_of_a_batch_may_be_typed() -> None:
    """What only looks like a Batch output file can be charged as it was."""
    assert "standard" == only(batch(chat(service_tier="default")), "standard").tier


@pytest.mark.parametrize(
    "line",
    [
        {"time": "2025-11-10T23:59:59Z", "response": {"model": "gpt-4.1", "usage": CHAT_USAGE}},
        {"timestamp": "2025-11-11T05:00:00+06:00", "model": "gpt-4.1", "usage": CHAT_USAGE},
        {"ts": 1_762_776_000_000, "request": {"model": "gpt-4.1", "messages": []}, "usage": CHAT_USAGE},
        {"event": {"data": [{"created": 1_762_776_000, "model": "gpt-4.1", "usage": CHAT_USAGE}]}},
        {"latency": 0.5, "date": "2025-11-10", "call": {"model": "gpt-4.1", "usage": {"prompt_tokens": 2006}}},
    ],
)
def test_logs(line: object) -> None:
    """A log holds the usage somewhere, and the model and the day beside it or above it; days are in UTC."""
    found = only(line)

    assert ("gpt-4.1", date(2025, 11, 10), 2006) == (found.model, found.day, found.usage.input_tokens)


def test_steps() -> None:
    """A line with several steps has several answers; what is summed up above them is not added to them."""
    steps = {"model": "gpt-4.1", "steps": [{"usage": CHAT_USAGE}, {"usage": CHAT_USAGE}]}
    summed = steps | {"usage": {"prompt_tokens": 4012, "completion_tokens": 600}}

    assert 2 == len(answers_in(steps, "a"))
    assert [4012] == [one.usage.input_tokens for one in answers_in(summed, "a")]


def test_a_tool_named_usage() -> None:
    """A schema with a property of that name is no usage."""
    body = {"model": "gpt-4.1", "tools": [{"parameters": {"properties": {"usage": {"type": "string"}}}}]}
    deeper = {"request": body, "answer": {"inner": {"more": {"again": {"usage": CHAT_USAGE}}}}}

    assert 2006 == only(deeper).usage.input_tokens


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ([], "expected an object, found a list"),
        ("a", "expected an object, found a text"),
        (None, "expected an object, found null"),
        (True, "expected an object, found true or false"),
        (1, "expected an object, found a number"),
        ({}, "no usage in it"),
        ({"usage": {"cpu": 1}}, "no usage in it"),
        ({"usage": CHAT_USAGE}, "no model beside its usage"),
        (chat(model=7), "no model beside its usage"),
        (chat(service_tier="scale"), "unknown service_tier 'scale'"),
        (chat(service_tier=["flex"]), "unknown service_tier '['flex']'"),
        (chat(created=-1), "created: expected a time, found '-1'"),
        (chat(created=True), "created: expected a time, found 'True'"),
        (chat(created=10**99), f"created: expected a time, found '1{'0' * 39}'"),
        (chat(created="0001-01-01T00:00:00+14:00"), "created: expected a time, found '0001-01-01T00:00:00+14:00'"),
        (
            chat(usage={"completion_tokens": 1}),
            "prompt_tokens: expected a whole number from 0 to 1,000,000,000,000, found nothing",
        ),
        (
            chat(usage={"prompt_tokens": 1.5}),
            "prompt_tokens: expected a whole number from 0 to 1,000,000,000,000, found '1.5'",
        ),
        (
            chat(usage={"prompt_tokens": True}),
            "prompt_tokens: expected a whole number from 0 to 1,000,000,000,000, found 'True'",
        ),
        (
            chat(usage={"prompt_tokens": -1}),
            "prompt_tokens: expected a whole number from 0 to 1,000,000,000,000, found '-1'",
        ),
        (
            chat(usage={"prompt_tokens": "9"}),
            "prompt_tokens: expected a whole number from 0 to 1,000,000,000,000, found '9'",
        ),
        (
            chat(usage={"prompt_tokens": 9, "prompt_tokens_details": {"cached_tokens": 10}}),
            "10 cached tokens are more than the 9 they are part of",
        ),
        (
            chat(
                usage={"prompt_tokens": 9, "completion_tokens": 1, "completion_tokens_details": {"reasoning_tokens": 2}}
            ),
            "2 reasoning tokens are more than the 1 they are part of",
        ),
        (
            chat(usage={"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 15}),
            "total_tokens is 15, but its parts add up to 10",
        ),
        (
            chat(usage={"prompt_tokens": 9, "prompt_tokens_details": {"audio_tokens": 3}}),
            "audio tokens, which the price table does not know",
        ),
        (
            chat(usage={"prompt_tokens": 9, "cache_creation_input_tokens": 3}),
            "prompt_tokens beside cache_creation_input_tokens: it cannot be said what is in which",
        ),
        (
            MESSAGE | {"usage": {**MESSAGE["usage"], "cache_creation_input_tokens": 1}},  # type: ignore[dict-item]
            "cache_creation_input_tokens is 1, but its parts add up to 2,000",
        ),
        ({"type": "message_start", "message": MESSAGE}, "an event of a stream: its usage is not whole"),
        ({"type": "message_delta", "usage": {"output_tokens": 15}}, "an event of a stream: its usage is not whole"),
    ],
)
def test_refused(line: object, reason: str) -> None:
    """What contradicts itself, or does not say enough, is that line's reason."""
    with pytest.raises(NoUsage) as raised:
        answers_in(line, "a")

    assert (reason, False) == (raised.value.reason, raised.value.expected)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (batch(None, response=None, error={"code": "batch_expired", "message": "too late"}), "failed: too late"),
        (batch({"error": {"message": "bad request"}}), "failed: bad request"),
        (batch(None, response=None, error={"code": "x"}), "failed: x"),
        ({"custom_id": "a", "result": {"type": "expired"}}, "failed: expired"),
        ({"custom_id": "a", "result": {"type": "errored", "error": {"type": "overloaded"}}}, "failed: overloaded"),
        ({"error": "gone"}, "failed: gone"),
        (chat(object="chat.completion.chunk", usage=None), "a part of a stream, without usage"),
        ({"type": "response.created", "response": {"usage": None}}, "a part of a stream, without usage"),
    ],
)
def test_nothing_is_missing(line: object, reason: str) -> None:
    """A request that failed, and a part of a stream, have no usage, and the sum is whole without them."""
    with pytest.raises(NoUsage) as raised:
        answers_in(line, "a")

    assert (reason, True) == (raised.value.reason, raised.value.expected)


KEYS = (
    *("usage", "model", "type", "object", "created", "service_tier", "response", "result", "body", "error"),
    *("custom_id", "input_tokens", "output_tokens", "prompt_tokens", "prompt_tokens_details", "cached_tokens"),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=20,
)


@given(anything)
def test_anything(value: object) -> None:
    """Whatever a line holds, it is answers or has a reason, and no number of tokens is negative."""
    try:
        found = answers_in(value, "a")
    except NoUsage as error:
        found, reason = [], error.reason
    else:
        reason = ""

    assert bool(found) != bool(reason)
    assert all(getattr(one.usage, name) >= 0 for one in found for name in Usage.__slots__)
