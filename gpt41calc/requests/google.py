"""Parse request bodies of Google's generateContent API."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .google_body import Call, Content, Function, GoogleBody, Item, Result
from .json_path import Place, compact
from .parts import Image, Text
from .request import Message, Part, Request, Tool

__all__ = ["google_request"]


def google_request(body: Place) -> Request:
    """Return the request in a generateContent body; field names may be in camel case or snake case.

    Raises:
        RequestError: it is not a generateContent body, or a part of it cannot be counted.
    """
    contents = tuple(map(_content, _listed(body.required("contents"))))
    if not contents:
        body.required("contents").refuse("at least one content")
    if cached := _either(body, "cachedContent"):
        cached.leave_out("a cached content, which is not in the body")
    found = _either(body, "systemInstruction")
    system = tuple(_system(found)) if found else None
    config = _either(body, "generationConfig") or Place({})
    functions = tuple(one for tool in body.optional_items("tools") for one in _functions(tool))
    schema = _either(config, "responseSchema")
    cap, count = _either(config, "maxOutputTokens"), _either(config, "candidateCount")
    model = body.optional("model")
    system_messages = () if system is None else (Message("system", tuple(map(Text, system))),)
    given = GoogleBody(
        contents=contents,
        system=system,
        functions=functions,
        schema=schema.object() if schema else None,
        is_vertex="labels" in body.object(),
    )
    return Request(
        endpoint="google",
        model=model.text().removeprefix("models/") if model else None,
        messages=(*system_messages, *map(_message, contents)),
        tools=tuple(Tool(one.name, one.description, one.schema) for one in functions),
        max_output=cap.count() if cap else None,
        choices=count.count() if count else 1,
        google=given,
    )


def _either(place: Place, name: str) -> Place | None:
    """Return the value of a key in camel case or snake case."""
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return place.optional(name) or place.optional(snake)


def _listed(place: Place) -> Iterator[Place]:
    """Yield the items of a list; a single object counts as a list of one."""
    return iter((place,)) if isinstance(place.value, dict | str) else place.items()


def _each(parts: Place, read: Callable[[Place], Iterator[Item]]) -> Iterator[Item]:
    """Yield the parsed parts in a list, or of a single object."""
    if isinstance(parts.value, dict | str):
        parts = Place([parts.value], parts.path, parts.left_out)
    for items in parts.each(lambda part: tuple(read(part))):
        yield from items


def _content(content: Place) -> Content:
    if isinstance(content.value, str):
        return Content(is_model=False, items=(Text(content.value),))
    role = content.optional_text("role")
    if role not in {"", "user", "model", "function", "tool"}:
        content.required("role").refuse("user, model or function")
    parts = content.optional("parts")
    places = list(_listed(parts)) if parts else []
    items = _each(parts, _part) if parts else iter(())
    signatures = tuple(
        len(found.text())
        for place in places
        if isinstance(place.value, dict) and (found := _either(place, "thoughtSignature"))
    )
    return Content(is_model=role == "model", items=tuple(items), signatures=signatures)


def _part(part: Place) -> Iterator[Item]:
    if isinstance(part.value, str):
        yield Text(part.value)
        return
    part.object()
    if text := part.optional("text"):
        yield Text(text.text())
    if call := _either(part, "functionCall"):
        args = call.optional("args")
        yield Call(call.required("name").text(), args.object() if args else {})
    if result := _either(part, "functionResponse"):
        yield from _result(result)
    if inline := _either(part, "inlineData"):
        yield _inline(inline)
    if file := _either(part, "fileData"):
        yield _file(file)
    for name in ("executableCode", "codeExecutionResult", "toolCall", "toolResponse"):
        if found := _either(part, name):
            found.refuse_unknown("a part whose tokens cannot be counted here")


def _result(result: Place) -> Iterator[Item]:
    response = result.optional("response")
    yield Result(result.required("name").text(), response.object() if response else {})
    if parts := result.optional("parts"):
        yield from _each(parts, _part)


def _media(place: Place) -> str:
    found = _either(place, "mimeType")
    media = found.text() if found else ""
    if not media.startswith("image/"):
        place.refuse_unknown(f"a part of the type '{media:.40}', whose tokens cannot be counted here")
    return media


def _inline(inline: Place) -> Image:
    media, data = _media(inline), inline.required("data")
    standard = data.text().translate(_STANDARD_BASE64)
    return Image(f"data:{media};base64,{standard}", "auto", data.path)


def _file(file: Place) -> Image:
    _media(file)
    found = _either(file, "fileUri") or file.required("fileUri")
    uri = found.text()
    # The URI is never fetched, and is not treated as a local file.
    return Image(uri if uri.startswith("http") else f"https://storage.googleapis.com/{uri}", "auto", found.path)


_STANDARD_BASE64 = str.maketrans("-_", "+/")
"""Google also accepts base64 in its URL-safe alphabet."""


def _system(system: Place) -> Iterator[str]:
    if isinstance(system.value, str):
        yield system.value
        return
    places = system.items() if isinstance(system.value, list) else _listed(system.optional("parts") or Place([]))
    for place in places:
        yield place.value if isinstance(place.value, str) else place.required("text").text()


def _functions(tool: Place) -> Iterator[Function]:
    given = tool.object()
    declared = _either(tool, "functionDeclarations")
    known = {"functionDeclarations", "function_declarations"}
    for name in given:
        if name not in known and (other := tool.optional(name)):
            other.leave_out("a built-in tool, whose tokens are not published")
    for one in declared.items() if declared else ():
        plain, json_schema = one.optional("parameters"), _either(one, "parametersJsonSchema")
        schema = plain or json_schema
        yield Function(
            one.required("name").text(),
            one.optional_text("description"),
            schema.object() if schema else {},
            is_json_schema=plain is None and json_schema is not None,
        )


def _message(content: Content) -> Message:
    """Return a content as a message, for reports that show messages."""
    return Message("model" if content.is_model else "user", tuple(map(_as_part, content.items)))


def _as_part(item: Item) -> Part:
    if isinstance(item, Call):
        return Text(f"{item.name} {compact(item.args)}")
    return Text(f"{item.name} {compact(item.response)}") if isinstance(item, Result) else item
