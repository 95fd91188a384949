"""Functions as text: what recorded calls were billed says how OpenAI writes them into a prompt."""

from __future__ import annotations

from typing import Any

import pytest

from gpt41calc.errors import RequestError
from gpt41calc.requests.functions import FunctionStyle, functions_text, is_nested
from gpt41calc.requests.request import Tool


def signature(parameters: dict[str, Any], style: FunctionStyle = FunctionStyle()) -> str:  # noqa: B008 - frozen
    """Return what stands between ``type f =`` and ``=> any;``."""
    text = functions_text([Tool("f", "", parameters)], style)
    return text.removeprefix("namespace functions {\n\ntype f = ").removesuffix(" => any;\n\n} // namespace functions")


def of(**properties: Any) -> dict[str, Any]:
    """Return the schema of an object whose properties are all required."""
    return {"type": "object", "properties": properties, "required": list(properties)}


ITEM = of(sku={"type": "string"}, count={"type": "integer"})
DESCRIBED_ITEM = of(sku={"type": "string", "description": "Article"})

SIGNATURES: dict[str, tuple[dict[str, Any], str]] = {
    "nothing to give": ({"type": "object", "properties": {}}, "()"),
    "one line, if nothing has a comment": (
        of(a={"type": "string"}, b={"type": "integer"}),
        "(_: { a: string, b: number })",
    ),
    "a line each, if something has one": (
        of(a={"type": "string"}, b={"type": "boolean", "description": "Whether"}),
        "(_: {\na: string,\n// Whether\nb: boolean,\n})",
    ),
    "not required": ({"properties": {"a": {"type": "number"}}}, "(_: { a?: number })"),
    "a title of the whole": (of(a={"type": "string"}) | {"title": "Args"}, "(_: // Args\n{ a: string })"),
    "title and description": (
        of(a={"type": "string", "title": "City", "description": " Where\n  to look "}),
        "(_: {\n// City\n//\n// Where\n// to look\na: string,\n})",
    ),
    "an empty line of a description": (
        of(a={"type": "string", "description": "Where\n\nto look"}),
        "(_: {\n// Where\n//\n// to look\na: string,\n})",
    ),
    "a default": (of(a={"type": "string", "default": "x"}), '(_: {\na: string, // default: "x"\n})'),
    "a default that is null": (of(a={"type": "string", "default": None}), "(_: {\na: string, // default: null\n})"),
    "words": (of(a={"type": "string", "enum": ["x", "y"]}), '(_: { a: "x" | "y" })'),
    "one word": (of(a={"const": "x"}), '(_: { a: "x" })'),
    "a union": (of(a={"anyOf": [{"type": "string"}, {"type": "null"}]}), "(_: { a: string | null })"),
    "a list of types": (of(a={"type": ["string", "null"]}), "(_: { a: string | null })"),
    "an array": (of(a={"type": "array", "items": {"type": "string"}}), "(_: { a: string[] })"),
    "an array of anything": (of(a={"type": "array"}), "(_: { a: any[] })"),
    "an array of objects": (of(a={"type": "array", "items": ITEM}), "(_: { a: { sku: string, count: number }[] })"),
    "an array of objects with comments": (
        of(a={"type": "array", "items": DESCRIBED_ITEM}),
        "(_: {\na: {\n// Article\nsku: string,\n}[],\n})",
    ),
    "an array of objects with a title": (
        of(a={"type": "array", "items": ITEM | {"title": "Item"}}),
        "(_: {\na: Array<\n// Item\n{ sku: string, count: number }\n>,\n})",
    ),
    "an object in an object": (of(a=ITEM), "(_: { a: { sku: string, count: number } })"),
    "an object of anything": (of(a={"type": "object"}), "(_: { a: object })"),
    "a reference": (
        of(a={"$ref": "#/$defs/item"}) | {"$defs": {"item": ITEM}},
        "(_: { a: { sku: string, count: number } })",
    ),
    "a reference that leads back to itself": (
        of(a={"$ref": "#/$defs/node"}) | {"$defs": {"node": of(next={"$ref": "#/$defs/node"})}},
        "(_: { a: { next: any } })",
    ),
    "a reference to nowhere": (of(a={"$ref": "#/$defs/gone"}), "(_: { a: any })"),
    "all of one": (of(a={"allOf": [{"type": "string"}]}), "(_: { a: string })"),
}


@pytest.mark.parametrize(("parameters", "expected"), SIGNATURES.values(), ids=SIGNATURES)
def test_how_a_signature_is_written(parameters: dict[str, Any], expected: str) -> None:
    """Of 518 recorded Chat calls with functions to GPT-4o and GPT-4.1, 483 are billed so to the token."""
    assert expected == signature(parameters)


def test_variants_of_a_union_have_the_comment_too() -> None:
    """6 recorded calls of this shape, a list of types with a description, are billed so."""
    parameters = of(a={"type": ["string", "null"], "description": "Which"})

    assert "(_: {\n// Which\na: \n | // Which\nstring\n | // Which\nnull\n,\n})" == signature(parameters)


def test_in_plain_style_neither_variants_nor_items_have_comments() -> None:
    """As Responses bills GPT-4o, and Chat the models before it."""
    parameters = of(
        a={"type": ["string", "null"], "description": "Which"},
        b={"type": "array", "items": {"type": "string", "description": "One"}},
    )
    plain = FunctionStyle(describes_variants=False, describes_items=False)

    assert "(_: {\n// Which\na: string | null,\nb: string[],\n})" == signature(parameters, plain)


def test_functions_stand_in_their_order_with_their_descriptions() -> None:
    """Every line of a description is stripped, and so is the whole: 75 recorded calls of this shape are billed so."""
    tools = [Tool("b", "\n  Looks\n    twice.\n ", {}), Tool("a", "", {})]
    expected = """namespace functions {

// Looks
// twice.
type b = () => any;

type a = () => any;

} // namespace functions"""

    assert expected == functions_text(tools)


def test_references_that_unfold_without_end_are_refused() -> None:
    """Each of 30 types stands twice in the one before: 2 to the 30th of them are not written."""
    types = {f"t{at}": of(a={"$ref": f"#/$defs/t{at + 1}"}, b={"$ref": f"#/$defs/t{at + 1}"}) for at in range(30)}
    parameters = of(a={"$ref": "#/$defs/t0"}) | {"$defs": types}
    with pytest.raises(RequestError) as refused:
        functions_text([Tool("f", "", parameters)])

    assert "a function whose references unfold to more types than can be counted" == str(refused.value)


def test_references_may_not_nest_deeper_than_json() -> None:
    """A thousand types, each in the one before, are refused and no error of the interpreter."""
    types: dict[str, Any] = {f"t{at}": of(a={"$ref": f"#/$defs/t{at + 1}"}) for at in range(1000)}
    with pytest.raises(RequestError):
        functions_text([Tool("f", "", of(a={"$ref": "#/$defs/t0"}) | {"$defs": types})])


@pytest.mark.parametrize(
    ("expected", "parameters"),
    [
        (False, of(a={"type": "string", "enum": ["x"]}, b={"type": "array", "items": {"type": "string"}})),
        (True, of(a=ITEM)),
        (True, of(a={"type": ["string", "null"]})),
        (True, of(a={"type": "array", "items": ITEM})),
        (True, of(a={"anyOf": [{"type": "string"}]})),
    ],
)
def test_what_is_nested(expected: bool, parameters: dict[str, Any]) -> None:  # noqa: FBT001 - the case
    """Objects, unions and arrays of them; their count is less sure."""
    assert expected is is_nested([Tool("f", "", parameters)])
