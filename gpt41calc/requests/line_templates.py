"""Read a line by comparing bytes with an earlier one that differs from it in nothing but its strings.

Parsing a line of 11 kB takes 60 us, and this takes 17. That the result is the same follows from the grammar of
JSON: what is around the strings was parsed before, and each string is parsed by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from .plain_lines import NEVER_READ, TEXT_FIELDS, PlainLine

__all__ = ["LineTemplate", "Templates", "template_of"]

Known = TypeVar("Known")

_MOST_TEMPLATES = 4
"""Most templates that a line is compared with."""

_MOST_MADE = 1000
"""Most templates made for a file: it has too many forms if there are more."""

_MOST_BYTES = 1 << 20
"""Longest line, in bytes, that a template is made of."""

_WORTH_COMPARING_BYTES = 64
"""Shortest string that is compared with the one in its place before: instructions are often the same."""

_BACKSLASH = ord("\\")
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_DECODER = json.JSONDecoder()


class _Slot(NamedTuple):
    """What a string of a line is."""

    text: int | None
    """Index of the text. None if it is none."""

    is_name: bool = False
    """Whether it is the identifier of the request."""

    may_be_empty: bool = True
    """Whether a line is a request of the same form if the string is empty."""


class LineTemplate:
    """The bytes around the strings in which lines may differ."""

    def __init__(self, around: tuple[bytes, ...], slots: tuple[_Slot, ...], form: tuple[object, ...]) -> None:
        """Take the parts; a slot is between each two of ``around``."""
        self._first = around[0]
        self._slots = tuple(zip(slots, around[1:], strict=True))
        self._form = form
        self._texts = sum(slot.text is not None for slot in slots)
        self._before: list[tuple[bytes, str] | None] = [None] * len(slots)

    def match(self, raw: bytes) -> PlainLine | None:
        """Return the result of ``plain_line`` for a line of this template. None if it is of another one."""
        if not raw.startswith(self._first):
            return None
        at = len(self._first)
        name: str | None = None
        texts = [""] * self._texts
        for number, (slot, after) in enumerate(self._slots):
            before = self._before[number]
            if before and raw.startswith(before[0], at) and raw.startswith(after, at + len(before[0])):
                text = before[1]
                at += len(before[0]) + len(after)
            else:
                # A string ends at the first quote that is not escaped. If that is not the quote at which the rest is
                # found, then the string is no JSON; if the quote is escaped, then the line is not read here.
                end = raw.find(after, at)
                if end < 0 or raw[end - 1] == _BACKSLASH:
                    return None
                found = _parsed(raw[at - 1 : end + 1])
                if found is None or not (found or slot.may_be_empty):
                    return None
                text = found
                if end - at >= _WORTH_COMPARING_BYTES:
                    self._before[number] = raw[at:end], text
                at = end + len(after)
            if slot.text is not None:
                texts[slot.text] = text
            elif slot.is_name:
                name = text
        return PlainLine(self._form, name, tuple(texts)) if at == len(raw) else None


def _parsed(quoted: bytes) -> str | None:
    """Return the value of a JSON string, with its quotes. None if it is none, or no text of Unicode."""
    try:
        written = quoted.decode()
        text, end = _DECODER.raw_decode(written)
        if not text.isascii():
            text.encode()  # half a surrogate pair is refused
    except ValueError:  # UnicodeDecodeError, UnicodeEncodeError, JSONDecodeError
        return None
    return str(text) if end == len(written) else None


def template_of(raw: bytes, value: Mapping[str, Any], plain: PlainLine) -> LineTemplate | None:
    """Return the template of a line. None if the line is too long.

    Args:
        raw: the line.
        value: the parsed JSON of the line.
        plain: the result of ``plain_line`` for it.
    """
    if len(raw) > _MOST_BYTES:
        return None
    around, slots = [], []
    at = 0
    for found, slot in zip(_STRING.finditer(raw), _strings(value), strict=True):
        if slot is not None:
            around.append(raw[at : found.start() + 1])
            slots.append(slot)
            at = found.end() - 1
    return LineTemplate((*around, raw[at:]), tuple(slots), plain.form) if slots else None


def _strings(value: Mapping[str, Any]) -> Iterator[_Slot | None]:
    """Yield what each string of a plain line is, keys too, in the order of the line; None if it is of the form."""
    if not ("body" in value or "custom_id" in value):
        yield from _body_strings(value)
        return
    for key, one in value.items():
        yield None
        if key == "body":
            yield from _body_strings(one)
        elif key == "custom_id":
            yield _Slot(None, is_name=True, may_be_empty=False)
        elif isinstance(one, str):
            yield None


def _body_strings(body: Mapping[str, Any]) -> Iterator[_Slot | None]:
    places = [key for key in TEXT_FIELDS if key in body]
    index = len(places)
    for key, one in body.items():
        yield None
        if key in places:
            yield _Slot(places.index(key), may_be_empty=False)
        elif key == "messages":
            for message in one:
                for field in message:
                    yield None
                    yield _Slot(index) if field == "content" else None
                index += 1
        elif key in NEVER_READ and isinstance(one, str):
            yield _Slot(None)
        else:
            yield from _all_strings(one)


def _all_strings(value: Any) -> Iterator[None]:
    if isinstance(value, str):
        yield None
    elif isinstance(value, dict):
        for one in value.values():
            yield None
            yield from _all_strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _all_strings(one)


class Templates(Generic[Known]):
    """The templates of some lines, the last one that was of use first, with what is known of their form."""

    def __init__(self) -> None:
        """Start without a template."""
        self._templates: list[tuple[LineTemplate, Known]] = []
        self._made = 0

    def match(self, raw: bytes) -> tuple[PlainLine, Known] | None:
        """Return a line that is of one of the templates, with what is known of it."""
        for at, (template, known) in enumerate(self._templates):
            if (plain := template.match(raw)) is not None:
                if at:
                    self._templates.insert(0, self._templates.pop(at))
                return plain, known
        return None

    def add(self, raw: bytes, value: Mapping[str, Any], plain: PlainLine, known: Known) -> None:
        """Make a template of a line that was of none; the arguments are those of ``template_of``."""
        if self._made < _MOST_MADE and (template := template_of(raw, value, plain)) is not None:
            self._made += 1
            self._templates.insert(0, (template, known))
            del self._templates[_MOST_TEMPLATES:]
