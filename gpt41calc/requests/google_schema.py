"""Schemas of Gemini's functions, with their references resolved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["MOST_REPEATED", "Expansion", "JsonSchema"]

JsonSchema = Mapping[str, Any]

MOST_REPEATED = 5
"""Most expansions of a reference inside itself, derived from the billed tokens of two recorded calls."""

_MOST_REFERENCES = 1000
"""Most references expanded per function: a few lines can refer to more text than fits in memory."""


class Expansion:
    """Replaces references into ``$defs`` by their targets; a circular reference is removed after a few repetitions."""

    def __init__(self, root: JsonSchema) -> None:
        """Take the schema with the definitions."""
        self._root = root
        self._left = _MOST_REFERENCES

    def of(self, schema: Any, inside: tuple[str, ...] = ()) -> Any:
        """Return a schema without references; ``inside`` are the references that contain it."""
        if isinstance(schema, list):
            return [self.of(one, inside) for one in schema]
        if not isinstance(schema, dict):
            return schema
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return {key: self.of(inner, inside) for key, inner in schema.items() if key != "$defs"}
        if inside.count(reference) >= MOST_REPEATED or not self._left:
            return {}
        self._left -= 1
        return self.of(_target(reference, self._root), (*inside, reference))


def _target(reference: str, root: JsonSchema) -> Any:
    for holder in ("$defs", "definitions", "defs"):
        named = root.get(holder)
        if isinstance(named, dict) and (found := named.get(reference.rpartition("/")[2])) is not None:
            return found
    return {}
