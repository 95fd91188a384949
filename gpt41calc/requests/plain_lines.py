"""Lines of a batch file whose requests have only messages of text: their form, which many lines share, and their texts.

Checking and framing such a line takes 75 us, and less than 10 if a line of the same form was read before. Most of them
are not even parsed (``line_templates``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..pricing.schema import Model
from .blocks import Measured
from .frames import Block

__all__ = ["NEVER_READ", "TEXT_FIELDS", "PlainLine", "SlottedBlocks", "filled_in", "plain_line", "slotted"]


class PlainLine(NamedTuple):
    """One line, divided into what it shares with others and what it does not."""

    form: tuple[object, ...]
    """A key that is equal for lines that differ only in their name, in the texts, and in fields that are never read."""

    custom_id: str | None
    """Identifier of the request in the file. None if the line is a plain body."""

    texts: tuple[str, ...]
    """The texts: instructions and input of a Responses body, then the contents of the messages."""


NEVER_READ = frozenset(
    {"frequency_penalty", "metadata", "presence_penalty", "prompt_cache_key", "safety_identifier", "seed", "stop"}
    | {"store", "temperature", "top_p", "user"}
)
"""Fields of a body whose values change neither tokens nor price; that they are there is part of the form."""


def plain_line(value: Any) -> PlainLine | None:
    """Return the parts of a line for OpenAI's APIs, or of a plain body. None if it has more than messages of text.

    Whether the line is a valid request is not checked.

    Args:
        value: the parsed JSON of the line.

    >>> line = plain_line({"model": "gpt-4.1", "messages": [{"role": "user", "content": "Hi"}], "user": "u1"})
    >>> line.texts
    ('Hi',)
    >>> other = plain_line({"model": "gpt-4.1", "messages": [{"role": "user", "content": "Bye"}], "user": "u2"})
    >>> line.form == other.form
    True
    """
    if type(value) is not dict:
        return None
    form: list[object] = []
    texts: list[str] = []
    body: Any = value
    custom_id = None
    if "body" in value or "custom_id" in value:
        body, custom_id = value.get("body"), value.get("custom_id")
        if type(body) is not dict or type(custom_id) is not str or not custom_id:
            return None
        if not _add_fields(form, value, apart=_LINE_FIELDS):
            return None
        form.append("body")
    if not _add_texts(form, texts, body) or not _add_fields(form, body, apart=_BODY_FIELDS):
        return None
    return PlainLine(tuple(form), custom_id, tuple(texts))


_LINE_FIELDS = frozenset({"body", "custom_id"})
TEXT_FIELDS = ("instructions", "input")
_BODY_FIELDS = NEVER_READ.union({"messages"}, TEXT_FIELDS)


def _add_fields(form: list[object], fields: Mapping[str, Any], *, apart: frozenset[str]) -> bool:
    """Add the names of fields to a form, with their values but for some; return False if a value is long."""
    for key, value in fields.items():
        if key in apart:
            form.append(key)
        elif type(value) in {dict, list} or (type(value) is str and len(value) > _LONGEST_VALUE):
            return False
        else:
            form.append((key, type(value), value))  # 1, 1.0 and True are equal in Python
    return True


def _add_texts(form: list[object], texts: list[str], body: Mapping[str, Any]) -> bool:
    """Add the roles of a body to a form, and its texts to ``texts``; return False if it has more than these."""
    for key in TEXT_FIELDS:
        if key in body:
            text = body[key]
            if type(text) is not str or not text:  # without a text it is no message
                return False
            texts.append(text)
    messages = body.get("messages", [])
    if type(messages) is not list:
        return False
    for message in messages:
        if type(message) is not dict or message.keys() != _MESSAGE_FIELDS:
            return False
        role, content = message["role"], message["content"]
        if type(role) is not str or type(content) is not str:
            return False
        form.append(role)
        texts.append(content)
    return True


_MESSAGE_FIELDS = {"role", "content"}
_LONGEST_VALUE = 200
"""Characters of the longest value that is part of a form."""


def filled_in(value: Mapping[str, Any], texts: Sequence[str]) -> dict[str, Any]:
    """Return a plain line with other texts in place of its own, for example to see where a model reads each of them.

    Args:
        value: the parsed JSON of the line.
        texts: as many texts as it has, in the order of ``PlainLine.texts``.
    """
    rest = iter(texts)
    outer, body = (dict(value), dict(value["body"])) if "body" in value else ({}, dict(value))
    for key in TEXT_FIELDS:
        if key in body:
            body[key] = next(rest)
    if "messages" in body:
        body["messages"] = [{**message, "content": next(rest)} for message in body["messages"]]
    return {**outer, "body": body} if outer else body


class SlottedBlocks(NamedTuple):
    """The blocks of a request of one form for one model, with slots for its texts."""

    blocks: tuple[Block, ...]
    """The blocks; a block with a slot has no text."""

    slots: tuple[int | None, ...]
    """For each block, the index of the text that it holds. None if it has no slot."""


def slotted(measured: Measured, model: Model, marks: Sequence[str]) -> SlottedBlocks | None:
    """Return where a model reads each text of a request. None if it does not read each of them alone and once.

    Args:
        measured: a request whose texts are the marks.
        model: the model.
        marks: different texts, none of which is in another one or in the rest of the request.
    """
    index = {mark: at for at, mark in enumerate(marks)}
    blocks, slots = [], []
    for block in measured.blocks(model):
        slot = index.get(block.texts[0]) if len(block.texts) == 1 else None
        blocks.append(block if slot is None else block._replace(texts=()))
        slots.append(slot)
    held = [text for block in blocks for text in block.texts]
    if sorted(slot for slot in slots if slot is not None) != list(range(len(marks))):
        return None
    if measured.pictures or any(mark in text for text in held for mark in marks):
        return None
    return SlottedBlocks(tuple(blocks), tuple(slots))
