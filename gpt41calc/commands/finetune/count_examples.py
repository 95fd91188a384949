"""Count the examples of a training file."""

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
    """Settings for counting the examples of a file."""

    folder: str = "."
    """Folder to which picture paths are relative."""

    assumed_image: Size | None = None
    """Size of pictures that cannot be measured. None for the size that takes the most tokens."""

    partial: bool = False
    """Whether parts of an example that cannot be counted are left out, instead of the whole example."""


@dataclass(frozen=True, slots=True)
class CountedLine:
    """One line of a training file, counted."""

    examples: Mapping[str, Example]
    """The example as counted for every model, by identifier of the model."""

    left_out: tuple[str, ...] = ()
    """Parts that cannot be counted and were left out, with their locations: the counts are then lower bounds."""


def counted_examples(
    record: Record, options: ExampleOptions, models: Sequence[Model], tokenizers: Mapping[str, Tokenizer]
) -> CountedLine:
    """Return the counts of one line of a training file.

    Args:
        record: the line.
        options: the settings for counting.
        models: the models to train.
        tokenizers: tokenizers by encoding, for all models.

    Raises:
        NotAnExample: a training job would refuse the line.
        RequestError: a part of it cannot be counted.
    """
    given = _preference(record.value, options) if is_preference(record.value) else _conversation(record.value, options)
    whole = measured(given.request, options.folder, options.assumed_image)
    return CountedLine(
        {model.id: _example(record.place, whole, given, model, tokenizers[model.counted_in]) for model in models},
        given.request.left_out,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Conversation:
    """A training example: a conversation, or a prompt with two answers."""

    request: Request
    """All messages, as a request."""

    last_answer: int
    """Index of the message that is the last answer; with two answers, the preferred one."""

    is_learned: bool = True
    """Whether at least one message of the assistant has a weight other than 0."""

    is_preference: bool = False
    """Whether it has a preferred and another answer."""

    def is_answer(self, at: int) -> bool:
        """Return whether a message is an answer that is trained on."""
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
