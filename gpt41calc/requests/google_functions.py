"""The text that Gemini models read for functions, calls and results.

Google does not publish it. Each form was chosen because Gemma's token counts for it add up to the billed tokens of
recorded calls (``docs/accuracy-google.md`` gives their number):

- Gemini 2.5 reads functions as Python: a signature with a docstring, and a
  data class for every object in it.
- Gemini 3 reads them as declarations between special tokens, the form that
  Google documents for FunctionGemma.
- Gemini 2.0 is billed for names, descriptions, keys and types alone, each by
  itself; a JSON schema (``parametersJsonSchema``) adds nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .google_body import Call, Function, Result
from .google_schema import Expansion, JsonSchema

__all__ = ["Spoken", "as_declaration", "as_python", "call_values", "declared_call", "declared_result", "python_call"]
__all__ += ["python_result", "values"]


class Spoken:
    """A text with special tokens: its pieces are counted separately, with one token between two pieces."""

    MARK = "\x00"
    """Placeholder of a special token; it cannot occur unescaped in the JSON text of a body."""

    def __init__(self, text: str) -> None:
        """Take a text with a mark for every special token."""
        self._pieces = text.split(self.MARK)

    @property
    def texts(self) -> Iterator[str]:
        """The texts between the special tokens."""
        return filter(None, self._pieces)

    @property
    def marks(self) -> int:
        """Number of special tokens."""
        return len(self._pieces) - 1


# -- Gemini 2.5: Python --------------------------------------------------------------------------------------------


def as_python(function: Function) -> str:
    """Return a function as read by Gemini 2.5.

    >>> print(as_python(Function("now", "Tell the time.", {}, is_json_schema=False)).replace('"', "'"))
    def now(
    ) -> dict:
      '''Tell the time.
    <BLANKLINE>
      Args:
      '''
    <BLANKLINE>
    """
    schema = Expansion(function.schema).of(function.schema)
    classes: list[str] = []
    owner = _class_name(function.name)
    fields = [
        (name, _python_type(inner, owner + _class_name(name), classes), _default(schema, name), inner)
        for name, inner in _properties(schema)
    ]
    signature = "".join(f"    {name}: {kind}{default},\n" for name, kind, default, _ in fields)
    return (
        "".join(classes)
        + f"def {function.name}(\n{signature}) -> dict:\n"
        + _docstring(function.description, "Args", ((name, inner) for name, _, _, inner in fields))
    )


def python_call(call: Call) -> str:
    """Return a call as read by Gemini 2.5.

    >>> python_call(Call("get_weather", {"city": "Oslo"}))
    'print(default_api.get_weather(city = "Oslo"))'
    """
    written = ", ".join(f"{name} = {_literal(value)}" for name, value in call.args.items())
    return f"print(default_api.{call.name}({written}))"


def python_result(result: Result) -> str:
    """Return a result as read by Gemini 2.5.

    >>> python_result(Result("get_weather", {"sky": "clear", "wind": 3}))
    '{get_weather_response: {sky: "clear", wind: 3}}'
    """
    written = ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in result.response.items())
    return f"{{{result.name}_response: {{{written}}}}}"


def _docstring(description: str, heading: str, fields: Iterator[tuple[str, JsonSchema]]) -> str:
    first, *more = description.split("\n")
    lines = "".join(f"\n  {line}" if line.strip() else "\n" for line in more)
    named = "".join(f"    {name}: {_text(inner.get('description'))}\n" for name, inner in fields)
    return f'  """{first}{lines}\n\n  {heading}:\n{named}  """\n'


def _class(name: str, schema: JsonSchema, classes: list[str]) -> str:
    """Insert the data class of an object before its first use, and return its name."""
    fields = [
        (key, _python_type(inner, name + _class_name(key), classes), _default(schema, key), inner)
        for key, inner in _properties(schema)
    ]
    body = "".join(f"  {key}: {kind}{default}\n" for key, kind, default, _ in fields)
    about = _docstring(_text(schema.get("description")), "Attributes", ((key, inner) for key, _, _, inner in fields))
    classes.append(f"@dataclasses.dataclass(kw_only=True)\nclass {name}:\n{about}{body}")
    return name


def _class_name(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def _default(schema: JsonSchema, name: str) -> str:
    required = schema.get("required")
    return "" if isinstance(required, list) and name in required else " | None = None"


_PYTHON_TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "array": "list"}
_PYTHON_TYPES |= {"object": "dict", "null": "None"}


def _python_type(schema: JsonSchema, name: str, classes: list[str]) -> str:
    options = next((found for key in ("anyOf", "any_of", "oneOf") if (found := schema.get(key))), None)
    if isinstance(options, list):
        return " | ".join(_python_type(one, name, classes) for one in options if isinstance(one, dict))
    if isinstance(schema.get("enum"), list) and schema["enum"]:
        return f"Literal[{', '.join(_literal(value) for value in schema['enum'])}]"
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return " | ".join(_python_type({**schema, "type": kind}, name, classes) for kind in kinds)
    kind = kinds.lower() if isinstance(kinds, str) else ""
    items = schema.get("items")
    if kind == "array" and isinstance(items, dict) and items:
        return f"list[{_python_type(items, name, classes)}]"
    if kind == "object" and any(_properties(schema)):
        return _class(name, schema, classes)
    return _PYTHON_TYPES.get(kind, "Any")


def _literal(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


# -- Gemini 3: declarations ----------------------------------------------------------------------------------------


def as_declaration(function: Function) -> Spoken:
    """Return a function as read by Gemini 3.

    >>> function = Function("now", "", {"type": "object"}, is_json_schema=False)
    >>> "|".join(as_declaration(function).texts)
    'declaration:now{parameters:{type:|OBJECT|}}'
    """
    fields = [f"description:{_value(function.description)}"] if function.description else []
    if function.schema:
        fields.append(f"parameters:{_declared(function.schema)}")
    return _between_marks(f"declaration:{_plain(function.name)}{{{','.join(fields)}}}")


def declared_call(call: Call) -> Spoken:
    """Return a call as read by Gemini 3."""
    return _between_marks(f"call:{_plain(call.name)}{_value(call.args)}")


def declared_result(result: Result) -> Spoken:
    """Return a result as read by Gemini 3."""
    return _between_marks(f"response:{_plain(result.name)}{_value(result.response)}")


def _between_marks(text: str) -> Spoken:
    return Spoken(f"{Spoken.MARK}{text}{Spoken.MARK}")


def _declared(schema: Any) -> str:
    if not isinstance(schema, dict):
        return _value(schema)
    fields = (_declared_field(key, schema[key]) for key in sorted(schema))
    return f"{{{','.join(filter(None, fields))}}}"


def _declared_field(key: str, value: Any) -> str:
    if key in {"additionalProperties", "additional_properties"} or value in ("", [], {}):
        return ""
    if key in {"properties", "$defs"} and isinstance(value, dict):
        return f"{key}:{{{','.join(f'{_plain(name)}:{_declared(inner)}' for name, inner in value.items())}}}"
    if key == "items":
        return f"items:{_declared(value)}"
    if key in {"anyOf", "any_of", "oneOf", "allOf"} and isinstance(value, list):
        return f"{key}:[{','.join(map(_declared, value))}]"
    if key == "type":
        return f"type:{_value(_upper(value))}"
    return f"{_plain(key)}:{_value(value)}"


def _upper(kind: Any) -> Any:
    return kind.upper() if isinstance(kind, str) else [_upper(one) for one in kind] if isinstance(kind, list) else kind


def _value(value: Any) -> str:
    """Return a value without quotes: a string is enclosed in two special tokens."""
    if isinstance(value, str):
        return f"{Spoken.MARK}{_plain(value)}{Spoken.MARK}"
    if isinstance(value, dict):
        return f"{{{','.join(f'{_plain(str(name))}:{_value(inner)}' for name, inner in value.items())}}}"
    return f"[{','.join(map(_value, value))}]" if isinstance(value, list) else json.dumps(value)


def _plain(text: str) -> str:
    """Return a text without our placeholder: a NUL is one token, and so is its replacement."""
    return text.replace(Spoken.MARK, "\x01")


# -- Gemini 2.0: values --------------------------------------------------------------------------------------------


def values(function: Function) -> Iterator[str]:
    """Yield every text of a function that is billed by Gemini 2.0.

    >>> list(filter(None, values(Function("now", "Tell the time.", {"type": "OBJECT"}, is_json_schema=False))))
    ['now', 'Tell the time.', 'OBJECT']
    """
    yield function.name
    yield function.description
    if not function.is_json_schema:
        yield from schema_values(function.schema)


def schema_values(schema: JsonSchema) -> Iterator[str]:
    """Yield every text of a schema that is billed by Gemini 2.0."""
    for key in ("type", "format", "title", "description", "default"):
        yield _text(schema.get(key))
    for key in ("enum", "required", "propertyOrdering", "property_ordering"):
        listed = schema.get(key)
        yield from map(_text, listed if isinstance(listed, list) else ())
    for key in ("items", "anyOf", "any_of"):
        inner = schema.get(key)
        for one in inner if isinstance(inner, list) else (inner,):
            if isinstance(one, dict):
                yield from schema_values(one)
    for name, inner in _properties(schema):
        yield name
        yield from schema_values(inner)


def call_values(value: Any) -> Iterator[str]:
    """Yield every key and every text in the arguments of a call, or in a result."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from call_values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from call_values(inner)


# -- Schemas -------------------------------------------------------------------------------------------------------


def _properties(schema: JsonSchema) -> Iterator[tuple[str, JsonSchema]]:
    found = schema.get("properties")
    items = found.items() if isinstance(found, dict) else ()
    return ((str(name), inner if isinstance(inner, dict) else {}) for name, inner in items)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
