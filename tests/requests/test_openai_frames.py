"""Bodies take what OpenAI bills: one small body a rule, with the number that the rule gives."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpt41calc.pricing.table import load_pricing
from gpt41calc.requests import frames
from gpt41calc.requests.blocks import measured
from gpt41calc.requests.detect import parse_request
from gpt41calc.requests.frames import Numbers
from gpt41calc.requests.parts import Text
from gpt41calc.requests.request import Message, Request
from gpt41calc.requests.tokens import request_tokens
from gpt41calc.tokenizer.engines import tokenizer

PRICING = load_pricing()


def tokens(body: dict[str, Any], model: str = "gpt-4.1") -> int:
    """Return what a body takes with a model."""
    found = PRICING.find(model)
    return request_tokens(measured(parse_request(body)), found, tokenizer(found.counted_in)).value


CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
SUNNY = {"description": "Tells the weather", "name": "get_weather", "parameters": CITY}
BARE = {"name": "get_weather", "parameters": CITY}
USER = {"role": "user", "content": "Is it warm in Rome?"}
SYSTEM = {"role": "system", "content": "Be brief."}
ANSWER = {"role": "assistant", "content": "It is."}
SCHEMA = {"name": "weather", "strict": True, "schema": CITY | {"additionalProperties": False}}


def chat(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a Chat body."""
    return {"messages": list(messages)} | more


def chat_functions(*functions: dict[str, Any]) -> dict[str, Any]:
    """Return functions as Chat has them."""
    return {"tools": [{"type": "function", "function": function} for function in functions]}


def functions(*given: dict[str, Any]) -> dict[str, Any]:
    """Return functions as Responses has them."""
    return {"tools": [{"type": "function", **function} for function in given]}


def chat_calls(*cities: str, content: str | None = None) -> list[dict[str, Any]]:
    """Return a message that asks for the weather of cities, and the results."""
    calls = [
        {"id": city, "type": "function", "function": {"name": "get_weather", "arguments": json.dumps({"city": city})}}
        for city in cities
    ]
    results = [{"role": "tool", "tool_call_id": city, "content": "20 degrees"} for city in cities]
    return [{"role": "assistant", "content": content, "tool_calls": calls}, *results]


def calls(*cities: str, **more: Any) -> list[dict[str, Any]]:
    """Return the same as items of Responses."""
    asked = [
        {"type": "function_call", "call_id": city, "name": "get_weather", "arguments": json.dumps({"city": city})}
        | more
        for city in cities
    ]
    return [*asked, *({"type": "function_call_output", "call_id": city, "output": "20 degrees"} for city in cities)]


