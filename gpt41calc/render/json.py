"""JSON in which money keeps every digit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from ..calculator.estimate import Estimate
from .json_fields import estimate_document
from .migration import after_keys
from .sheet import Sheet

__all__ = ["JsonRenderer", "to_json"]


class JsonRenderer:
    """Reports as one JSON document."""

    def estimate(self, estimate: Estimate) -> str:
        """Return the document of an estimate as text."""
        return to_json({**estimate_document(estimate), **after_keys(estimate)})

    def sheet(self, sheet: Sheet) -> str:
        """Return the document of a sheet as text."""
        return to_json(sheet.document)


def to_json(document: Mapping[str, Any] | list[Any]) -> str:
    """Return a document as text that ends in a newline.

    The standard encoder cannot write decimals: converted to floats they would lose digits, and converted to strings
    they would not be numbers.

    >>> print(to_json({"cost": Decimal("1E-7"), "fits": True, "files": [{"path": "a"}]}), end="")
    {
      "cost": 0.0000001,
      "fits": true,
      "files": [
        {"path": "a"}
      ]
    }
    """
    return _write(document, "") + "\n"


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
"""An encoder made once: ``json.dumps`` would make one for every value, and a report may have thousands."""

_encode_key = cache(json.dumps)

_LINE = 100
"""A list or object that fits on a line of this many characters is written on one line."""


def _write(value: Any, indent: str) -> str:
    if isinstance(value, Mapping):
        parts, ends = [f"{_encode_key(key)}: {_write(inner, indent + '  ')}" for key, inner in value.items()], "{}"
        nested = any(isinstance(inner, Mapping | list) for inner in value.values())
    elif isinstance(value, list | tuple):
        parts, ends = [_write(inner, indent + "  ") for inner in value], "[]"
        nested = any(isinstance(inner, Mapping) for inner in value)
    elif isinstance(value, Decimal):
        return plain_decimal(value)
    else:
        return _encode(value)
    line = ", ".join(parts)
    if not parts or (indent and not nested and len(line) < _LINE):
        return ends[0] + line + ends[1]
    inner_indent = "\n" + indent + "  "
    return ends[0] + inner_indent + f",{inner_indent}".join(parts) + "\n" + indent + ends[1]


def plain_decimal(value: Decimal) -> str:
    """Write a decimal without exponent and without zeros at its end.

    >>> [plain_decimal(Decimal(text)) for text in ("8.8000", "1E+2", "0E-9", "-0.00")]
    ['8.8', '100', '0', '0']
    """
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
