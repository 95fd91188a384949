"""Get typed values from parsed JSON, with a reason if the type is different."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .no_usage import NoUsage

__all__ = [
    "MAX_TOKENS",
    "Json",
    "dollars_in",
    "found_kind",
    "is_object",
    "name_in",
    "object_in",
    "text_in",
    "tokens_in",
]

Json = Mapping[str, Any]
"""A parsed JSON object."""

MAX_TOKENS = 10**12
"""Largest accepted number of tokens."""

_KINDS = {list: "a list", dict: "an object", str: "a text", bool: "true or false", type(None): "null"}


def found_kind(value: object) -> str:
    """Return the name of a value's JSON type.

    >>> found_kind([1]), found_kind(2.5)
    ('a list', 'a number')
    """
    return _KINDS.get(type(value), "a number")


def is_object(value: object) -> bool:
    """Return whether a value is a JSON object."""
    return isinstance(value, dict)


def object_in(value: Json, *keys: str) -> Json:
    """Return the object at a path of keys; empty if there is none."""
    for key in keys:
        inner = value.get(key)
        if not isinstance(inner, dict):
            return {}
        value = inner
    return value


def text_in(value: Json, *keys: str) -> str:
    """Return the first non-empty text under any of the keys; empty if there is none."""
    for key in keys:  # a loop: called ten times per line of a log
        inner = value.get(key)
        if inner and isinstance(inner, str):
            return inner
    return ""


def name_in(value: Json, key: str) -> str | None:
    """Return a name that affects the price; None if it is absent or null.

    Raises:
        NoUsage: the value is not a text.
    """
    text = value.get(key)
    if text is None or isinstance(text, str):
        return text or None
    message = f"{key}: expected a name, found {found_kind(text)}"
    raise NoUsage(message)


def tokens_in(number: object, path: str) -> int:
    """Return a number of tokens; null is 0.

    Raises:
        NoUsage: the value is not a whole number from 0 to 10^12.
    """
    if number is None:
        return 0
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MAX_TOKENS:
        found = found_kind(number) if isinstance(number, dict | list) else f"'{number!s:.40}'"
        message = f"{path}: expected a whole number from 0 to {MAX_TOKENS:,}, found {found}"
        raise NoUsage(message)
    return number


def dollars_in(amount: object) -> Decimal | None:
    """Return an amount of US dollars stated in a log; None if it states none.

    A float is read by its shortest decimal form, so 0.1 is ten cents.
    """
    if isinstance(amount, bool) or not isinstance(amount, int | float):
        return None
    return Decimal(str(amount))
