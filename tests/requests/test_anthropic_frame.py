"""Messages requests take what Anthropic bills for them: a small body for every rule.

The bodies are written for these tests; the numbers are what the rules give, and as many recorded calls as a test says
have the same shape and were billed by the same rule.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.calculator.interval import Interval
from gpt41calc.errors import RequestError
from gpt41calc.pricing.table import load_pricing
from gpt41calc.requests.anthropic_frame import anthropic_stretches
from gpt41calc.requests.anthropic_tools import call_text, function_text, result_text
from gpt41calc.requests.blocks import measured
from gpt41calc.requests.detect import parse_request
from gpt41calc.requests.tokens import exactness, request_tokens
from gpt41calc.tokenizer.engines import tokenizer

HAIKU, SONNET_4, OPUS_48 = "claude-haiku-4-5", "claude-sonnet-4", "claude-opus-4-8"

ASK = {"role": "user", "content": "Will it rain?"}
ANSWER = {"role": "assistant", "content": "No."}
TOOL = {
    "name": "rain",
    "description": "Say if it rains.",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
CALL = {"role": "assistant", "content": [{"type": "tool_use", "id": "a", "name": "rain", "input": {"city": "Bern"}}]}
RESULT = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "a", "content": "dry"}]}
TWO_CALLS = {
    "role": "assistant",
    "content": [*CALL["content"], {"type": "tool_use", "id": "b", "name": "rain", "input": {"city": "Rome"}}],
}
TWO_RESULTS = {
    "role": "user",
    "content": [*RESULT["content"], {"type": "tool_result", "tool_use_id": "b", "content": "wet"}],
}
THOUGHT = {"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm"}, {"type": "text", "text": "No."}]}
SCHEMA = {"type": "object", "properties": {"rain": {"type": "boolean"}}, "required": ["rain"]}


def body(*messages: dict[str, Any], model: str = HAIKU, **more: Any) -> dict[str, Any]:
    """Return a body."""
    return {"model": model, "max_tokens": 100, "messages": list(messages or (ASK,)), **more}


def span(given: dict[str, Any]) -> Interval[int]:
    """Return what a body takes with the model it names."""
    model = load_pricing().find(given["model"])
    return request_tokens(measured(parse_request(given)), model, tokenizer(model.counted_in))


def tokens(given: dict[str, Any]) -> int:
    """Return what a body takes with the model it names."""
    return span(given).value


@pytest.mark.usefixtures("reconstructed")
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # 4 for the request, 3 for the message, 4 for the text: 29 calls of one message.
        pytest.param(body(), 11, id="one message"),
        # 2 for a message since 4.8, and 6 for the text: 4 calls.
        pytest.param(body(model=OPUS_48), 12, id="one message, newer"),
        # Three messages: 16 calls.
        pytest.param(body(ASK, ANSWER, ASK), 23, id="three messages"),
        # What the answer goes on with has nothing around it: 2 calls.
        pytest.param(body(ASK, ANSWER), 13, id="prefill"),
        # A system text has no frame: 26 calls; two of them are joined by one token: 2 calls.
        pytest.param(body(system="Be brief."), 14, id="system"),
        pytest.param(body(system=[{"type": "text", "text": "Be brief."}] * 2), 18, id="two system texts"),
        # 29 for thoughts with a budget: 15 calls; thoughts of the past are not billed: 7 of these.
        pytest.param(body(thinking={"type": "enabled", "budget_tokens": 1024}), 40, id="thinking"),
        pytest.param(
            body(ASK, THOUGHT, ASK),
            23,
            id="past thoughts",
        ),
    ],
)  # fmt: skip
def test_texts(given: dict[str, Any], expected: int) -> None:
    """Requests of texts alone take their texts and a few tokens for each message."""
    assert expected == tokens(given)


@pytest.mark.usefixtures("reconstructed")
@pytest.mark.parametrize(
    ("more", "expected"),
    [
        # The text of the function and 497: 11 calls; the system's text adds one to join: 11 calls.
        pytest.param({}, 497, id="auto"),
        pytest.param({"system": "Be brief."}, 497 + 3 + 1, id="system"),
        pytest.param({"tool_choice": {"type": "none"}}, 497, id="none"),
        # 589: 5 calls; 594: 3 calls; 603: 3 calls.
        pytest.param({"tool_choice": {"type": "any"}}, 589, id="any"),
        pytest.param({"tool_choice": {"type": "tool", "name": "rain"}}, 594, id="named"),
        pytest.param(
            {"tool_choice": {"type": "tool", "name": "rain", "disable_parallel_tool_use": True}}, 603, id="single"
        ),
    ],
)
def test_what_is_said_about_tools(more: dict[str, Any], expected: int) -> None:
    """A request with tools takes their text and what Anthropic says about them, by the choice of the tool."""
    text = tokenizer("claude-3").count(function_text(TOOL))

    assert 11 + text + expected == tokens(body(tools=[TOOL], **more))


@pytest.mark.usefixtures("reconstructed")
def test_what_is_not_billed() -> None:
    """Marks for a cache, strictness and tools that are loaded later take nothing; 3 calls have such tools."""
    marked = TOOL | {"cache_control": {"type": "ephemeral"}, "strict": True}
    later = TOOL | {"name": "snow", "defer_loading": True}
    expected = tokens(body(tools=[TOOL]))

    assert expected == tokens(body(tools=[marked]))
    assert expected == tokens(body(tools=[TOOL, later]))


def test_a_function_as_text() -> None:
    """Keys of a schema are in order, what is not ASCII is escaped, an empty description is left out: 57 calls."""
    tool = {"name": "f", "description": "é", "input_schema": {"type": "object", "properties": {}}}

    assert (
        '<function>{"description": "\\u00e9", "name": "f", "parameters": {"properties": {}, "type": "object"}}'
        "</function>\n"
    ) == function_text(tool)
    assert '<function>{"name": "f", "parameters": {}}</function>\n' == function_text({"name": "f", "description": ""})


@pytest.mark.usefixtures("reconstructed")
@pytest.mark.parametrize(
    ("messages", "texts", "frame"),
    [
        # One call and its result: 14 calls.
        pytest.param((ASK, CALL, RESULT), 1, 4 + 9 - 5, id="one call"),
        # Two and more calls, each at once after a result: 1 call exactly, 7 within two tokens.
        pytest.param((ASK, CALL, RESULT, CALL, RESULT), 2, 4 + 15 - 5 - 5 - 2, id="two calls in a row"),
        # An answer between them: 3 calls.
        pytest.param((ASK, CALL, RESULT, ANSWER, ASK, CALL, RESULT), 2, 4 + 21 - 5 - 5, id="an answer between"),
    ],
)
def test_a_history_of_calls(messages: tuple[dict[str, Any], ...], texts: int, frame: int) -> None:
    """Calls and results take the text that they are written as, and a little less for what is around it."""
    count = tokenizer("claude-3").count
    call, result = call_text(CALL["content"]), result_text([("rain", "dry")], is_single=True)  # type: ignore[arg-type]
    said = sum(count(one["content"]) for one in messages if isinstance(one["content"], str))
    functions = count(function_text(TOOL)) + 497

    assert functions + said + texts * (count(call) + count(result)) + frame == tokens(body(*messages, tools=[TOOL]))


@pytest.mark.usefixtures("reconstructed")
def test_calls_at_once() -> None:
    """Several results in one message are told apart by the names of their tools: 7 calls."""
    count = tokenizer("claude-3").count
    calls = count(call_text(TWO_CALLS["content"]))  # type: ignore[arg-type]
    results = count(result_text([("rain", "dry"), ("rain", "wet")], is_single=False))
    functions = count(function_text(TOOL)) + 497
    expected = 4 + 9 + functions + count("Will it rain?") + calls + results - 5 - 2 * 3

    assert expected == tokens(body(ASK, TWO_CALLS, TWO_RESULTS, tools=[TOOL]))


@pytest.mark.usefixtures("reconstructed")
@pytest.mark.parametrize(
    "given",
    [{"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}}, {"output_format": {"schema": SCHEMA}}],
)
def test_the_form_of_the_answer(given: dict[str, Any]) -> None:
    """The schema of an answer takes 81 and its text over several lines: 19 calls; one more beside a system text."""
    import json

    text = tokenizer("claude-3").count(json.dumps(SCHEMA, indent=2))

    assert 11 + 81 + text == tokens(body(**given))
    assert 14 + 81 + text + 1 == tokens(body(system="Be brief.", **given))


@pytest.mark.usefixtures("reconstructed")
def test_a_tool_that_a_result_makes_known() -> None:
    """A tool that was loaded later is billed where a result refers to it: 9 calls within 3 tokens."""
    later = TOOL | {"name": "snow", "defer_loading": True}
    known = copy.deepcopy(RESULT)
    known["content"][0]["content"] = [{"type": "tool_reference", "tool_name": "snow"}]  # type: ignore[index]
    plain, count = body(ASK, CALL, RESULT, tools=[TOOL, later]), tokenizer("claude-3").count
    result = count(result_text([("rain", "dry")], is_single=True)) - 5

    assert tokens(plain) - result + count(function_text(later)) + 18 == tokens(
        body(ASK, CALL, known, tools=[TOOL, later])
    )


@pytest.mark.usefixtures("reconstructed")
def test_a_range_around_tools() -> None:
    """What Anthropic says about tools has changed: the range of a count reaches to the bills of 2025."""
    found = span(body(tools=[TOOL]))

    assert found.low <= found.value - 183
    assert found.value + 4 <= found.high
    assert Interval(10, 11, 12) == span(body())


@pytest.mark.usefixtures("reconstructed")
def test_exactness_of_a_request() -> None:
    """Text that is counted and a frame that is modelled: modelled."""
    assert "modelled" == exactness(load_pricing().find(HAIKU))
    assert "reconstructed" == load_pricing().find(HAIKU).text_exactness


def test_without_ctok_it_is_a_ratio() -> None:
    """Where ctok is not used, texts are estimated and the rest is as it is with it."""
    found = span(body(tools=[TOOL]))

    assert "estimated" == exactness(load_pricing().find(HAIKU))
    assert found.low < found.value < found.high


def test_a_block_nobody_can_count_is_refused_with_its_place() -> None:
    """A block of an unknown type names where it stands."""
    with pytest.raises(RequestError, match=r"messages\[0\].content\[0\]: a block of the type 'sound'"):
        parse_request(body({"role": "user", "content": [{"type": "sound"}]}))


MESSAGES = st.lists(st.sampled_from([ASK, ANSWER, CALL, RESULT, TWO_CALLS, TWO_RESULTS]), min_size=1, max_size=5)
"""Any history, also one the API would refuse."""


@pytest.mark.usefixtures("reconstructed")
@given(messages=MESSAGES, more=st.sampled_from([ASK, ANSWER, CALL, RESULT, TWO_CALLS, TWO_RESULTS]))
def test_another_message_never_takes_less(messages: list[dict[str, Any]], more: dict[str, Any]) -> None:
    """A request with one more message takes no fewer tokens."""
    assert tokens(body(*messages, tools=[TOOL])) <= tokens(body(*messages, more, tools=[TOOL]))


@pytest.mark.usefixtures("reconstructed")
@given(name=st.text("abcdef_", min_size=1), description=st.text(max_size=20))
def test_another_tool_never_takes_less(name: str, description: str) -> None:
    """A request with one more tool takes more tokens."""
    tool = {"name": name, "description": description, "input_schema": {}}

    assert tokens(body(tools=[TOOL])) < tokens(body(tools=[TOOL, tool]))


@given(keys=st.permutations(["type", "properties", "required"]))
def test_the_order_of_keys_does_not_matter(keys: list[str]) -> None:
    """A schema is written in one order, whatever order it comes in."""
    schema = TOOL["input_schema"]
    shuffled = TOOL | {"input_schema": {key: schema[key] for key in keys}}  # type: ignore[index]

    assert function_text(TOOL) == function_text(shuffled)


def test_every_rule_has_a_name_of_the_table() -> None:
    """What is billed on top of texts is a field of the rules of every family."""
    rows = load_pricing().table.anthropic
    given = body(ASK, TWO_CALLS, TWO_RESULTS, CALL, RESULT, tools=[TOOL], system=[{"type": "text", "text": "x"}] * 2)
    names = {rule for stretch in anthropic_stretches(given) for rule in stretch.rules}

    assert names
    assert all(hasattr(row, name) for row in rows for name in names)
