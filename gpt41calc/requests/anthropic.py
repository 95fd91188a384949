"""Parse request bodies of Anthropic's Messages API."""

from __future__ import annotations

from collections.abc import Iterator

from .json_path import Place, compact, without
from .parts import Image, Text
from .request import Message, Part, Request, Tool

__all__ = ["anthropic_request"]


def anthropic_request(body: Place) -> Request:
    """Return the request in a Messages body.

    Raises:
        RequestError: it is not a Messages body, or a part of it cannot be counted.
    """
    if servers := body.optional("mcp_servers"):
        servers.leave_out("tools of a server, which are not in the body")
    system = body.optional("system")
    system_messages = [Message("system", tuple(_content(system)))] if system else []
    messages = [
        Message(message.required("role").text(), tuple(_content(message.required("content"))))
        for message in body.required("messages").items()
    ]
    if not messages:
        body.required("messages").refuse("at least one message")
    if thinking := body.optional("thinking"):
        thinking.optional_text("type")
    if settings := body.optional("output_config"):
        settings.object()
    tools = body.optional("tools")
    cap, model, choice = body.optional("max_tokens"), body.optional("model"), body.optional("tool_choice")
    return Request(
        endpoint="anthropic",
        model=model.text() if model else None,
        messages=(*system_messages, *messages),
        tools=tuple(tools.each(_tool)) if tools else (),
        max_output=cap.count() if cap else None,
        must_call=choice is not None and choice.optional_text("type") in {"any", "tool"},
        messages_body=without(body),
    )


def _content(content: Place) -> Iterator[Part]:
    if isinstance(content.value, str):
        yield Text(content.value)
        return
    if not isinstance(content.value, list):
        content.refuse("text or a list of blocks")
    for parts in content.each(lambda block: tuple(_block(block))):
        yield from parts


def _block(block: Place) -> Iterator[Part]:
    kind = block.required("type").text()
    if kind == "text":
        yield Text(block.required("text").text())
    elif kind == "thinking":
        yield Text(block.required("thinking").text())
    elif kind == "tool_use":
        block.optional_text("id")
        yield Text(block.required("name").text())
        yield Text(compact(block.required("input").value))
    elif kind == "tool_result":
        block.optional_text("tool_use_id")
        if result := block.optional("content"):
            yield from _content(result)
    elif kind == "tool_reference":
        block.required("tool_name").text()  # the tool itself is among the body's tools
    elif kind == "image":
        yield _image(block.required("source"))
    elif kind == "document" and block.required("source").optional_text("type") == "text":
        yield Text(block.required("source").required("data").text())
    else:
        block.refuse_unknown(f"a block of the type '{kind:.40}', whose tokens cannot be counted here")


def _image(source: Place) -> Image:
    kind = source.required("type").text()
    if kind == "base64":
        media, encoded = source.required("media_type").text(), source.required("data")
        return Image(f"data:{media};base64,{encoded.text()}", "auto", encoded.path)
    if kind == "url":
        return Image(source.required("url").text(), "auto", source.path)
    return source.refuse_unknown(f"a picture of the type '{kind:.40}', which is not in the body")


def _tool(tool: Place) -> Tool:
    kind = tool.optional_text("type")
    if kind not in {"", "custom"}:
        tool.refuse_unknown(f"a tool of the type '{kind:.40}', whose tokens are not published")
    schema = tool.optional("input_schema")
    return Tool(tool.required("name").text(), tool.optional_text("description"), schema.object() if schema else {})
