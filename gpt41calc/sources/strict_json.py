"""Parse untrusted JSON as strictly as an API does, with a reason for what it would refuse.

Python's own parser accepts NaN, numbers too large for a float, duplicate keys and lone surrogates. No API does, and a
count based on one of them would be wrong.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any, NoReturn

__all__ = ["MAX_DEPTH", "NotJson", "parse_json"]

MAX_DEPTH = 100
"""Deepest nesting of arrays and objects; schemas nest far less, and functions that process a value may recurse."""

_MAX_DIGITS = 100
"""Most digits of one number; no counted or priced number has more."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_SHOWN_CHARACTERS = 40
"""Most characters of a key or a number that a reason quotes."""


class NotJson(Exception):
    """Bytes that are not JSON, or JSON that an API would refuse."""

    def __init__(self, reason: str) -> None:
        """Store the reason, a lower-case phrase."""
        super().__init__(reason)
        self.reason = reason


def parse_json(raw: bytes) -> Any:
    r"""Return the value of a JSON text; integers as ``int``, other numbers as ``float``.

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
    """Raise an error for nesting so deep that parsing would fail."""
    # With fewer opening brackets than that, the nesting cannot be too deep.
    if raw.count(b"{") + raw.count(b"[") <= MAX_DEPTH:
        return
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise NotJson(_TOO_DEEP)


def _inside(value: Any) -> Sequence[Any]:
    """Return the arrays and objects directly inside an array or an object."""
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [inner for inner in held if isinstance(inner, dict | list)]


_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def _refuse_surrogates(raw: bytes, value: Any) -> None:
    r"""Raise an error for a lone surrogate; only a ``\u`` escape can produce one, because it is not valid UTF-8."""
    # Searching for bytes is several times as fast as searching for a pattern, and usually enough.
    if rb"\uD" not in raw and rb"\ud" not in raw:
        return
    if not _ESCAPED_SURROGATE.search(raw):
        return
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = ord(error.object[error.start])
        message = f"half a surrogate pair (\\u{half:04x}), which is no character"
        raise NotJson(message) from error
