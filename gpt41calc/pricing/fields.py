"""Types of the values in a table: numbers, days, names, and the records composed of them.

The records are plain dataclasses, each made when something needs more of it than its values. Their annotations declare
the rules that pydantic checks, but pydantic, whose import takes 100 ms, is only imported to validate a table; the
shipped tables were validated when they were compiled (:mod:`.compiled`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, FrozenInstanceError, dataclass, fields, replace
from datetime import date
from decimal import Decimal
from threading import RLock
from typing import Annotated, Any, ClassVar, Self, dataclass_transform

__all__ = ["Checked", "Cited", "Constrained", "Day", "Line", "Name", "PerMillion", "Record", "Tokens", "toml_name"]


class Constrained:
    """Constraints on a value, by the names used in pydantic's core schemas.

    >>> Constrained(strict=True, gt=0).bounds
    {'strict': True, 'gt': 0}
    """

    def __init__(self, **bounds: Any) -> None:
        """Take the constraints by their names in pydantic's core schemas."""
        self.bounds = bounds

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> dict[str, Any]:
        """Return the schema of the constrained type; pydantic calls this method by its name."""
        return {**handler(source), **self.bounds}


class Checked:
    """A function applied to a value before any other validation."""

    def __init__(self, check: Callable[[object], object]) -> None:
        """Take the function; it returns the value to validate, or raises ValueError."""
        self.check = check

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """Return the schema with the function in front; pydantic calls this method by its name."""
        from pydantic_core.core_schema import no_info_before_validator_function

        return no_info_before_validator_function(self.check, handler(source))


class _MadeWhenNeeded:
    """Makes a class of records a dataclass when something asks for its fields.

    That takes 0.4 ms for each class, of which pricing a text needs 20. Few of them are asked: records of the shipped
    tables are made by ``Record.of_checked``. If all were made at once, pricing a prompt would take 6 % longer (``python
    -m benchmarks.tricks``).
    """

    def __get__(self, _instance: object, owner: type[Record]) -> dict[str, Field[Any]]:
        if owner is Record:
            raise AttributeError
        return _made(owner).__dataclass_fields__


_MAKING = RLock()


def _made(kind: type[Record]) -> type[Record]:
    """Return a class of records as a dataclass."""
    with _MAKING:  # a second thread would find it half made
        return kind if "__dataclass_params__" in vars(kind) else dataclass(frozen=True, kw_only=True)(kind)


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Record:
    """What is read from a table that must have no unknown keys: a frozen dataclass, made when it is needed.

    Subclasses need no decorator; they are not extended further.
    """

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]] = _MadeWhenNeeded()  # type: ignore[assignment]
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __init_subclass__(cls) -> None:
        """Refuse a class that extends another record, whose fields it would not have."""
        if cls.__bases__ != (Record,):
            message = f"{cls.__name__}: a record extends no other one"
            raise TypeError(message)

    # The dataclass has these methods of its own, which are found first from then on.

    def __init__(self, **values: Any) -> None:
        """Take the value of every field."""
        _made(type(self))
        self.__init__(**values)  # type: ignore[misc]

    def __eq__(self, other: object) -> bool:
        _made(type(self))
        return self.__eq__(other)

    def __hash__(self) -> int:
        _made(type(self))
        return self.__hash__()

    def __repr__(self) -> str:
        _made(type(self))
        return self.__repr__()

    def __setattr__(self, name: str, _value: object) -> None:
        message = f"cannot assign to field {name!r}"
        raise FrozenInstanceError(message)

    def __delattr__(self, name: str) -> None:
        message = f"cannot delete field {name!r}"
        raise FrozenInstanceError(message)

    def __replace__(self, **values: Any) -> Self:  # for copy.replace of Python 3.13
        return replace(self, **values)

    @classmethod
    def of_checked(cls, values: Mapping[str, Any]) -> Self:
        """Return a record of values that were validated before, without validating them again.

        Args:
            values: the value of every field.
        """
        record = cls.__new__(cls)
        record.__dict__.update(values)
        return record

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """Return the default values of the fields that have one."""
        return {name: vars(cls)[name] for name in cls.__annotations__ if name in vars(cls)}

    def altered(self, **values: Any) -> Self:
        """Return a copy with other values for some fields, which are not validated."""
        return self.of_checked(vars(self) | values)

    def given(self) -> dict[str, Any]:
        """Return the fields that differ from their defaults, by name, recursively for nested records."""
        found = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: _given(value) for name, value in found if value is not None}


def _given(value: Any) -> Any:
    if isinstance(value, Record):
        return value.given()
    return tuple(map(_given, value)) if isinstance(value, tuple) else value


_MOST_EXPENSIVE_PER_MILLION = Decimal(1_000_000)
"""Largest accepted price, one dollar per token: more is a typing error. It also bounds all arithmetic."""


def _decimal(value: object) -> object:
    """Accept an integer or a decimal as a price, but never a bool or a float.

    ``bool`` is a subclass of ``int`` in Python, and a binary float is not exactly the number that was written.
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
    """Return the TOML name of a value's type, for error messages."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'the text "{value[:40]}"'
    return {dict: "a table", list: "a list", date: "a date"}.get(type(value), type(value).__name__)


PerMillion = Annotated[Decimal, Checked(_decimal)]
"""US dollars per million tokens: finite and not negative."""

Tokens = Annotated[int, Constrained(strict=True, gt=0, le=10**12)]
"""A positive number of tokens."""

Day = Annotated[date, Constrained(strict=True)]
"""A calendar day, written as a TOML date."""

Name = Annotated[str, Constrained(strict=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x20\x7f]+$")]
"""An identifier without blanks and control characters."""

Line = Annotated[str, Constrained(strict=True, min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""Text that fits on one line."""

Cited = Annotated[tuple[Line, ...], Constrained(min_length=1)]
"""Keys of the table's ``sources``, at least one."""
