"""From the lines of a file to what is calculated with: examples to train on, requests to hold against answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..calculator.context import input_tokens
from ..calculator.reckoning import Expected
from ..calculator.training import Example
from ..errors import RequestError
from ..pricing.schema import Model
from ..requests.counting import exactness, request_tokens
from ..requests.kinds import parse_request
from ..requests.measuring import Measured, measured
from ..tokenizer.protocol import Tokenizer
from .examples import messages_of, weight_of
from .reading import Record

__all__ = ["counted_examples", "expected_request"]


def counted_examples(
    record: Record, folder: str, models: Sequence[Model], tokenizers: Mapping[str, Tokenizer]
) -> Mapping[str, Example]:
    """Return one line of a training file as every model counts it, by the identifier of the model.

    Args:
        record: the line.
        folder: where the paths of pictures begin.
        models: the models to train.
        tokenizers: by encoding: those of all models.

    Raises:
        NotAnExample: a training job would not take it.
        RequestError: it holds what cannot be counted.
    """
    messages = messages_of(record.value)
    whole = measured(parse_request(record.value, "chat"), folder)
    is_learned = any(weight_of(message) for message in messages if message["role"] == "assistant")
    texts = {name: _text_tokens(whole, tokenizer) for name, tokenizer in tokenizers.items()}
    return {model.id: _example(record.place, whole, model, texts[model.counted_in], is_learned) for model in models}


def _text_tokens(whole: Measured, tokenizer: Tokenizer) -> list[int]:
    """Return the tokens of the texts of every block."""
    return [sum(map(tokenizer.count, block.texts)) for block in whole.blocks]


def _example(place: str, whole: Measured, model: Model, texts: Sequence[int], is_learned: bool) -> Example:  # noqa: FBT001 - what it is about is in its name
    messages = whole.request.messages
    tokens = [
        input_tokens(text, model).value + block.overhead(model) for text, block in zip(texts, whole.blocks, strict=True)
    ]
    # Before the messages stand schema and functions, behind them what begins a reply.
    lengths = [1 + len(message.parts) for message in messages]
    first = len(tokens) - 1 - sum(lengths)
    starts = [first + sum(lengths[:number]) for number in range(len(messages))]
    answers = {
        number: sum(texts[starts[number] + 1 : starts[number] + lengths[number]])
        for number, message in enumerate(messages)
        if message.role == "assistant"
    }
    last = max(answers)
    return Example(
        place=place,
        tokens=sum(tokens),
        prompt_tokens=sum(tokens[: starts[last]]) + tokens[-1],
        answer_tokens=sum(answers.values()),
        last_answer_tokens=answers[last],
        messages=len(messages),
        is_learned=is_learned,
    )


def expected_request(
    record: Record,
    folder: str,
    find: Callable[[str], Model],
    tokenizer: Callable[[str], Tokenizer],
    foresee: Callable[[Model, int, int], tuple[int, int]],
) -> Expected:
    """Return one line of a file of requests, as it is estimated before it is sent.

    Args:
        record: the line: ``custom_id`` with a ``body``, or with ``params`` as Anthropic has it.
        folder: where the paths of pictures begin.
        find: returns the model of an identifier.
        tokenizer: returns that of an encoding.
        foresee: returns, for a model and so many messages and tools, the
            tokens of an answer, and by how many a prompt is longer than modelled.

    Raises:
        RequestError: it is none, or holds what cannot be counted.
        UnknownModel: the price table does not list its model.
    """
    custom_id, body, where = _body(record.value)
    request = parse_request(body, path=where)
    if request.model is None:
        message = f"{where}: no model"
        raise RequestError(message)
    model = find(request.model)
    whole = measured(request, folder)
    messages, tools = len(request.messages), len(request.tools)
    answer, extra = foresee(model, messages, tools)
    if request.max_output is not None:
        answer = min(answer, request.max_output)
    prompt = request_tokens(whole, model, tokenizer(model.counted_in)).value
    return Expected(
        place=record.place,
        custom_id=custom_id,
        input_tokens=max(0, prompt + extra),
        modelled_tokens=prompt,
        output_tokens=answer * request.choices,
        exactness=exactness(model),
        messages=messages,
        tools=tools,
        images=len(whole.pictures),
    )


def _body(value: Any) -> tuple[str, Mapping[str, Any], str]:
    """Return the name of a request, its body, and where in the line that is."""
    found = value if isinstance(value, dict) else {}
    where = next((key for key in ("body", "params", "request") if key in found), "body")
    custom_id, body = found.get("custom_id", found.get("key")), found.get(where)
    if not isinstance(custom_id, str) or not custom_id:
        raise RequestError("no custom_id, by which a request is matched with its answer")
    if not isinstance(body, dict):
        message = f"{where}: expected an object"
        raise RequestError(message)
    return custom_id, body, where
