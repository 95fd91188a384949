"""Parse request bodies of OpenAI's Responses API."""

from __future__ import annotations

from collections.abc import Iterator

from .chat import detail_of, named_choice, schema_of
from .json_path import Place
from .parts import Image, Text
from .request import AnswerSchema, Call, Message, Part, Request, Tool

__all__ = ["responses_request"]

_ELSEWHERE = ("previous_response_id", "conversation", "prompt")
"""Keys that refer to text stored at OpenAI."""


def responses_request(body: Place) -> Request:
    """Return the request in a Responses body.

    Raises:
        RequestError: it is not a Responses body, or a part of it cannot be counted.
    """
    for key in _ELSEWHERE:
        if found := body.optional(key):
            found.leave_out("stands for text that is not in the body")
    cap = body.optional("max_output_tokens")
    model, choice, tools = body.optional("model"), body.optional("tool_choice"), body.optional("tools")
    return Request(
        endpoint="responses",
        model=model.text() if model else None,
        messages=tuple(_messages(body)),
        tools=tuple(tools.each(_tool)) if tools else (),
        schema=_schema(body),
        max_output=cap.count() if cap else None,
        has_choice=choice is not None,
        chosen=named_choice(choice) if choice else None,
    )


def _messages(body: Place) -> Iterator[Message]:
    if instructions := body.optional_text("instructions"):
        yield Message("system", (Text(instructions),))
    input_place = body.required("input")
    if isinstance(input_place.value, str):
        yield Message("user", (Text(input_place.value),))
        return
    if not isinstance(input_place.value, list) or not input_place.value:
        input_place.refuse("text or a list of items")
    yield from input_place.each(_item)


def _item(item: Place) -> Message:
    kind = item.optional_text("type") or "message"
    if kind == "message":
        return Message(item.required("role").text(), tuple(_content(item.required("content"))))
    if kind in {"function_call", "custom_tool_call"}:
        given = item.required("arguments" if kind == "function_call" else "input").text()
        call = Call(
            item.required("name").text(), given, item.optional_text("call_id"), is_stored=bool(item.optional_text("id"))
        )
        return Message("assistant", (call,))
    if kind in {"function_call_output", "custom_tool_call_output"}:
        return Message("tool", tuple(_content(item.required("output"))), answers=item.optional_text("call_id"))
    return item.refuse_unknown(f"an item of the type '{kind:.40}', whose tokens cannot be counted here")


def _content(content: Place) -> Iterator[Part]:
    if isinstance(content.value, str):
        yield Text(content.value)
        return
    if not isinstance(content.value, list):
        content.refuse("text or a list of parts")
    yield from content.each(_part)


def _part(part: Place) -> Part:
    kind = part.required("type").text()
    if kind in {"input_text", "output_text", "text"}:
        return Text(part.required("text").text())
    if kind == "refusal":
        return Text(part.required("refusal").text())
    if kind == "input_image" and part.optional("image_url"):
        image = part.required("image_url")
        return Image(image.text(), detail_of(part), image.path)
    return part.refuse_unknown(f"a part of the type '{kind:.40}', whose tokens cannot be counted here")


def _tool(tool: Place) -> Tool:
    kind = tool.required("type").text()
    if kind not in {"function", "custom"}:
        tool.refuse_unknown(f"a tool of the type '{kind:.40}', whose tokens are not published")
    parameters = tool.optional("parameters")
    return Tool(
        tool.required("name").text(), tool.optional_text("description"), parameters.object() if parameters else {}
    )


def _schema(body: Place) -> AnswerSchema | None:
    text = body.optional("text")
    found = text.optional("format") if text else None
    if found is None or found.required("type").text() != "json_schema":
        return None
    return schema_of(found)
