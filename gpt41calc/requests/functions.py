"""Functions as OpenAI writes them into a prompt: a TypeScript namespace.

OpenAI does not publish this text. It was derived from the billed tokens of recorded calls (``docs/accuracy``): its
tokens plus a constant equal the billed count of most calls.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import RequestError
from .request import Tool

__all__ = ["FunctionStyle", "functions_text", "is_nested"]

_MOST_TYPES = 20_000
"""Most types to which a function may expand; every use of a reference expands again."""

_DEEPEST = 100
"""Deepest nesting of types. Deeper JSON is refused earlier, but references may nest deeper."""


@dataclass(frozen=True, slots=True)
class FunctionStyle:
    """Differences between model families."""

    describes_variants: bool = True
    """Whether the comment of a property is repeated before each type of a union."""

    describes_items: bool = True
    """Whether the items of an array have a comment of their own."""


def functions_text(tools: Sequence[Tool], style: FunctionStyle = FunctionStyle()) -> str:
    """Return the text of functions.

    Args:
        tools: the functions, in order.
        style: the style of the model family.

    Raises:
        RequestError: references expand to more types than any API accepts.

    >>> city = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    >>> print(functions_text([Tool("find", "Look it up", city)]))
    namespace functions {
    <BLANKLINE>
    // Look it up
    type find = (_: { city: string }) => any;
    <BLANKLINE>
    } // namespace functions
    """
    lines = ["namespace functions {", ""]
    for tool in tools:
        lines += _comment({"description": tool.description})
        lines += [f"type {tool.name} = {_Types(tool.parameters, style).signature()} => any;", ""]
    return "\n".join([*lines, "} // namespace functions"])


def is_nested(tools: Sequence[Tool]) -> bool:
    """Return whether a property is more complex than a plain type, an enum, or an array of plain types."""
    return any(
        not isinstance(found, Mapping)
        or isinstance(found.get("type"), list)
        or bool(_COMBINING & found.keys())
        or "properties" in found
        or (isinstance(found.get("items"), Mapping) and bool({"$ref", "properties", "items"} & found["items"].keys()))
        for tool in tools
        for found in _properties(tool.parameters).values()
    )


_COMBINING = {"$ref", "allOf", "anyOf", "oneOf"}
_UNIONS = ("anyOf", "oneOf")
_SAME = {"integer": "number", "number": "number", "string": "string", "boolean": "boolean", "null": "null"}
"""Plain types of JSON Schema, with their TypeScript names."""


class _Types:
    """Writes the types of one function; references are resolved in its schema."""

    def __init__(self, root: Mapping[str, Any], style: FunctionStyle) -> None:
        self._root = root
        self._style = style
        self._left = _MOST_TYPES
        self._depth = 0

    def signature(self) -> str:
        schema, followed = self._followed(self._root, ())
        if not _properties(schema):
            return "()"
        title = schema.get("title")
        head = f" // {title}\n" if isinstance(title, str) and title else " "
        return f"(_:{head}{self._object(schema, followed)})"

    def _object(self, schema: Mapping[str, Any], followed: tuple[str, ...]) -> str:
        """Return an object type on one line if nothing in it has a comment, else with one line per property."""
        lines = list(self._lines(schema, followed))
        if any("//" in line or "\n" in line for line in lines):
            return "{\n" + "\n".join(lines) + "\n}"
        return "{ " + " ".join(lines).removesuffix(",") + " }"

    def _lines(self, schema: Mapping[str, Any], followed: tuple[str, ...]) -> Iterator[str]:
        required = schema.get("required")
        needed = required if isinstance(required, list) else []
        for name, found in _properties(schema).items():
            inner = found if isinstance(found, Mapping) else {}
            whole, _ = self._followed(inner, followed)
            yield from _comment(whole)
            mark = "" if name in needed else "?"
            default = f" // default: {_json(whole['default'])}" if "default" in whole else ""
            yield f"{name}{mark}: {self._type(inner, followed)},{default}"

    def _type(self, found: Mapping[str, Any], followed: tuple[str, ...]) -> str:
        self._left -= 1
        self._depth += 1
        if self._left < 0 or self._depth > _DEEPEST:
            raise RequestError("a function whose references unfold to more types than can be counted")
        try:
            return self._written(found, followed)
        finally:
            self._depth -= 1

    def _written(self, found: Mapping[str, Any], followed: tuple[str, ...]) -> str:
        schema, followed = self._followed(found, followed)
        if isinstance(words := schema.get("enum"), list):
            return " | ".join(map(_json, words))
        if "const" in schema:
            return _json(schema["const"])
        if variants := _variants(schema):
            return self._union(variants, followed)
        kind = schema.get("type")
        if kind == "array":
            return self._array(schema.get("items"), followed)
        if kind == "object" or "properties" in schema:
            return self._object(schema, followed) if _properties(schema) else "object"
        return _SAME.get(kind, "any") if isinstance(kind, str) else "any"

    def _union(self, variants: Sequence[Mapping[str, Any]], followed: tuple[str, ...]) -> str:
        types = [self._type(variant, followed) for variant in variants]
        if self._style.describes_variants:
            comments = ["".join(f"{line}\n" for line in _comment(self._followed(one, followed)[0])) for one in variants]
            if any(comments):
                pairs = zip(comments, types, strict=True)
                return "".join(f"\n | {comment}{kind}" for comment, kind in pairs) + "\n"
        return " | ".join(types)

    def _array(self, items: object, followed: tuple[str, ...]) -> str:
        if not isinstance(items, Mapping) or not items:
            return "any[]"
        kind = self._type(items, followed)
        comment = _comment(self._followed(items, followed)[0]) if self._style.describes_items else []
        return "\n".join(["Array<", *comment, kind, ">"]) if comment else f"{kind}[]"

    def _followed(
        self, schema: Mapping[str, Any], followed: tuple[str, ...]
    ) -> tuple[Mapping[str, Any], tuple[str, ...]]:
        """Return the target of a local reference, merged with the keys beside it; circular ones are not repeated."""
        name = schema.get("$ref")
        if not isinstance(name, str) or not name.startswith("#/") or name in followed or len(followed) > _DEEPEST:
            return schema, followed
        meant: Any = self._root
        for step in name[2:].split("/"):
            meant = meant.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(meant, Mapping) else None
        if not isinstance(meant, Mapping):
            return schema, followed
        inner, path = self._followed(meant, (*followed, name))
        return {**inner, **{key: value for key, value in schema.items() if key != "$ref"}}, path


def _variants(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the types of a union: of ``anyOf``, ``oneOf``, a list of types, or a single ``allOf`` member."""
    for key in _UNIONS:
        if isinstance(schema.get(key), list):
            return [one for one in schema[key] if isinstance(one, Mapping)]
    kinds, both = schema.get("type"), schema.get("allOf")
    if isinstance(kinds, list):
        return [{**schema, "type": kind} for kind in kinds if isinstance(kind, str)]
    return [one for one in both if isinstance(one, Mapping)] if isinstance(both, list) and len(both) == 1 else []


def _comment(schema: Mapping[str, Any]) -> list[str]:
    """Return title and description as comment lines; every line is stripped, and empty lines are kept."""
    title, description = (_text(schema.get(key)) for key in ("title", "description"))
    lines = [f"// {title}"] if title else []
    if title and description:
        lines.append("//")
    if description:
        lines += [f"// {line.strip()}".rstrip() for line in description.split("\n")]
    return lines


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _properties(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    found = schema.get("properties")
    return found if isinstance(found, Mapping) else {}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
