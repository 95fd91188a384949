"""Counts the examples of a training file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...calculator.context import input_tokens
from ...pricing.schema import Model
from ...requests.blocks import Measured, measured
from ...requests.detect import parse_request
from ...sources.json_records import Record
from ...tokenizer.protocol import Tokenizer
from .examples import messages_of, weight_of
from .training import Example

__all__ = ["counted_examples"]


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
