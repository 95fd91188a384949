"""Read JSON that users give as strictly as an API would, with a reason for what it would refuse.

Python's own reader takes NaN, numbers too large for a float, keys that are
there twice and halves of a surrogate pair. No API does, and a number that
came of one of them would be wrong.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any, NoReturn

__all__ = ["MAX_DEPTH", "NotJson", "parse_json"]

MAX_DEPTH = 100
"""Arrays and objects inside one another; schemas nest by far less, and what reads a value may recurse."""

_MAX_DIGITS = 100
"""Of one number; nothing that is counted or priced has more."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_SHOWN_CHARACTERS = 40
"""As much of a key or a number as a reason quotes."""


class NotJson(Exception):
    """Bytes that are no JSON, or JSON that an API would refuse."""

    def __init__(self, reason: str) -> None:
        """Keep the reason: a lower-case phrase."""
        super().__init__(reason)
        self.reason = reason


def parse_json(raw: bytes) -> Any:
    r"""Return the value that one JSON text stands for; integers as ``int``, other numbers as ``float``.

    Raises:
        NotJson: it is not UTF-8, not JSON, holds NaN, an infinite number, a
            number of more than 100 digits, a key twice or half a surrogate
            pair, or is nested deeper than 100 levels.

    >>> parse_json(b'{"n": 1}')
    {'n': 1}
    >>> parse_json(b'{"n": 1, "n": 2}')
    Traceback (most recent call last):
    ...
    gpt41calc.sources.strict_json.NotJson: the key "n" is there twice
    """
    try:
        text = raw.removeprefix(_BYTE_ORDER_MARK).decode()
    except UnicodeDecodeError as error:
        message = f"not UTF-8: byte {error.object[error.start]:#04x} at {error.start + 1:,}"
        raise NotJson(message) from error
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise NotJson(_why(error)) from error
    except RecursionError as error:
        raise NotJson(_TOO_DEEP) from error
    _refuse_depth(raw, value)
    _refuse_surrogates(raw, value)
    return value


_TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels"


def _why(error: json.JSONDecodeError) -> str:
    """Return what is wrong with a text, and where."""
    rest = error.doc[error.pos :].strip()
    if not error.doc.strip():
        return "empty"
    if not rest or error.msg.startswith("Unterminated string"):
        return "not JSON: it ends in the middle of a value"
    column = f"column {error.colno:,}"
    where = f"line {error.lineno:,}, {column}" if error.lineno > 1 else column
    return f"not JSON: {error.msg[0].lower()}{error.msg[1:].removesuffix(' at')} at {where}"


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        message = f'the key "{_shown(twice)}" is there twice'
        raise NotJson(message)
    return found


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        message = f"a number of {len(digits):,} digits"
        raise NotJson(message)
    return int(digits)


def _fraction(digits: str) -> float:
    number = float(digits)
    if len(digits) > _MAX_DIGITS or not math.isfinite(number):
        message = f"a number that is too large or too long: {_shown(digits)}"
        raise NotJson(message)
    return number


def _constant(name: str) -> NoReturn:
    message = f"{name}, which is no number in JSON"
    raise NotJson(message)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_fraction, parse_constant=_constant
)


def _refuse_depth(raw: bytes, value: Any) -> None:
    """Refuse what is nested so deeply that reading it could not end."""
    # What opens fewer brackets than that cannot be: nothing need be looked at.
    if raw.count(b"{") + raw.count(b"[") <= MAX_DEPTH:
        return
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise NotJson(_TOO_DEEP)


def _inside(value: Any) -> Sequence[Any]:
    """Return what an array or an object holds of arrays and objects."""
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [inner for inner in held if isinstance(inner, dict | list)]


_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def _refuse_surrogates(raw: bytes, value: Any) -> None:
    r"""Refuse half a character; only ``\u`` can write one, because half of one is not UTF-8."""
    # The search for two bytes is several times as fast as that for a pattern, and mostly all there is to do.
    if rb"\u" not in raw or not _ESCAPED_SURROGATE.search(raw):
        return
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = ord(error.object[error.start])
        message = f"half a surrogate pair (\\u{half:04x}), which is no character"
        raise NotJson(message) from error
