"""The tables of the package, read ahead: from TOML that was checked to JSON that is only taken up.

Of ``pricing.toml`` alone, reading TOML takes 10 ms, importing pydantic 50 ms
and checking 47 ms, most of it building what checks; taking up what was
compiled takes 4 ms. Without it, pricing a prompt takes 49 % longer
(``python -m benchmarks.tricks``). A compiled table belongs to its TOML by a digest: of one
that was changed, the TOML is read and checked. ``hatch_build.py`` compiles the
tables when the package is built or a checkout is installed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from ..locations import shipped_file
from .fields import Noun

__all__ = ["compiled", "take_up"]

Table = TypeVar("Table", bound=Noun)

_TakeUp = Callable[[Any], Any]

_makers: dict[type[Noun], _TakeUp] = {}


def compiled(table: Noun, toml: bytes) -> str:
    """Return a table as it is shipped beside the TOML it was read from."""
    document = {"sha256": hashlib.sha256(toml).hexdigest(), "table": _said(table)}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def take_up(noun: type[Table], name: str) -> Table | None:
    """Return a shipped table as it was compiled; none: there is none, or its TOML is another now.

    Args:
        noun: what the table is.
        name: its name, as in ``pricing`` for ``pricing.toml``.
    """
    with suppress(OSError, ValueError, KeyError, TypeError, ArithmeticError, RecursionError):  # then the TOML is read
        document = json.loads(shipped_file(f"compiled/{name}.json").read_bytes())
        if document["sha256"] == hashlib.sha256(shipped_file(f"{name}.toml").read_bytes()).hexdigest():
            table: Table = _maker(noun)(document["table"])
            return table
    return None


def _said(value: Any) -> Any:
    """Return a value as JSON has it, without what a field says anyway."""
    if isinstance(value, Noun):
        each = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: _said(inner) for field, inner in each if inner != field.default}
    if isinstance(value, dict):
        return {key: _said(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_said(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _maker(noun: type[Noun]) -> _TakeUp:
    """Return what makes a noun of the values of its fields, as JSON has them."""
    if noun not in _makers:
        _makers[noun] = _new_maker(noun)
    return _makers[noun]


def _new_maker(noun: type[Noun]) -> _TakeUp:
    kinds = get_type_hints(noun)
    conversions = {field.name: _conversion(kinds[field.name]) for field in fields(noun)}
    special = {name: convert for name, convert in conversions.items() if convert}  # half of the fields

    def make(values: dict[str, Any]) -> Noun:
        for name, convert in special.items():
            if name in values:
                values[name] = convert(values[name])
        return noun(**values)

    return make


def _conversion(kind: Any) -> _TakeUp | None:
    """Return what makes a value of a kind of its form in JSON; none: they are the same."""
    if isinstance(kind, type) and issubclass(kind, Noun):
        return _maker(kind)
    if kind is Decimal:
        return Decimal
    if kind is date:
        return date.fromisoformat
    convert = next(filter(None, map(_conversion, get_args(kind))), None)  # of a list, a table or what may be none
    if get_origin(kind) is tuple:
        return tuple if convert is None else lambda values: tuple(map(convert, values))
    if get_origin(kind) is dict and convert:
        return lambda values: {key: convert(value) for key, value in values.items()}
    return convert
