"""Parse TOML given by users or found in a checkout, with limits on the cost of parsing."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from typing import Any

__all__ = ["MAX_DEPTH", "MAX_KEY_PARTS", "NotToml", "parse_toml"]

MAX_KEY_PARTS = 100
"""Most parts of one dotted key: the standard library's parser needs quadratic time and memory for them."""

MAX_DEPTH = 100
"""Deepest nesting of arrays and inline tables; the parser recurses for each."""


class NotToml(Exception):
    """Text that is not TOML, or TOML that would cost too much to parse."""

    def __init__(self, reason: str) -> None:
        """Store the reason, a lower-case phrase that begins with the line."""
        super().__init__(reason)
        self.reason = reason


def parse_toml(text: str) -> dict[str, Any]:
    """Return the content of a TOML text, with fractions as decimals.

    Args:
        text: the text; the caller limits its length, to which the parsing time is proportional.

    Raises:
        NotToml: the text is not TOML, is nested too deeply, or has a key or a number that is too long.

    >>> parse_toml("a.b = 1.50")
    {'a': {'b': Decimal('1.50')}}
    >>> parse_toml(".".join("a" * 101) + " = 1")
    Traceback (most recent call last):
    ...
    gpt41calc.sources.strict_toml.NotToml: line 1: a key of more than 100 parts
    """
    _refuse_unbounded(text)
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise NotToml(_reason(error)) from error


def _reason(error: Exception) -> str:
    """Return why a text is not TOML, beginning with the line."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if not isinstance(error, tomllib.TOMLDecodeError):  # numbers of 5,000 digits, or exponents beyond Decimal
        return "a number that is too long"
    message = str(error).replace("Cannot overwrite a value", "the same key or table a second time")
    at = _AT.fullmatch(message)
    reason = at[1] if at else message
    return f"{f'line {at[2]}: ' if at else ''}{reason[:1].lower()}{reason[1:]}"


_AT = re.compile(r"(.*) \(at line (\d+), column \d+\)", re.DOTALL)


def _refuse_unbounded(text: str) -> None:
    """Raise an error for text that would exhaust the parser, without parsing it.

    Only dots, brackets and the ends of keys are examined; strings and comments are skipped as a whole.
    """
    depth = dots = 0
    for found in _MARKS.finditer(text):
        mark = found[0]
        if mark == ".":
            dots += 1
            if dots >= MAX_KEY_PARTS:
                raise NotToml(_at(text, found.start(), f"a key of more than {MAX_KEY_PARTS} parts"))
            continue
        if mark in _OPENING:
            depth += 1
            if depth > MAX_DEPTH:
                raise NotToml(_at(text, found.start(), f"nested deeper than {MAX_DEPTH} levels"))
        elif mark in _CLOSING:
            depth -= 1
        elif mark in _QUOTES:
            return  # an unterminated string: the parser also stops here
        elif mark[0] in _QUOTES:
            continue
        dots = 0


_MARKS = re.compile(
    r'''
    """(?:[^"\\]|\\.|"(?!""))*+"""     # a string of several lines
    | \'\'\'(?:[^']|'(?!''))*+\'\'\'   # a literal one
    | "(?:[^"\\\n]|\\.)*+"             # a string
    | '[^'\n]*+'                       # a literal one
    | ["']                             # one that does not end
    | \#[^\n]*+                        # a comment
    | [.=,\n\[\]{}]
    ''',
    re.VERBOSE | re.DOTALL,
)

_OPENING = "[{"
_CLOSING = "]}"
_QUOTES = "\"'"


def _at(text: str, position: int, reason: str) -> str:
    line = text.count("\n", 0, position) + 1
    return f"line {line}: {reason}"
