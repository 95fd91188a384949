"""A request as a model reads it: texts, pictures, and the tokens that the model family adds around them.

Chat Completions and Responses differ, and so do model families. The common structure is in this module; the differences
are named numbers in the price table (``token_rules``). A number that a row omits is 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from .calls import PARALLEL, arguments_text, parallel_text, recipient, results_text
from .functions import FunctionStyle, functions_text
from .parts import Image, Text
from .pictures import Picture
from .request import Call, Message, Request
from .schemas import schema_text

__all__ = ["Block", "Numbers", "prompt_blocks"]


class Block(NamedTuple):  # created for every part of every request, in a third of the time of a frozen dataclass
    """One unit that a model reads: the header of a message, a part of it, or the functions."""

    texts: tuple[str, ...] = ()
    """Texts that are counted exactly, each separately."""

    picture: Picture | None = None
    """The picture, counted by its size. None if there is none."""

    tokens: int = 0
    """Tokens around the texts."""

    message: int | None = None
    """Index of the message in the request. None if the block belongs to no message."""

    is_head: bool = False
    """Whether it is the header of its message."""


class Numbers:
    """The named numbers of a model family; a missing name is 0."""

    def __init__(self, given: Mapping[str, int]) -> None:
        """Take the numbers by name."""
        self._given = given

    def __getitem__(self, name: str) -> int:
        """Return the number of a name."""
        return self._given.get(name, 0)


def prompt_blocks(request: Request, numbers: Numbers, pictures: Mapping[str, Picture]) -> tuple[Block, ...]:
    """Return the blocks of a request, in the order in which a model reads them.

    Args:
        request: the request.
        numbers: the numbers of the model family and the API.
        pictures: the pictures of the request, by their location in the body.

    Raises:
        RequestError: the functions' schemas expand to more than can be counted.
    """
    return _plain_blocks(request, numbers) or tuple(_Prompt(request, numbers, pictures).blocks())


def _plain_blocks(request: Request, numbers: Numbers) -> tuple[Block, ...] | None:
    """Return the blocks of a request that has only messages of text, as most have, in a quarter of the time.

    None if it has functions, a schema, calls, results or pictures.
    """
    if request.tools or request.schema:
        return None
    around, past_answer, name = numbers["message"], numbers["past_answer"], numbers["name"]
    blocks: list[Block] = []
    for at, message in enumerate(request.messages):
        if message.answers is not None:
            return None
        tokens = around + past_answer if message.role == "assistant" else around
        blocks.append(_head(message.role, message.name, tokens + name if message.name else tokens, at))
        for part in message.parts:
            if not isinstance(part, Text):
                return None
            blocks.append(Block((part.text,), None, 0, at))
    blocks.append(Block((), None, numbers["reply"]))
    return tuple(blocks)


@lru_cache(1 << 12)
def _head(role: str, name: str | None, tokens: int, at: int) -> Block:
    return Block((role, name) if name else (role,), None, tokens, at, is_head=True)


@dataclass(frozen=True, slots=True)
class _Prompt:
    """The blocks of one request for one model family."""

    request: Request
    numbers: Numbers
    pictures: Mapping[str, Picture]

    def blocks(self) -> Iterator[Block]:
        # The documentation of prompt caching says that schema and functions come before the messages.
        yield from self._schema()
        yield from self._functions()
        yield from self._system_of_its_own()
        yield from self._messages()
        yield Block(tokens=self.numbers["reply"])

    def _schema(self) -> Iterator[Block]:
        if (schema := self.request.schema) is None:
            return
        around = self.numbers["schema"] + (self.numbers["schema_with_functions"] if self.request.tools else 0)
        yield Block(texts=(schema_text(schema),), tokens=around)
        if self.numbers["schema_reply"] and not self.request.tools:
            # The frame of the answer names the schema; with several functions, it is unknown which one it names.
            yield Block(texts=(schema.name,), tokens=self.numbers["schema_reply"])

    def _functions(self) -> Iterator[Block]:
        request, numbers = self.request, self.numbers
        if not request.tools:
            return
        style = FunctionStyle(
            describes_variants=bool(numbers["describes_variants"]), describes_items=bool(numbers["describes_items"])
        )
        around = numbers["functions"]
        around += 0 if request.tools[0].description else numbers["functions_undescribed"]
        around += numbers["functions_with_choice"] if request.has_choice else 0
        around += numbers["forced_tool_prompt"] if request.must_call else numbers["tool_prompt"]
        yield Block(texts=(functions_text(request.tools, style),), tokens=around)
        if request.chosen is not None and numbers["named_choice"]:
            yield Block(texts=(request.chosen,), tokens=numbers["named_choice"])

    @property
    def _joins_system(self) -> bool:
        return bool(self.numbers["joins_system"] and (self.request.tools or self.request.schema))

    def _first_system(self) -> int | None:
        roles = [message.role for message in self.request.messages]
        return next((at for at, role in enumerate(roles) if role in _SYSTEM), None)

    def _system_of_its_own(self) -> Iterator[Block]:
        """If there is no system message, functions and schema get one of their own."""
        if self._joins_system and self._first_system() is None:
            yield Block(texts=("system",), tokens=self.numbers["message"])

    def _messages(self) -> Iterator[Block]:
        names: dict[str, str] = {}
        first = self._first_system() if self._joins_system else None
        messages = list(enumerate(self.request.messages))
        for kind, group in groupby(messages, key=lambda pair: _kind(pair[1])):
            run = list(group)
            for _, message in run:
                names.update((call.id, call.name) for call in _calls(message))
            if kind == "result":
                yield from self._results(run, names)
            else:
                for number, (at, message) in enumerate(run):
                    suffix = ("\n\n" if self.request.schema else "\n") if at == first else ""
                    yield from self._message(at, message, suffix)
                    yield from self._called(at, _calls(message), earlier=number, is_lone=len(run) == 1)

    def _message(self, at: int, message: Message, suffix: str) -> Iterator[Block]:
        numbers, calls = self.numbers, _calls(message)
        content = [part for part in message.parts if not isinstance(part, Call)]
        around = numbers["message"]
        if message.role == "assistant" and not calls:
            around += numbers["past_answer"]
        named = (message.name,) if message.name else ()
        yield Block(
            texts=(message.role, *named),
            tokens=around + len(named) * numbers["name"],
            message=at,
            is_head=True,
        )
        if message.role == "assistant" and not calls and self.request.schema and numbers["schema_reply"]:
            yield Block(texts=(self.request.schema.name,), tokens=numbers["schema_reply"], message=at, is_head=True)
        blocks = [self._part(at, part) for part in content]
        if suffix:
            blocks = _with_suffix(blocks, suffix, at)
        yield from blocks
        if calls and any(not isinstance(part, Text) or part.text for part in content):  # a call is a separate message
            yield Block(texts=(message.role,), tokens=numbers["message"], message=at, is_head=True)

    def _part(self, at: int, part: Text | Image) -> Block:
        if isinstance(part, Text):
            return Block(texts=(part.text,), message=at)
        return Block(picture=self.pictures[part.where], message=at)

    def _called(self, at: int, calls: Sequence[Call], *, earlier: int, is_lone: bool) -> Iterator[Block]:
        """Yield the blocks of the calls in a message.

        Args:
            at: index of the message.
            calls: the calls in it.
            earlier: number of messages with only calls directly before it.
            is_lone: whether no other message with only calls is next to it.
        """
        numbers = self.numbers
        if len(calls) > 1 and numbers["wraps_calls"]:
            texts = (f" to={PARALLEL}", parallel_text(calls))
            yield Block(texts=texts, tokens=numbers["call"], message=at)
            return
        for number, call in enumerate(calls):
            around = numbers["later_call"] if number or earlier else numbers["call"]
            if call.is_stored and is_lone:
                around += numbers["kept_call"]
            yield Block(texts=(recipient(call.name), arguments_text(call)), tokens=around, message=at)

    def _results(self, run: Sequence[tuple[int, Message]], names: Mapping[str, str]) -> Iterator[Block]:
        if len(run) > 1 and self.numbers["wraps_calls"] and not any(_has_picture(message) for _, message in run):
            at = run[0][0]
            yield Block(texts=(PARALLEL,), tokens=self.numbers["message"], message=at, is_head=True)
            yield Block(texts=(results_text([_content_text(message) for _, message in run]),), message=at)
            return
        for at, message in run:
            name = names.get(message.answers or "") or message.name or ""
            yield Block(texts=(name,), tokens=self.numbers["message"], message=at, is_head=True)
            yield Block(texts=(_content_text(message),), message=at)
            yield from (self._part(at, part) for part in message.parts if isinstance(part, Image))


_SYSTEM = ("system", "developer")


def _kind(message: Message) -> str:
    """Return a key that groups consecutive messages: results, messages with only calls, or the message itself."""
    if message.answers is not None:
        return "result"
    return "calls" if message.parts and all(isinstance(part, Call) for part in message.parts) else "message"


def _calls(message: Message) -> list[Call]:
    return [part for part in message.parts if isinstance(part, Call)]


def _content_text(message: Message) -> str:
    """Return all text of a message joined: the parts of a result are not counted separately."""
    return "".join(part.text for part in message.parts if isinstance(part, Text))


def _has_picture(message: Message) -> bool:
    return any(isinstance(part, Image) for part in message.parts)


def _with_suffix(blocks: list[Block], suffix: str, at: int) -> list[Block]:
    """Return the parts of a message with a suffix after its last text."""
    for number in reversed(range(len(blocks))):
        if texts := blocks[number].texts:
            return [*blocks[:number], blocks[number]._replace(texts=(texts[0] + suffix,)), *blocks[number + 1 :]]
    return [*blocks, Block(texts=(suffix,), message=at)]
