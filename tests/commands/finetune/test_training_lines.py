"""What a training job takes, what it refuses, and how many tokens it has."""

from __future__ import annotations

from typing import Any

import pytest
from reference import o200k

from gpt41calc.commands.finetune.count_examples import ExampleOptions, counted_examples
from gpt41calc.commands.finetune.examples import NotAnExample, is_preference, messages_of, preference_of
from gpt41calc.commands.finetune.training import Example
from gpt41calc.pricing.table import load_pricing
from gpt41calc.sources.json_records import Record
from gpt41calc.tokenizer.engines import tokenizer
from gpt41calc.tokenizer.protocol import Tokenizer

PRICING = load_pricing()
SYSTEM = {"role": "system", "content": "You are a happy assistant that puts a positive spin on everything."}
ASKED = {"role": "user", "content": "I fell off my bike today."}
ANSWER = {"role": "assistant", "content": "It's great that you're getting exercise outdoors!"}
CALL = {"role": "assistant", "tool_calls": [{"type": "function", "function": {"name": "f", "arguments": "{}"}}]}


def example(*messages: Any, model: str = "gpt-4.1", **beside: Any) -> Example:
    """Return an example as a model counts it."""
    found = PRICING.find(model)
    record = Record("a.jsonl:1", {"messages": list(messages), **beside})
    tokenizers: dict[str, Tokenizer] = {found.counted_in: tokenizer(found.counted_in)}
    return counted_examples(record, ExampleOptions(), [found], tokenizers).examples[found.id]


def by_the_notebook(*messages: dict[str, str]) -> int:
    """Count as OpenAI's notebook on fine-tuning data does, with tiktoken itself."""
    encoding = o200k()
    return 3 + sum(
        3 + sum(len(encoding.encode(value)) + (key == "name") for key, value in message.items()) for message in messages
    )


@pytest.mark.parametrize(
    "messages",
    [[SYSTEM, ASKED, ANSWER], [ASKED, ANSWER], [{**ASKED, "name": "Ada"}, ANSWER], [ASKED, ANSWER, ASKED, ANSWER]],
)
def test_tokens_of_the_notebook(messages: list[dict[str, str]]) -> None:
    """An example has as many tokens as OpenAI's notebook counts."""
    assert by_the_notebook(*messages) == example(*messages).tokens


def test_prompt_and_answers() -> None:
    """The prompt ends before the last answer; an answer is its words, without what is around them."""
    encoding = o200k()
    answer = len(encoding.encode(ANSWER["content"]))
    found = example(SYSTEM, ASKED, ANSWER, ASKED, ANSWER)

    assert by_the_notebook(SYSTEM, ASKED, ANSWER, ASKED) == found.prompt_tokens
    assert (2 * answer, answer, 5) == (found.answer_tokens, found.last_answer_tokens, found.messages)


def test_tools_are_part_of_the_prompt() -> None:
    """The functions of an example are counted with it, and stand before its messages."""
    function = {"name": "weather", "description": "Tell the weather", "parameters": {"type": "object"}}
    tools = [{"type": "function", "function": function}]
    bare, equipped = example(ASKED, ANSWER), example(ASKED, ANSWER, tools=tools)

    assert equipped.tokens > bare.tokens
    assert equipped.tokens - bare.tokens == equipped.prompt_tokens - bare.prompt_tokens
    assert bare.answer_tokens == equipped.answer_tokens


def test_weights() -> None:
    """An answer of weight 0 counts like any other; without one of weight 1 nothing is learned."""
    unweighted = {**ANSWER, "weight": 0}

    assert example(ASKED, ANSWER).tokens == example(ASKED, unweighted).tokens
    assert [False, True, True] == [
        example(*messages).is_learned
        for messages in ((ASKED, unweighted), (ASKED, unweighted, ASKED, ANSWER), (ASKED, {**ANSWER, "weight": 1}))
    ]


