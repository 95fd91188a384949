"""Combine a schema with the shared definitions that it refers to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["bundled"]


def bundled(schema: Mapping[str, Any], common: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema without references to other files.

    Args:
        schema: a schema that refers to definitions of another one by its ``$id``.
        common: the other one.

    >>> common = {"$id": "urn:c", "$defs": {"a": {"type": "string"}, "b": {"type": "null"}}}
    >>> bundled({"items": {"$ref": "urn:c#/$defs/a"}}, common)
    {'items': {'$ref': '#/$defs/a'}, '$defs': {'a': {'type': 'string'}}}
    """
    prefix = f"{common['$id']}#/$defs/"
    local = _with_local_references(schema, prefix)
    definitions = {name: _with_local_references(one, prefix) for name, one in common["$defs"].items()}
    needed: dict[str, Any] = {}
    waiting = sorted(set(_references(local)))
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = definitions[name]
            waiting += _references(needed[name])
    return {**local, **({"$defs": dict(sorted(needed.items()))} if needed else {})}


def _with_local_references(value: Any, prefix: str) -> Any:
    if isinstance(value, Mapping):
        return {
            key: inner.replace(prefix, "#/$defs/") if key == "$ref" else _with_local_references(inner, prefix)
            for key, inner in value.items()
        }
    return [_with_local_references(inner, prefix) for inner in value] if isinstance(value, list) else value


def _references(value: Any) -> Iterator[str]:
    """Yield the names of the definitions that a schema refers to."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "$ref":
                yield inner.removeprefix("#/$defs/")
            else:
                yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)
