"""The keys of every JSON document, from its schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markdown import escaped

from gpt41calc.commands.schema.run import Schema, load_schemas

__all__ = ["schemas"]

_DEEPEST = 8
"""Levels of keys that are listed; a tree of folders has no end."""


def schemas() -> Iterator[str]:
    """Yield the list of documents, then a section with the keys of each."""
    every = load_schemas()
    yield from ("| name | printed by | content |", "|---|---|---|")
    for one in every:
        yield f"| [`{one.name}`](#{one.name}) | `{one.title}` | {escaped(one.description)} |"
    for one in every:
        yield from ("", f"## {one.name}", "", f"`{one.title}`, `$id` `{one.id}`: {escaped(one.description)}", "")
        yield from ("| key | type | meaning |", "|---|---|---|", *_rows(one, one.document, "", 0))


def _rows(schema: Schema, node: dict[str, Any], prefix: str, depth: int) -> Iterator[str]:
    """Yield a row for every key of an object, and of the objects in it."""
    required = set(node.get("required", ()))
    for name, given in node.get("properties", {}).items():
        one = _resolved(schema, given)
        path = f"{prefix}{name}"
        absent = "" if name in required else ", may be absent"
        yield f"| `{path}` | {escaped(_type(schema, one))}{absent} | {escaped(one.get('description', ''))} |"
        inner, mark = one, "."
        while "items" in inner:
            inner, mark = _resolved(schema, inner["items"]), f"[]{mark}"
        if depth < _DEEPEST and "properties" in inner and "$ref" not in inner:
            yield from _rows(schema, inner, f"{path}{mark}", depth + 1)


def _resolved(schema: Schema, node: Any) -> dict[str, Any]:
    """Return what a reference stands for, with what is said beside it."""
    if not isinstance(node, dict):
        return {}
    name = str(node.get("$ref", "")).removeprefix("#/$defs/")
    named = schema.document.get("$defs", {}).get(name, {})
    return {**named, **{key: value for key, value in node.items() if key != "$ref"}}


def _type(schema: Schema, node: dict[str, Any]) -> str:
    """Return the type of a value in words."""
    if "const" in node:
        return str(node["const"])
    if "enum" in node:
        return " or ".join("null" if value is None else str(value) for value in node["enum"])
    if "anyOf" in node or "oneOf" in node:
        options = [_type(schema, _resolved(schema, one)) for one in node.get("anyOf") or node["oneOf"]]
        return " or ".join(dict.fromkeys(options))
    found = node.get("type", "any")
    return " or ".join(found) if isinstance(found, list) else str(found)
