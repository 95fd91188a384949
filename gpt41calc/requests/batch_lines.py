"""Parse files with one request per line: batch files of OpenAI, Anthropic and Google, and files of plain bodies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ..errors import RequestError
from .detect import parse_request
from .json_path import Place
from .request import Endpoint, Request

__all__ = ["RequestLine", "parse_line"]


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request in a file of many."""

    custom_id: str | None
    """Identifier of the request in the file. None if the line is a plain body."""

    request: Request
    """The request."""

    form: LineForm = "body"
    """The vendor's batch format of the line; ``body`` if the line is a plain request body."""

    url: str = ""
    """The URL in an OpenAI batch line; empty if the line has none."""

    has_method: bool = False
    """Whether the line states an HTTP method."""


LineForm = Literal["body", "openai", "anthropic", "google"]

_ENDPOINTS: dict[str, Endpoint] = {"/chat/completions": "chat", "/responses": "responses", "generateContent": "google"}
"""The API of a batch line, by the end of its URL; Azure's URLs start with it, OpenAI's have /v1 before it."""

_EXPECTED_URLS = "/v1/chat/completions or /v1/responses or generateContent"


def parse_line(value: Any, *, partial: bool = False) -> RequestLine:
    """Return the request in a line of a batch file, or in a plain body.

    Args:
        value: the parsed JSON of the line.
        partial: whether parts that cannot be counted are left out and listed, instead of raising an error.

    Raises:
        RequestError: the line is not a request, or a part cannot be counted; the message says where.

    >>> line = {"custom_id": "a", "method": "POST", "url": "/v1/responses", "body": {"input": "Hi"}}
    >>> parse_line(line).request.messages[0].role
    'user'
    """
    if isinstance(value, list):
        return RequestLine(None, parse_request(value, partial=partial))
    place = Place(value)
    given = place.object()
    if isinstance(given.get("request"), dict) and "body" not in given and "params" not in given:
        return _google_line(place, partial=partial)
    if "body" not in given and "params" not in given:
        if "custom_id" in given:
            place.required("body")
        return RequestLine(None, parse_request(value, partial=partial))
    custom_id = place.required("custom_id").text()
    if not custom_id:
        place.required("custom_id").refuse("a name")
    if "params" in given:
        params = place.required("params").value
        return RequestLine(
            custom_id, parse_request(params, "anthropic", path="params", partial=partial), form="anthropic"
        )
    if (method := place.optional_text("method")) not in {"", "POST"}:
        message = f"method: expected POST, found '{method:.40}'"
        raise RequestError(message)
    return RequestLine(
        custom_id,
        parse_request(place.required("body").value, _endpoint(place), path="body", partial=partial),
        form="openai",
        url=place.optional_text("url"),
        has_method=bool(method),
    )


def _google_line(place: Place, *, partial: bool) -> RequestLine:
    """Return the request in a line of Google's batch format: a key, which Vertex AI omits, and a request."""
    key = place.optional_text("key") or None
    request = parse_request(place.required("request").value, "google", path="request", partial=partial)
    return RequestLine(key, request, form="google")


def _endpoint(place: Place) -> Endpoint | None:
    url = place.optional("url")
    if url is None:
        return None
    found = next((endpoint for end, endpoint in _ENDPOINTS.items() if url.text().endswith(end)), None)
    if found is None:
        message = f"url: requests to '{url.text():.60}' are not counted; expected {_EXPECTED_URLS}"
        raise RequestError(message)
    return found
