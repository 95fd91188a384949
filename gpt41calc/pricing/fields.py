"""The kinds of values in a table: numbers, days, names, and the records made of them.

The records are plain dataclasses. Their fields say what pydantic is to check,
but pydantic is only imported where a table is checked, which takes 100 ms; the
shipped tables were checked when they were compiled (:mod:`.compiled`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, fields
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar

__all__ = ["Checked", "Cited", "Constrained", "Day", "Line", "Name", "PerMillion", "Record", "Tokens", "toml_name"]


class Constrained:
    """Bounds of a value, by the names that pydantic's schemas give them.

    >>> Constrained(strict=True, gt=0).bounds
    {'strict': True, 'gt': 0}
    """

    def __init__(self, **bounds: Any) -> None:
        """Take bounds: ``strict``, ``gt``, ``ge``, ``le``, ``min_length``, ``max_length``, ``pattern``, ``mode``."""
        self.bounds = bounds

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> dict[str, Any]:
        """Tell pydantic what it is to check; it asks for this by name."""
        return {**handler(source), **self.bounds}


class Checked:
    """A function that a value goes through before anything else looks at it."""

    def __init__(self, check: Callable[[object], object]) -> None:
        """Take the function; it returns the value to go on with, or raises ValueError."""
        self.check = check

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """Tell pydantic what it is to check; it asks for this by name."""
        from pydantic_core.core_schema import no_info_before_validator_function

        return no_info_before_validator_function(self.check, handler(source))


class Record:
    """A frozen dataclass that is read from a table, and is strict about its keys."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def given(self) -> dict[str, Any]:
        """Return the fields that say something, by their names, and those of the records in them."""
        found = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: _given(value) for name, value in found if value is not None}


def _given(value: Any) -> Any:
    if isinstance(value, Record):
        return value.given()
    return tuple(map(_given, value)) if isinstance(value, tuple) else value


_MOST_EXPENSIVE_PER_MILLION = Decimal(1_000_000)
"""A dollar a token; more is a slip of the keyboard, and bounds all arithmetic."""


def _decimal(value: object) -> object:
    """Accept whole numbers where a price is expected, but never a bool or a float.

    ``bool`` is an ``int`` to Python, and a binary float is not the number
    that was written; neither may become money.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        message = f"expected a number, found {toml_name(value)}"
        raise ValueError(message)
    number = Decimal(value)
    if not number.is_finite() or not 0 <= number <= _MOST_EXPENSIVE_PER_MILLION:
        message = f"expected a finite number from 0 to {_MOST_EXPENSIVE_PER_MILLION}, found {number:.12g}"
        raise ValueError(message)
    return number


def toml_name(value: object) -> str:
    """Say what a value is, in the words of who writes TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'the text "{value[:40]}"'
    return {dict: "a table", list: "a list", date: "a date"}.get(type(value), type(value).__name__)


PerMillion = Annotated[Decimal, Checked(_decimal)]
"""US dollars per one million tokens; finite, not negative."""

Tokens = Annotated[int, Constrained(strict=True, gt=0, le=10**12)]
"""A positive number of tokens."""

Day = Annotated[date, Constrained(strict=True)]
"""A calendar day, written as a TOML date."""

Name = Annotated[str, Constrained(strict=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x20\x7f]+$")]
"""An identifier: no blanks, no control characters."""

Line = Annotated[str, Constrained(strict=True, min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""Text that fits on one line."""

Cited = Annotated[tuple[Line, ...], Constrained(min_length=1)]
"""Keys of the table's ``sources``, at least one."""
