"""Charged calls of tools that run at the provider, as listed in answers of the Responses API."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from ..json_values import Json, object_in, text_in

__all__ = ["ServerCalls", "charged_calls"]


class ServerCalls(NamedTuple):
    """The charged tool calls of an answer."""

    searches: tuple[str, int] | None
    """Kind and number of web searches; None if there were none."""

    uncharged: tuple[str, ...]
    """Separately charged calls without a known price, as phrases."""


_FREE = frozenset({"function_call", "custom_tool_call", "mcp_call", "computer_call", "local_shell_call", "shell_call"})
_FREE_MORE = frozenset({"apply_patch_call", "tool_search_call"})
"""Kinds of calls that cost only their tokens (OpenAI's price list, built-in tools)."""

_SEARCHES = ("web_search", "web_search_preview")
"""Kinds of web search, each with its own price; a dated name begins with one of them."""


def charged_calls(body: Json) -> ServerCalls:
    """Return the calls in an answer that have a price per call.

    A tool that is declared but not called costs nothing. In a web search only the search is charged, not opening a page
    or finding a word in it.
    """
    output = body.get("output")
    if not isinstance(output, list):
        return ServerCalls(None, ())
    calls = Counter(_kind(item) for item in output if isinstance(item, dict))
    del calls[""]
    searches = calls.pop("web_search_call", 0)
    uncharged = tuple(f"{count:,} {kind}" for kind, count in sorted(calls.items()))
    if not searches:
        return ServerCalls(None, uncharged)
    kind = _declared(body)
    if kind is None:
        return ServerCalls(None, (*uncharged, f"{searches:,} web_search_call"))
    return ServerCalls((kind, searches), uncharged)


def _kind(item: Json) -> str:
    """Return the kind of a separately charged call in an output item; empty if it is not one."""
    kind = item.get("type")
    if not isinstance(kind, str) or not kind.endswith("_call") or kind in _FREE | _FREE_MORE:
        return ""
    if kind == "web_search_call" and text_in(object_in(item, "action"), "type") in {
        "open_page",
        "find_in_page",
        "find",
    }:
        return ""
    return kind


def _declared(body: Json) -> str | None:
    """Return the kind of web search declared in the request; None if the answer states none or two."""
    tools = body.get("tools")
    names = {str(tool.get("type")) for tool in tools if isinstance(tool, dict)} if isinstance(tools, list) else set()
    kinds = {
        max((kind for kind in _SEARCHES if name.startswith(kind)), key=len)
        for name in names
        if name.startswith(_SEARCHES[0])
    }
    return kinds.pop() if len(kinds) == 1 else None
