"""Counts the examples of a training file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ...calculator.context import input_tokens
from ...pricing.schema import Model
from ...requests.blocks import Measured, measured
from ...requests.chat import chat_message
from ...requests.detect import parse_request
from ...requests.error_range import error_range
from ...requests.json_path import LeftOut, Place
from ...requests.request import Request
from ...sources.json_records import Record
from ...tokenizer.protocol import Tokenizer
from .examples import is_preference, messages_of, preference_of, weight_of
from .training import Example

if TYPE_CHECKING:
    from ...requests.pictures import Size

__all__ = ["CountedLine", "ExampleOptions", "counted_examples"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleOptions:
    """How the examples of a file are counted."""

    folder: str = "."
    """Where the paths of pictures begin."""

    assumed_image: Size | None = None
    """Size of pictures that cannot be measured. None for the size that takes the most tokens."""

    partial: bool = False
    """Whether what cannot be counted of an example is left out, instead of the example."""


@dataclass(frozen=True, slots=True)
class CountedLine:
    """One line of a training file, counted."""

    examples: Mapping[str, Example]
    """The example as every model counts it, by the identifier of the model."""

    left_out: tuple[str, ...] = ()
    """What cannot be counted and was left out, each with its place: the counts are lower bounds."""


def counted_examples(
    record: Record, options: ExampleOptions, models: Sequence[Model], tokenizers: Mapping[str, Tokenizer]
) -> CountedLine:
    """Count one line of a training file.

    Args:
        record: the line.
        options: where pictures are, and what is left out.
        models: the models to train.
        tokenizers: by encoding: those of all models.

    Raises:
        NotAnExample: a training job would not take it.
        RequestError: it holds what cannot be counted.
    """
    given = _preference(record.value, options) if is_preference(record.value) else _conversation(record.value, options)
    whole = measured(given.request, options.folder, options.assumed_image)
    return CountedLine(
        {model.id: _example(record.place, whole, given, model, tokenizers[model.counted_in]) for model in models},
        given.request.left_out,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Conversation:
    """What is trained on: a conversation, or a prompt and two answers behind it."""

    request: Request
    """All messages, as a request has them."""

    last_answer: int
    """Number of the message that is the last answer; of two answers to choose from, the preferred one."""

    is_learned: bool = True
    """Whether some message of the assistant has a weight other than 0."""

    is_preference: bool = False
    """Whether there are two answers to choose from."""

    def is_answer(self, at: int) -> bool:
        """Say whether a message is learned from as an answer."""
        if self.is_preference:
            return at >= self.last_answer
        return self.request.messages[at].role == "assistant"


def _conversation(value: Any, options: ExampleOptions) -> _Conversation:
    messages = messages_of(value)
    answers = [at for at, message in enumerate(messages) if message["role"] == "assistant"]
    return _Conversation(
        request=parse_request(value, "chat", partial=options.partial),
        last_answer=answers[-1],
        is_learned=any(weight_of(messages[at]) for at in answers),
    )


def _preference(value: Mapping[str, Any], options: ExampleOptions) -> _Conversation:
    given = preference_of(value)
    prompt = parse_request(given.body, "chat", path="input", partial=options.partial)
    left_out: list[LeftOut] | None = [] if options.partial else None
    answers = (
        chat_message(Place(given.preferred, "preferred_output[0]", left_out)),
        chat_message(Place(given.other, "non_preferred_output[0]", left_out)),
    )
    named = (*prompt.left_out, *(one.sentence for one in left_out or ()))
    whole = replace(prompt, messages=(*prompt.messages, *answers), left_out=named)
    return _Conversation(request=whole, last_answer=len(prompt.messages), is_preference=True)


def _example(place: str, whole: Measured, given: _Conversation, model: Model, tokenizer: Tokenizer) -> Example:
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
        for at in range(len(whole.request.messages))
        if given.is_answer(at)
    }
    last = given.last_answer
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
        is_learned=given.is_learned,
        is_preference=given.is_preference,
        assumed_pictures=whole.assumptions(model),
        margin=error_range(whole, model, sum(tokens)),
    )
