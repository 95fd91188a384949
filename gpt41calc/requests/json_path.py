"""Values in a JSON body with their location, for parsing with precise error messages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from ..errors import RequestError

__all__ = ["LeftOut", "Place", "Uncountable", "compact", "without"]

Read = TypeVar("Read")

_MOST = 10**12


class Uncountable(RequestError):
    """A part of a body that the API accepts, but whose tokens are not known."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part of a body that cannot be counted and was left out."""

    path: str
    """Location of the part."""

    sentence: str
    """A sentence that says what it is and where."""


@dataclass(slots=True)  # not frozen: created for every value of every body, in half the time
class Place:
    """A value in a body, with its location."""

    value: Any
    """The value."""

    path: str = ""
    """Location such as ``messages[0].content``; empty for the body itself."""

    left_out: list[LeftOut] | None = None
    """A list to which parts that are left out are added. None if nothing may be left out."""

    def refuse(self, expected: str) -> NoReturn:
        """Raise an error that says what was expected here.

        Raises:
            RequestError: always.
        """
        message = f"{self.path or 'the body'}: expected {expected}, found {_found(self.value)}"
        raise RequestError(message)

    def refuse_unknown(self, what: str) -> NoReturn:
        """Raise an error that the tokens of this value are not known.

        Raises:
            Uncountable: always.
        """
        message = f"{self.path or 'the body'}: {what}"
        raise Uncountable(message)

    def leave_out(self, what: str) -> None:
        """Add this value to the parts that are left out.

        Raises:
            Uncountable: nothing may be left out.
        """
        if self.left_out is None:
            self.refuse_unknown(what)
        self.left_out.append(LeftOut(self.path, f"{self.path}: {what}"))

    def optional(self, key: str) -> Place | None:
        """Return the value of a key, or None if it is missing or null."""
        if not isinstance(self.value, dict):
            self.refuse("an object")
        value = self.value.get(key)
        return None if value is None else Place(value, f"{self.path}.{key}" if self.path else key, self.left_out)

    def required(self, key: str) -> Place:
        """Return the value of a key.

        Raises:
            RequestError: the key is missing or null.
        """
        found = self.optional(key)
        if found is None:
            message = f"{self.path or 'the body'}: missing {key}"
            raise RequestError(message)
        return found

    def object(self) -> Mapping[str, Any]:
        """Return the value as an object, or raise RequestError."""
        if not isinstance(self.value, dict):
            self.refuse("an object")
        return self.value

    def text(self) -> str:
        """Return the value as a text, or raise RequestError."""
        if not isinstance(self.value, str):
            self.refuse("text")
        return self.value

    def items(self) -> Iterator[Place]:
        """Yield the items of the value, which must be a list."""
        if not isinstance(self.value, list):
            self.refuse("a list")
        return (Place(item, f"{self.path}[{at}]", self.left_out) for at, item in enumerate(self.value))

    def each(self, read: Callable[[Place], Read]) -> Iterator[Read]:
        """Yield the parsed items of the value, which must be a list.

        Raises:
            Uncountable: an item cannot be counted, and nothing may be left out.
        """
        for item in self.items():
            try:
                found = read(item)
            except Uncountable as error:
                if self.left_out is None:
                    raise
                self.left_out.append(LeftOut(item.path, str(error)))
            else:
                yield found

    def count(self, *, least: int = 1) -> int:
        """Return the value as an integer, or raise RequestError."""
        # In Python True is an int and 2.0 is not, while JSON Schema counts 2.0 as an integer.
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= _MOST:
            self.refuse(f"a whole number from {least}")
        return value

    def optional_text(self, key: str) -> str:
        """Return the text under a key; empty if it is missing or null."""
        if not isinstance(self.value, dict) or self.value.get(key) is not None:
            return self.required(key).text()
        return ""

    def optional_items(self, key: str) -> Iterator[Place]:
        """Yield the items of the list under a key; none if it is missing or null."""
        found = self.optional(key)
        return iter(()) if found is None else found.items()


def without(place: Place) -> Any:
    """Return the value without the parts that were left out.

    >>> body = Place({"a": [1, 2]}, "", [LeftOut("a[0]", "a[0]: nobody can count this")])
    >>> without(body)
    {'a': [2]}
    """
    return _without(place, {one.path for one in place.left_out or ()}) if place.left_out else place.value


def _without(place: Place, paths: AbstractSet[str]) -> Any:
    if isinstance(place.value, dict):
        inside = ((key, place.optional(key)) for key in place.value)
        return {key: found and _without(found, paths) for key, found in inside if not found or found.path not in paths}
    if isinstance(place.value, list):
        return [_without(item, paths) for item in place.items() if item.path not in paths]
    return place.value


def compact(value: Any) -> str:
    """Return a value as JSON without blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _found(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return "text" if len(value) > _SHORT else f"'{value}'"
    if isinstance(value, int):
        return str(value)
    kinds = {type(None): "null", float: "a number", dict: "an object", list: "a list"}
    return kinds.get(type(value), type(value).__name__)


_SHORT = 40