def responses(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a Responses body."""
    return {"model": "m", "input": list(items)} | more


FORMAT = {"response_format": {"type": "json_schema", "json_schema": SCHEMA}}
TEXT_FORMAT = {"text": {"format": {"type": "json_schema", **SCHEMA}}}
NAMED = {"tool_choice": {"type": "function", "function": {"name": "get_weather"}}}

CASES: dict[str, tuple[dict[str, Any], str, int, int]] = {
    "text": (chat(USER), "gpt-4.1", 365, 13),
    "text in cl100k": (chat(USER), "gpt-4", 44, 13),
    "text, gpt-5": (chat(USER), "gpt-5", 11, 12),
    "text with an earlier answer, gpt-5.4": (chat(USER, ANSWER, USER), "gpt-5.4", 4, 31),
    "a function": (chat(USER, **chat_functions(SUNNY)), "gpt-4.1", 368, 48),
    "a function beside a system message": (chat(SYSTEM, USER, **chat_functions(SUNNY)), "gpt-4.1", 115, 51),
    "two functions": (chat(USER, **chat_functions(SUNNY, SUNNY | {"name": "get_wind"})), "gpt-4.1", 106, 68),
    "a function that must be called": (chat(USER, **chat_functions(SUNNY), **NAMED), "gpt-4.1", 13, 57),
    "a function, and any must be called": (
        chat(USER, **chat_functions(SUNNY), tool_choice="required"),
        "gpt-4.1",
        6,
        48,
    ),
    "a call and its result": (chat(USER, *chat_calls("Rome"), **chat_functions(SUNNY)), "gpt-4.1", 318, 72),
    "a call behind words": (
        chat(USER, *chat_calls("Rome", content="Wait."), **chat_functions(SUNNY)),
        "gpt-4.1",
        1,
        78,
    ),
    "two calls at once": (chat(USER, *chat_calls("Rome", "Bari"), **chat_functions(SUNNY)), "gpt-4.1", 47, 111),
    "a schema": (chat(USER, **FORMAT), "gpt-4.1", 18, 41),
    "a schema beside a system message": (chat(SYSTEM, USER, **FORMAT), "gpt-4.1", 52, 44),
    "a schema with an earlier answer": (chat(USER, ANSWER, USER, **FORMAT), "gpt-4.1", 4, 61),
    "a schema with a function": (chat(USER, **FORMAT, **chat_functions(SUNNY)), "gpt-4.1", 5, 70),
    "an object": (chat(USER, response_format={"type": "json_object"}), "gpt-4.1", 7, 13),
    "a function and a choice, gpt-5": (chat(USER, **chat_functions(SUNNY), tool_choice="auto"), "gpt-5", 10, 129),
    "a function without a description, gpt-5": (chat(USER, **chat_functions(BARE)), "gpt-5", 4, 122),
    "a call and its result, gpt-5.4": (chat(USER, *chat_calls("Rome"), **chat_functions(SUNNY)), "gpt-5.4", 5, 158),
    "two calls, gpt-5.4": (chat(USER, *chat_calls("Rome", "Bari"), **chat_functions(SUNNY)), "gpt-5.4", 1, 197),
    "two calls, gpt-5": (chat(USER, *chat_calls("Rome", "Bari"), **chat_functions(SUNNY)), "gpt-5", 2, 183),
    "a schema, gpt-5.4": (chat(USER, ANSWER, USER, **FORMAT), "gpt-5.4", 2, 58),
    "a function, o3-mini": (chat(USER, **chat_functions(SUNNY)), "o3-mini", 3, 48),
    "Responses": (responses(USER), "gpt-4.1", 64, 13),
    "Responses with instructions": (responses(USER, instructions="Be brief."), "gpt-4.1", 10, 20),
    "Responses with a function": (responses(USER, **functions(SUNNY)), "gpt-4.1", 34, 42),
    "Responses with a function beside a system message": (
        responses(SYSTEM, USER, **functions(SUNNY)),
        "gpt-4.1",
        37,
        49,
    ),
    "Responses with a function that must be called": (
        responses(USER, **functions(SUNNY), tool_choice={"type": "function", "name": "get_weather"}),
        "gpt-4.1",
        3,
        51,
    ),
    "Responses with a call kept from an answer": (
        responses(USER, *calls("Rome", id="fc_1"), **functions(SUNNY)),
        "gpt-4.1",
        26,
        67,
    ),
    "Responses with a call written anew": (responses(USER, *calls("Rome"), **functions(SUNNY)), "gpt-4.1", 7, 64),
    "Responses with two calls": (
        responses(USER, *calls("Rome", "Bari", id="fc_1"), **functions(SUNNY)),
        "gpt-4.1",
        6,
        87,
    ),
    "Responses with a schema": (responses(USER, **TEXT_FORMAT), "gpt-4.1", 10, 35),
    "Responses with a schema and a function": (responses(USER, **TEXT_FORMAT, **functions(SUNNY)), "gpt-4.1", 4, 64),
    "Responses with a function, gpt-5.4": (responses(USER, **functions(SUNNY)), "gpt-5.4", 69, 47),
    "Responses with a function without a description, gpt-5": (responses(USER, **functions(BARE)), "gpt-5", 6, 41),
    "Responses with a function that must be called, gpt-5": (
        responses(USER, **functions(SUNNY), tool_choice={"type": "function", "name": "get_weather"}),
        "gpt-5",
        2,
        47,
    ),
    "Responses with a call, gpt-5.4": (responses(USER, *calls("Rome"), **functions(SUNNY)), "gpt-5.4", 37, 78),
    "Responses with two calls, gpt-5.4": (
        responses(USER, *calls("Rome", "Bari"), **functions(SUNNY)),
        "gpt-5.4",
        3,
        120,
    ),
    "Responses with a schema, gpt-5.4": (responses(USER, **TEXT_FORMAT), "gpt-5.4", 25, 33),
}
"""Bodies, each with a model, how many recorded calls of its shape are billed by its rule, and its tokens."""


@pytest.mark.parametrize(("body", "model", "recorded", "expected"), CASES.values(), ids=CASES)
def test_a_body_takes_what_is_billed(body: dict[str, Any], model: str, recorded: int, expected: int) -> None:
    """As many recorded calls of this shape as the case says are billed so, and none was left out."""
    assert recorded > 0
    assert expected == tokens(body, model)


def test_arguments_count_as_compact_json() -> None:
    """Blanks between keys and values are not billed: 318 recorded calls with one call are billed so."""
    distribution, compact = (
        chat(USER, *chat_calls("Rome")),
        chat(USER, *chat_calls("Rome")),
    )
    compact["messages"][1]["tool_calls"][0]["function"]["arguments"] = '{"city":"Rome"}'

    assert tokens(compact) == tokens(distribution)


def test_results_that_are_json_count_as_values() -> None:
    """Of several results, one that is JSON is written anew and not as text: its blanks are not billed."""
    body = chat(USER, *chat_calls("Rome", "Bari"))
    body["messages"][2]["content"] = json.dumps({"degrees": 20, "wind": [1, 2]}, indent=4)
    compact = chat(USER, *chat_calls("Rome", "Bari"))
    compact["messages"][2]["content"] = '{"degrees":20,"wind":[1,2]}'

    assert tokens(compact) == tokens(body)


def test_a_name_of_a_result_is_not_billed() -> None:
    """The function that was called is named by the call: 34 recorded messages of this shape are billed so."""
    body = chat(USER, *chat_calls("Rome"))
    named = chat(USER, *chat_calls("Rome"))
    named["messages"][2]["name"] = "get_weather"

    assert tokens(body) == tokens(named)


def test_what_is_enforced_of_a_schema_is_not_written() -> None:
    """``required``, bounds and defaults add nothing, at any depth: 107 recorded calls with a schema are billed so."""
    bare = {"type": "object", "properties": {"at": {"type": "array", "items": {"type": "integer"}}}}
    inner = {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 1, "default": []}
    bounded = {"type": "object", "properties": {"at": inner}, "required": ["at"], "additionalProperties": False}

    def asked(schema: dict[str, Any]) -> dict[str, Any]:
        return chat(USER, response_format={"type": "json_schema", "json_schema": {"name": "a", "schema": schema}})

    assert tokens(asked(bare)) == tokens(asked(bounded))


def test_a_schema_escapes_what_is_not_ascii() -> None:
    """A dash takes six characters: 11 recorded calls of this shape are billed so."""

    def asked(description: str) -> dict[str, Any]:
        schema = {"type": "object", "properties": {"a": {"type": "string", "description": description}}}
        return chat(USER, response_format={"type": "json_schema", "json_schema": {"name": "a", "schema": schema}})

    count = tokenizer("o200k_base").count

    assert count("so \\u2014 so") - count("so - so") == tokens(asked("so \u2014 so")) - tokens(asked("so - so"))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
PROPERTIES = st.recursive(
    st.sampled_from([{"type": "string"}, {"type": "integer", "description": "How many"}, {"enum": ["a", "b"]}]),
    lambda inner: (
        st.builds(lambda one: {"type": "array", "items": one}, inner)
        | st.builds(
            lambda many: {"type": "object", "properties": many},
            st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
        )
    ),
    max_leaves=5,
)
MODELS = st.sampled_from(["gpt-4", "gpt-4.1", "o4-mini", "gpt-5", "gpt-5.4"])


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS, MODELS)
def test_a_message_more_never_takes_less(text: str, more: str, model: str) -> None:
    """Whatever is said, and whoever reads it."""
    one = chat({"role": "user", "content": text})
    two = chat({"role": "user", "content": text}, {"role": "assistant", "content": more})

    assert tokens(one, model) < tokens(two, model)


@settings(max_examples=60, deadline=None)
@given(PROPERTIES, MODELS)
def test_a_function_more_never_takes_less(parameters: dict[str, Any], model: str) -> None:
    """Whatever its parameters are."""
    function = {
        "name": "look",
        "description": "Looks",
        "parameters": {"type": "object", "properties": {"x": parameters}},
    }
    none, one = chat(USER), chat(USER, **chat_functions(SUNNY))
    two = chat(USER, **chat_functions(SUNNY, function))

    assert tokens(none, model) < tokens(one, model) < tokens(two, model)


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("ab \n"), max_size=30), MODELS)
def test_a_line_more_in_a_description_never_takes_less(text: str, model: str) -> None:
    """Words on a line of their own are billed with what makes them a comment."""
    shorter, longer = (
        chat(USER, **chat_functions(SUNNY | {"description": description}))
        for description in (text, f"{text}\nand more")
    )

    assert tokens(shorter, model) < tokens(longer, model)


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False), MODELS)
def test_the_order_of_keys_of_a_body_does_not_matter(random: Any, model: str) -> None:
    """The keys of body, messages and functions; those of properties are written in their order."""

    def shuffled(given: dict[str, Any]) -> dict[str, Any]:
        keys = list(given)
        random.shuffle(keys)
        return {key: given[key] for key in keys}

    body = chat(SYSTEM, USER, *chat_calls("Rome"), **chat_functions(SUNNY), **FORMAT)
    other = shuffled(body)
    other["messages"] = list(map(shuffled, body["messages"]))
    other["tools"] = [{"function": shuffled(body["tools"][0]["function"]), "type": "function"}]

    assert tokens(body, model) == tokens(other, model)


@pytest.mark.parametrize("model", ["gpt-4.1", "gpt-5", "gpt-5.4", "o4-mini", "gpt-4"])
@pytest.mark.parametrize("case", CASES)
def test_the_range_holds_the_count(case: str, model: str) -> None:
    """Of a kind that is not exact in 95 of 100 recorded calls, the range is wider than the count."""
    found = PRICING.find(model)
    span = request_tokens(measured(parse_request(CASES[case][0])), found, tokenizer(found.counted_in))

    assert 0 <= span.low <= span.value <= span.high
    if "function" in case and model in {"gpt-4.1", "gpt-5.4"}:
        assert span.low < span.high


def test_text_alone_has_no_range_in_chat() -> None:
    """356 of 358 recorded calls are billed to the token."""
    found = PRICING.find("gpt-4.1")

    assert request_tokens(measured(parse_request(chat(USER))), found, tokenizer("o200k_base")).is_exact


def test_a_picture_of_a_model_whose_rule_is_not_known_widens_the_range() -> None:
    """It counts nothing, and may take as much as the largest of any model of its generation."""
    picture = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    body = chat({"role": "user", "content": [{"type": "text", "text": "What?"}, picture]})
    found = PRICING.find("gpt-5.6-sol")
    span = request_tokens(measured(parse_request(body)), found, tokenizer("o200k_base"))

    assert span.value + 2305 <= span.high


def test_a_picture_of_unknown_size_may_take_as_little_as_the_smallest() -> None:
    """It is counted as the largest; the bills of 12 recorded calls with remote pictures lie between."""
    picture = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    body = chat({"role": "user", "content": [{"type": "text", "text": "What?"}, picture]})
    span = request_tokens(measured(parse_request(body)), PRICING.find("gpt-4.1"), tokenizer("o200k_base"))

    assert span.value - span.low >= 1445 - 255


PLAIN = st.builds(
    Message,
    role=st.sampled_from(["system", "user", "assistant", "developer", ""]),
    parts=st.lists(st.builds(Text, st.text(max_size=3)), max_size=3).map(tuple),
    name=st.none() | st.sampled_from(["", "ann"]),
)


@given(
    messages=st.lists(PLAIN, max_size=4).map(tuple),
    numbers=st.dictionaries(
        st.sampled_from(["message", "name", "reply", "past_answer", "schema_reply", "joins_system", "wraps_calls"]),
        st.integers(0, 9),
    ),
)
def test_the_short_way_is_the_long_way(messages: tuple[Message, ...], numbers: dict[str, int]) -> None:
    """A request of mere text has the blocks that the rules for all requests give."""
    request = Request(endpoint="chat", model=None, messages=messages)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frames, "_plain_blocks", lambda *_: None)
        expected = frames.prompt_blocks(request, Numbers(numbers), {})
    actual = frames.prompt_blocks(request, Numbers(numbers), {})

    assert expected == actual
