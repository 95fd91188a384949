"""The tables of the package in compiled form: validated TOML, stored as JSON that is loaded without further checks.

For ``pricing.toml`` alone, reading TOML takes 10 ms, importing pydantic 50 ms and validating 47 ms, most of it for
building the validators; loading the compiled table takes 4 ms. Without it, pricing a prompt takes 87 % longer (``python
-m benchmarks.tricks``). A compiled table stores the digest of its TOML: if the TOML was changed since, it is read and
validated again. ``hatch_build.py`` compiles the tables when the package is built or a checkout is installed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypeVar, get_args, get_origin

from ..locations import shipped_file
from .fields import Record

__all__ = ["compiled", "load_compiled"]

Table = TypeVar("Table", bound=Record)

_Convert = Callable[[Any], Any]

_constructors: dict[type[Record], _Convert] = {}


def compiled(table: Record, toml: bytes) -> str:
    """Return the JSON text that is shipped beside a TOML table."""
    document = {"sha256": hashlib.sha256(toml).hexdigest(), "table": _as_json(table)}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def load_compiled(kind: type[Table], name: str) -> Table | None:
    """Return a shipped table from its compiled form. None if there is none, or if its TOML has changed since.

    Args:
        kind: the class of the table.
        name: its name, as in ``pricing`` for ``pricing.toml``.
    """
    with suppress(OSError, ValueError, KeyError, TypeError, ArithmeticError, RecursionError):  # then the TOML is read
        document = json.loads(shipped_file(f"compiled/{name}.json").read_bytes())
        if document["sha256"] == hashlib.sha256(shipped_file(f"{name}.toml").read_bytes()).hexdigest():
            table: Table = _constructor(kind)(document["table"])
            return table
    return None


_FROM_TEXT: Mapping[Any, _Convert] = {Decimal: Decimal, date: date.fromisoformat}
"""The functions that read what JSON has no form for."""


def _as_json(value: Any) -> Any:
    """Return a value in the form that JSON stores; fields with their default value are left out."""
    if isinstance(value, Record):
        each = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: _as_json(inner) for field, inner in each if inner != field.default}
    if isinstance(value, dict):
        return {key: _as_json(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_as_json(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _constructor(kind: type[Record]) -> _Convert:
    """Return a function that builds a record from its field values in JSON form."""
    if kind not in _constructors:
        _constructors[kind] = _new_constructor(kind)
    return _constructors[kind]


def _new_constructor(kind: type[Record]) -> _Convert:
    conversions = {name: _conversion(annotation) for name, annotation in kind.__annotations__.items()}
    converted = {name: convert for name, convert in conversions.items() if convert}  # only half of the fields
    defaults = kind.defaults()
    names = conversions.keys()

    def make(values: dict[str, Any]) -> Record:
        for name, convert in converted.items():
            if name in values:
                values[name] = convert(values[name])
        whole = defaults | values
        if whole.keys() != names:
            message = f"{kind.__name__}: expected {', '.join(names)}"
            raise KeyError(message)
        return kind.of_checked(whole)

    return make


def _conversion(kind: Any) -> _Convert | None:
    """Return the function that converts a value from its JSON form to a given type. None if no conversion is needed."""
    if isinstance(kind, type) and issubclass(kind, Record):
        return _constructor(kind)
    if get_origin(kind) is Annotated:
        return _conversion(get_args(kind)[0])
    if kind in _FROM_TEXT:
        return _FROM_TEXT[kind]
    convert = next(filter(None, map(_conversion, get_args(kind))), None)  # for lists, tables and optional values
    if get_origin(kind) is tuple:
        return tuple if convert is None else lambda values: tuple(map(convert, values))
    if get_origin(kind) is dict and convert:
        return lambda values: {key: convert(value) for key, value in values.items()}
    return convert
