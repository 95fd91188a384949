"""A request a line: batch files of OpenAI, Anthropic and Google, and files of mere bodies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import RequestError
from .detect import parse_request
from .json_path import Place
from .request import Endpoint, Request

__all__ = ["RequestLine", "parse_line"]


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request in a file of many."""

    custom_id: str | None
    """What it is known by; none: the line is a mere body."""

    request: Request
    """What is sent."""


_ENDPOINTS: dict[str, Endpoint] = {
    "/v1/chat/completions": "chat",
    "/v1/responses": "responses",
    "generateContent": "google",
}
"""What a batch line may ask for, by the end of its address."""


def parse_line(value: Any, *, partial: bool = False) -> RequestLine:
    """Read a line of a batch file, or a mere body.

    Args:
        value: what the line's JSON stands for.
        partial: whether what cannot be counted is left out and named, instead of refused.

    Raises:
        RequestError: it is none, or holds what cannot be counted; the message says where.

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
        return RequestLine(
            custom_id, parse_request(place.required("params").value, "anthropic", path="params", partial=partial)
        )
    if (method := place.optional_text("method")) not in {"", "POST"}:
        message = f"method: expected POST, found '{method:.40}'"
        raise RequestError(message)
    return RequestLine(
        custom_id, parse_request(place.required("body").value, _endpoint(place), path="body", partial=partial)
    )


def _google_line(place: Place, *, partial: bool) -> RequestLine:
    """Read a line as Google's batch mode takes it: a key, which Vertex AI leaves out, and a request."""
    key = place.optional_text("key") or None
    return RequestLine(key, parse_request(place.required("request").value, "google", path="request", partial=partial))


def _endpoint(place: Place) -> Endpoint | None:
    url = place.optional("url")
    if url is None:
        return None
    found = next((endpoint for end, endpoint in _ENDPOINTS.items() if url.text().endswith(end)), None)
    if found is None:
        message = f"url: requests to '{url.text():.60}' are not counted; expected {' or '.join(_ENDPOINTS)}"
        raise RequestError(message)
    return found
