"""Parse request bodies of OpenAI's Chat Completions API."""

from __future__ import annotations

from collections.abc import Iterator

from .json_path import Place, compact
from .parts import Detail, Image, Text
from .request import AnswerSchema, Call, Message, Part, Request, Tool

__all__ = ["chat_message", "chat_request", "chat_tools", "detail_of", "named_choice", "schema_of"]


def chat_request(body: Place) -> Request:
    """Return the request in a Chat Completions body.

    Raises:
        RequestError: it is not a Chat Completions body, or a part of it cannot be counted.
    """
    messages = tuple(map(chat_message, body.required("messages").items()))
    if not messages:
        body.required("messages").refuse("at least one message")
    cap = body.optional("max_completion_tokens") or body.optional("max_tokens")
    choices = body.optional("n")
    model = body.optional("model")
    choice = body.optional("tool_choice") or body.optional("function_call")
    return Request(
        endpoint="chat",
        model=model.text() if model else None,
        messages=messages,
        tools=chat_tools(body),
        schema=_response_schema(body),
        max_output=cap.count() if cap else None,
        choices=choices.count() if choices else 1,
        has_choice=choice is not None,
        chosen=named_choice(choice) if choice else None,
    )


def named_choice(choice: Place) -> str | None:
    """Return the name of the function that must be called. None if the choice names none, or several."""
    if not isinstance(choice.value, dict):
        return None
    function = choice.optional("function") or choice
    return function.optional_text("name") or None


def chat_message(message: Place) -> Message:
    """Return one message; the calls in it are its last parts.

    Raises:
        RequestError: it is not a message, or a part of it cannot be counted.
    """
    if (audio := message.optional("audio")) is not None:
        audio.leave_out("sound, whose tokens cannot be counted here")
    name = message.optional_text("name")
    role = message.required("role").text()
    answers = message.optional_text("tool_call_id") if role == "tool" else name if role == "function" else None
    return Message(role, tuple(_parts(message)), name or None, answers)


def _parts(message: Place) -> Iterator[Part]:
    content = message.optional("content")
    if content is not None:
        if isinstance(content.value, str):
            yield Text(content.value)
        elif isinstance(content.value, list):
            yield from content.each(_part)
        else:
            content.refuse("text or a list of parts")
    if message.object().keys() <= _PLAIN:
        return
    if refusal := message.optional_text("refusal"):
        yield Text(refusal)
    if call := message.optional("function_call"):
        yield _called(call, "arguments", call.required("name").text())
    for call in message.optional_items("tool_calls"):
        identifier = call.optional_text("id")
        if custom := call.optional("custom"):
            yield _called(custom, "input", identifier)
        else:
            yield _called(call.required("function"), "arguments", identifier)


_PLAIN = {"role", "content", "name"}
"""The only keys of most messages."""


def _called(call: Place, key: str, identifier: str) -> Call:
    return Call(call.required("name").text(), call.optional_text(key), identifier)


def _part(part: Place) -> Part:
    kind = part.required("type").text()
    if kind == "text":
        return Text(part.required("text").text())
    if kind == "refusal":
        return Text(part.required("refusal").text())
    if kind == "image_url":
        image = part.required("image_url")
        if isinstance(image.value, str):
            return Image(image.value, "auto", image.path)
        return Image(image.required("url").text(), detail_of(image), image.path)
    if kind in {"input_audio", "file"}:
        part.refuse_unknown(f"a part of the type {kind}, whose tokens cannot be counted here")
    return part.required("type").refuse("text, image_url or refusal")


def detail_of(image: Place) -> Detail:
    """Return the detail level of a picture."""
    detail = image.optional("detail")
    if detail is None or detail.value in ("auto", "original"):
        return "auto"
    if detail.value == "low":
        return "low"
    if detail.value == "high":
        return "high"
    return detail.refuse("auto, low or high")


def chat_tools(body: Place) -> tuple[Tool, ...]:
    """Return the tools of a Chat Completions body, including the older ``functions``.

    Raises:
        RequestError: the tokens of a kind of tool are not known.
    """
    tools = body.optional("tools")
    found = list(tools.each(_tool)) if tools else []
    return (*found, *(_function(function) for function in body.optional_items("functions")))


def _tool(tool: Place) -> Tool:
    kind = tool.optional_text("type")
    if custom := tool.optional("custom"):
        grammar = custom.optional("format")
        description = custom.optional_text("description")
        if grammar and grammar.value != {"type": "text"}:
            description += compact(grammar.value)
        return Tool(custom.required("name").text(), description, {})
    if kind not in {"", "function"}:
        tool.refuse_unknown(f"a tool of the type '{kind:.40}', whose tokens are not published")
    return _function(tool.required("function"))


def _function(function: Place) -> Tool:
    parameters = function.optional("parameters")
    return Tool(
        function.required("name").text(),
        function.optional_text("description"),
        parameters.object() if parameters else {},
    )


def _response_schema(body: Place) -> AnswerSchema | None:
    found = body.optional("response_format")
    if found is None or found.required("type").text() != "json_schema":
        return None
    return schema_of(found.required("json_schema"))


def schema_of(json_schema: Place) -> AnswerSchema:
    """Return the JSON schema of the answer."""
    return AnswerSchema(
        json_schema.optional_text("name"),
        json_schema.optional_text("description"),
        json_schema.required("schema").object(),
    )
