"""Names of kinds of requests, for tables of accuracy."""

from __future__ import annotations

from .parts import Image
from .request import Request

__all__ = ["kind_name"]

_APIS = {"chat": "chat", "responses": "responses", "anthropic": "messages", "google": "generateContent"}


def kind_name(request: Request) -> str:
    """Return the API, and the part of a body that is hardest to count: pictures, calls, functions, a schema, or text.

    >>> from .detect import parse_request
    >>> kind_name(parse_request({"model": "gpt-4.1", "messages": [{"role": "user", "content": "Hi"}]}))
    'chat: text'
    """
    return f"{_APIS[request.endpoint]}: {_hardest(request)}"


def _hardest(request: Request) -> str:
    if any(isinstance(part, Image) for message in request.messages for part in message.parts):
        return "pictures"
    if any(message.role in {"tool", "function"} for message in request.messages) or _google_history(request):
        return "history of calls"
    schema = request.schema is not None or (request.google is not None and request.google.schema is not None)
    if request.tools:
        return "schema and functions" if schema else "functions"
    return "schema" if schema else "text"


def _google_history(request: Request) -> bool:
    from .google_body import Call, Result

    return request.google is not None and any(isinstance(item, Call | Result) for item in request.google.items())
