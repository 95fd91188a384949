"""A place in a JSON body, which says where it is when it does not hold what it should."""

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
    """A part of a body that an API takes, and whose tokens are not known here."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something in a body that cannot be counted and was left out."""

    path: str
    """Where it is."""

    sentence: str
    """What it is, with the place of what cannot be counted in it."""


@dataclass(slots=True)  # not frozen: it is made for every value of every body, in half the time
class Place:
    """A value in a body, and the way to it."""

    value: Any
    """What is there."""

    path: str = ""
    """How to get there: ``messages[0].content``; empty: the body itself."""

    left_out: list[LeftOut] | None = None
    """Where to note what cannot be counted and is left out. None if nothing may be."""

    def refuse(self, expected: str) -> NoReturn:
        """Say what was expected here.

        Raises:
            RequestError: always.
        """
        message = f"{self.path or 'the body'}: expected {expected}, found {_found(self.value)}"
        raise RequestError(message)

    def refuse_unknown(self, what: str) -> NoReturn:
        """Say that what is here cannot be counted.

        Raises:
            Uncountable: always.
        """
        message = f"{self.path or 'the body'}: {what}"
        raise Uncountable(message)

    def leave_out(self, what: str) -> None:
        """Note that what is here cannot be counted.

        Raises:
            Uncountable: nothing may be left out.
        """
        if self.left_out is None:
            self.refuse_unknown(what)
        self.left_out.append(LeftOut(self.path, f"{self.path}: {what}"))

    def optional(self, key: str) -> Place | None:
        """Return what a key holds, or none if it is missing or null."""
        if not isinstance(self.value, dict):
            self.refuse("an object")
        value = self.value.get(key)
        return None if value is None else Place(value, f"{self.path}.{key}" if self.path else key, self.left_out)

    def required(self, key: str) -> Place:
        """Return what a key holds.

        Raises:
            RequestError: it is missing or null.
        """
        found = self.optional(key)
        if found is None:
            message = f"{self.path or 'the body'}: missing {key}"
            raise RequestError(message)
        return found

    def object(self) -> Mapping[str, Any]:
        """Return the object that is here."""
        if not isinstance(self.value, dict):
            self.refuse("an object")
        return self.value

    def text(self) -> str:
        """Return the text that is here."""
        if not isinstance(self.value, str):
            self.refuse("text")
        return self.value

    def items(self) -> Iterator[Place]:
        """Yield every item of the list that is here."""
        if not isinstance(self.value, list):
            self.refuse("a list")
        return (Place(item, f"{self.path}[{at}]", self.left_out) for at, item in enumerate(self.value))

    def each(self, read: Callable[[Place], Read]) -> Iterator[Read]:
        """Yield what is read of every item of the list that is here.

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
        """Return the whole number that is here."""
        # True is an int to Python, and 2.0 is a float to it and an integer to JSON schema.
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= _MOST:
            self.refuse(f"a whole number from {least}")
        return value

    def optional_text(self, key: str) -> str:
        """Return the text that a key holds; empty if it is missing or null."""
        if not isinstance(self.value, dict) or self.value.get(key) is not None:
            return self.required(key).text()
        return ""

    def optional_items(self, key: str) -> Iterator[Place]:
        """Yield every item of the list that a key holds; nothing if it is missing or null."""
        found = self.optional(key)
        return iter(()) if found is None else found.items()


def without(place: Place) -> Any:
    """Return what is at a place, without what was left out of it.

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
    """Write a value as JSON without blanks."""
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
