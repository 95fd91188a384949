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
    return {
        model.id: _example(record.place, whole, model, tokenizers[model.counted_in], is_learned) for model in models
    }


def _example(place: str, whole: Measured, model: Model, tokenizer: Tokenizer, is_learned: bool) -> Example:  # noqa: FBT001 - what it is about is in its name
    blocks = whole.blocks(model)
    texts = [sum(map(tokenizer.count, block.texts)) for block in blocks]
    tokens = [
        input_tokens(text, model).value
        + block.tokens
        + (block.picture.tokens(model, whole.assumed) if block.picture else 0)
        for text, block in zip(texts, blocks, strict=True)
    ]
    answers = {
        at: sum(text for text, block in zip(texts, blocks, strict=True) if block.message == at and not block.is_head)
        for at, message in enumerate(whole.request.messages)
        if message.role == "assistant"
    }
    last = max(answers)
    before = sum(
        count for count, block in zip(tokens, blocks, strict=True) if block.message is None or block.message < last
    )
    return Example(
        place=place,
        tokens=sum(tokens),
        prompt_tokens=before,
        answer_tokens=sum(answers.values()),
        last_answer_tokens=answers[last],
        messages=len(whole.request.messages),
        is_learned=is_learned,
    )
