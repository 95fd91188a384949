"""What the functions in a request take: two models, both fitted to what the API bills.

OpenAI writes functions into the prompt in a form that it does not publish.
Its cookbook counts flat functions whose properties are all described, to the
token; the other model was fitted by the npm package ai-tokenizer to requests
with nested schemas, and counts everything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .json_path import compact
from .request import Tool

__all__ = ["Written", "is_flat", "written"]


@dataclass(frozen=True, slots=True)
class Written:
    """A function as it stands in a prompt."""

    texts: tuple[str, ...]
    """What is counted as text."""

    tokens: int
    """What is around it."""

    functions: int
    """How many times what a model adds to a flat function comes on top: once or not at all."""


def written(tools: Sequence[Tool]) -> tuple[Written, ...]:
    """Return all functions of a request as they stand in a prompt: by one model, so that none is counted by two."""
    if all(map(is_flat, tools)):
        flat = [_flat(tool) for tool in tools]
        return (*flat, Written((), _FLAT_END, 0)) if flat else ()
    return tuple(_nested(tool, first=at == 0) for at, tool in enumerate(tools))


def is_flat(tool: Tool) -> bool:
    """Say whether the cookbook's model covers a function: every property of a plain type, and described."""
    if not tool.description or set(tool.parameters) & _COMBINING:
        return False
    return all(
        isinstance(found, dict)
        and isinstance(found.get("type"), str)
        and found["type"] not in {"object", "array"}
        and isinstance(found.get("description"), str)
        and not set(found) & _COMBINING
        for found in _properties(tool.parameters).values()
    )


_COMBINING = {"$ref", "$defs", "allOf", "anyOf", "definitions", "oneOf"}

# The cookbook's numbers; what it adds to every function depends on the model: ``Chat.per_function``.
_FLAT_PROPERTIES = 3
_FLAT_PROPERTY = 3
_FLAT_ENUM = -3
_FLAT_ITEM = 3
_FLAT_END = 12


def _flat(tool: Tool) -> Written:
    properties = _properties(tool.parameters)
    texts = [f"{tool.name}:{tool.description.removesuffix('.')}"]
    tokens = _FLAT_PROPERTIES if properties else 0
    for name, found in properties.items():
        tokens += _FLAT_PROPERTY
        if isinstance(found.get("enum"), list):
            tokens += _FLAT_ENUM + _FLAT_ITEM * len(found["enum"])
            texts += map(_value, found["enum"])
        texts.append(f"{name}:{found['type']}:{found['description'].removesuffix('.')}")
    return Written(tuple(texts), tokens, 1)


# The numbers of ai-tokenizer for GPT-4.1 and GPT-4o.
_ANY_TOOL = 16
_ANOTHER_TOOL = 6
_DESCRIPTION = 1
_FIRST_PROPERTY = 5
_ANOTHER_PROPERTY = 3
_PROPERTY_DESCRIPTION = 2
_ENUM = 7
_NESTED_OBJECT = -3
_ARRAY_OF_OBJECTS = 1


def _nested(tool: Tool, *, first: bool) -> Written:
    texts, tokens = [tool.name], _ANY_TOOL if first else _ANOTHER_TOOL
    if tool.description:
        texts.append(tool.description)
        tokens += _DESCRIPTION
    for text, more in _walk_properties(tool.parameters, tool.parameters, ()):
        texts += [text] if text else []
        tokens += more
    return Written(tuple(texts), tokens, 0)


def _walk_properties(
    schema: Mapping[str, Any], root: Mapping[str, Any], followed: tuple[str, ...]
) -> Iterator[tuple[str, int]]:
    """Yield texts and the tokens around them, of all properties of an object, and of those inside them."""
    for at, (name, found) in enumerate(_properties(schema).items()):
        yield name, _ANOTHER_PROPERTY if at else _FIRST_PROPERTY
        if isinstance(found, dict):
            yield from _walk_value(found, root, followed)
    for branch in _branches(schema):
        yield from _walk_properties(branch, root, followed)


def _walk_value(
    found: Mapping[str, Any], root: Mapping[str, Any], followed: tuple[str, ...]
) -> Iterator[tuple[str, int]]:
    if isinstance(found.get("description"), str) and found["description"]:
        yield found["description"], _PROPERTY_DESCRIPTION
    items = found["enum"] if isinstance(found.get("enum"), list) else [found["const"]] if "const" in found else None
    if items is not None:
        yield "", _ENUM
        yield from ((_value(item), 0) for item in items)
    if (reference := _reference(found, root, followed)) is not None:
        name, meant = reference
        yield from _walk_value(meant, root, (*followed, name))
    if isinstance(found.get("properties"), dict):
        yield "", _NESTED_OBJECT
        yield from _walk_properties({"properties": found["properties"]}, root, followed)
    if isinstance(inside := found.get("items"), dict):
        if _is_object(inside, root, followed):
            yield "", _ARRAY_OF_OBJECTS - _NESTED_OBJECT
        yield from _walk_value(inside, root, followed)
    for branch in _branches(found):
        yield from _walk_value(branch, root, followed)


def _is_object(schema: Mapping[str, Any], root: Mapping[str, Any], followed: tuple[str, ...]) -> bool:
    reference = _reference(schema, root, followed)
    return isinstance((reference[1] if reference else schema).get("properties"), dict)


def _reference(
    schema: Mapping[str, Any], root: Mapping[str, Any], followed: tuple[str, ...]
) -> tuple[str, Mapping[str, Any]] | None:
    """Return what a local reference stands for; none where there is none, or where it leads back to itself."""
    name = schema.get("$ref")
    if not isinstance(name, str) or not name.startswith("#/") or name in followed:
        return None
    meant: Any = root
    for step in name[2:].split("/"):
        meant = meant.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(meant, dict) else None
    return (name, meant) if isinstance(meant, dict) else None


def _branches(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for key in ("anyOf", "oneOf", "allOf"):
        branches = schema.get(key)
        if isinstance(branches, list):
            yield from (branch for branch in branches if isinstance(branch, dict))


def _properties(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    found = schema.get("properties")
    return found if isinstance(found, dict) else {}


def _value(item: Any) -> str:
    return item if isinstance(item, str) else compact(item)