@pytest.mark.parametrize(
    "messages",
    [
        [ASKED, ANSWER],
        [{**ASKED, "role": "developer"}, ANSWER],
        [ASKED, {**ANSWER, "weight": 0}],
        [ASKED, CALL, {"role": "tool", "tool_call_id": "c", "content": "rain"}, ANSWER],
        [ASKED, {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{}"}}],
        [ASKED, {"role": "assistant", "refusal": "No."}],
        [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}, ANSWER],
    ],
)
def test_taken(messages: list[Any]) -> None:
    """Messages of every role, calls of tools and refusals are examples."""
    assert messages == messages_of({"messages": messages})


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([], "expected an object with messages"),
        ({}, "no messages"),
        ({"custom_id": "r1", "body": {}}, "no messages, but a request of a batch: 'gpt41calc batch' prices it"),
        (
            {"prompt": "a", "completion": "b"},
            "no messages: the prompt and completion format is not that of chat models",
        ),
        ({"messages": []}, "messages: expected a list of at least one message"),
        ({"messages": {"role": "user"}}, "messages: expected a list of at least one message"),
        ({"messages": ["Hi"]}, "messages[0]: expected an object"),
        ({"messages": [ASKED]}, "no message of the assistant: there is nothing to learn"),
        (
            {"messages": [ANSWER, {"content": "a"}]},
            "messages[1]: role: expected system, developer, user, assistant, tool or function, found none",
        ),
        (
            {"messages": [{"role": "bot", "content": "a"}]},
            "messages[0]: role: expected system, developer, user, assistant, tool or function, found 'bot'",
        ),
        (
            {"messages": [{"role": ["user"], "content": "a"}]},
            "messages[0]: role: expected system, developer, user, assistant, tool or function, found none",
        ),
        ({"messages": [{**ASKED, "mood": "sad"}]}, "messages[0]: unknown key 'mood'"),
        ({"messages": [{"role": "user"}]}, "messages[0]: no content"),
        ({"messages": [{"role": "user", "content": ""}]}, "messages[0]: empty content"),
        ({"messages": [{"role": "user", "content": 7}]}, "messages[0]: content: expected a text or a list of parts"),
        ({"messages": [{**ASKED, "weight": 1}]}, "messages[0]: weight: only messages of the assistant have one"),
        ({"messages": [{**ANSWER, "weight": 0.5}]}, "messages[0]: weight: expected 0 or 1"),
        ({"messages": [{**ANSWER, "weight": True}]}, "messages[0]: weight: expected 0 or 1"),
        ({"messages": [{**ANSWER, "weight": 2}]}, "messages[0]: weight: expected 0 or 1"),
    ],
)
def test_refused(value: object, reason: str) -> None:
    """What a job would not take has a reason that names the message and the key."""
    with pytest.raises(NotAnExample) as raised:
        messages_of(value)

    assert reason == raised.value.reason


OTHER = {"role": "assistant", "content": "Bikes are dangerous."}


def preference(**changed: Any) -> dict[str, Any]:
    """Return a line of preference data."""
    prompt = {"messages": [SYSTEM, ASKED], "tools": [], "parallel_tool_calls": True}
    return {"input": prompt, "preferred_output": [ANSWER], "non_preferred_output": [OTHER]} | changed


def example_of(line: dict[str, Any]) -> Example:
    """Return a line as GPT-4.1 counts it."""
    found = PRICING.find("gpt-4.1")
    tokenizers: dict[str, Tokenizer] = {found.counted_in: tokenizer(found.counted_in)}
    return counted_examples(Record("a.jsonl:1", line), ExampleOptions(), [found], tokenizers).examples[found.id]


def test_preference_data_is_its_prompt_and_both_answers() -> None:
    """As a conversation with the one answer behind the other; the prompt ends before both."""
    encoding = o200k()
    answers = [len(encoding.encode(one["content"])) for one in (ANSWER, OTHER)]
    found = example_of(preference())

    assert by_the_notebook(SYSTEM, ASKED, ANSWER, OTHER) == found.tokens
    assert (by_the_notebook(SYSTEM, ASKED), sum(answers), answers[0]) == (
        found.prompt_tokens,
        found.answer_tokens,
        found.last_answer_tokens,
    )
    assert (True, True) == (found.is_preference, found.is_learned)


def test_earlier_answers_of_a_prompt_are_no_answers_to_choose_from() -> None:
    """They are part of the prompt."""
    longer = preference(input={"messages": [ASKED, ANSWER, ASKED]})

    assert by_the_notebook(ASKED, ANSWER, ASKED) == example_of(longer).prompt_tokens
    assert example_of(preference()).answer_tokens == example_of(longer).answer_tokens


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"input": None}, "input: expected an object with messages"),
        ({"input": {"messages": []}}, "input.messages: expected a list of at least one message"),
        ({"input": {"messages": [ASKED, {"role": "user"}]}}, "input.messages[1]: no content"),
        ({"preferred_output": []}, "preferred_output: expected a list of one message of the assistant"),
        ({"preferred_output": [ANSWER, ANSWER]}, "preferred_output: expected a list of one message of the assistant"),
        ({"non_preferred_output": None}, "non_preferred_output: expected a list of one message of the assistant"),
        ({"non_preferred_output": [ASKED]}, "non_preferred_output[0]: role: expected assistant, found 'user'"),
        ({"non_preferred_output": [{"role": "assistant"}]}, "non_preferred_output[0]: no content"),
    ],
)
def test_preference_data_that_is_refused(changed: dict[str, Any], reason: str) -> None:
    """The reason names the key and the message."""
    line = preference(**changed)
    with pytest.raises(NotAnExample) as raised:
        preference_of(line)

    assert is_preference(line)
    assert reason == raised.value.reason
