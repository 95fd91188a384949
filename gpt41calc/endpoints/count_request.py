"""The request to a counting endpoint: a request body, without the parameters that only affect the answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ..requests.request import Endpoint
from .chat_as_responses import chat_as_responses
from .vendor_api import Vendor

__all__ = ["CountRequest", "count_request", "vendor_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRequest:
    """A request to an endpoint for a token count."""

    vendor: Vendor
    """Vendor of the endpoint."""

    model: str
    """The model named in the request."""

    path: str
    """Path of the endpoint below the base URL."""

    content: bytes
    """Body of the request: JSON in UTF-8."""

    is_translated: bool = False
    """Whether the body was translated from another API of the vendor."""


def vendor_of(endpoint: Endpoint) -> Vendor:
    """Return the vendor whose API a body is written for."""
    return "anthropic" if endpoint == "anthropic" else "google" if endpoint == "google" else "openai"


def count_request(body: Mapping[str, Any], endpoint: Endpoint, model: str) -> CountRequest:
    """Return the request to the endpoint for a request body.

    Args:
        body: the request body.
        endpoint: the API that it is written for.
        model: the vendor's name of the model.

    Raises:
        RequestError: the endpoint does not accept a part of the body.

    >>> request = count_request({"contents": [{"parts": [{"text": "Hi"}]}]}, "google", "gemini-2.5-flash")
    >>> request.path
    '/v1beta/models/gemini-2.5-flash:countTokens'
    """
    if endpoint == "anthropic":
        sent = {key: value for key, value in body.items() if key not in _ONLY_FOR_ANSWERS}
        if (output_format := sent.pop("output_format", None)) is not None:  # its name while it was in beta
            sent["output_config"] = {**(sent.get("output_config") or {}), "format": output_format}
        return _request("anthropic", model, "/v1/messages/count_tokens", {**sent, "model": model})
    if endpoint == "google":
        name = model.removeprefix("models/")
        sent = {key: value for key, value in body.items() if key != "labels"}  # only Vertex AI accepts these
        whole = {"generateContentRequest": {**sent, "model": f"models/{name}"}}
        return _request("google", name, f"/v1beta/models/{quote(name, safe='')}:countTokens", whole)
    given = chat_as_responses(body) if endpoint == "chat" else body
    sent = {key: value for key, value in given.items() if key in _COUNTED_BY_OPENAI}
    return _request(
        "openai", model, "/responses/input_tokens", {**sent, "model": model}, is_translated=endpoint == "chat"
    )


_ONLY_FOR_ANSWERS = frozenset(
    {
        *("anthropic_version", "container", "inference_geo", "max_tokens", "metadata", "service_tier"),
        *("stop_sequences", "stream", "temperature", "top_k", "top_p"),
    }
)
"""Keys of a Messages body that the endpoint refuses; all other keys may affect the count, and are sent."""

_COUNTED_BY_OPENAI = frozenset(
    {
        *("conversation", "input", "instructions", "parallel_tool_calls", "previous_response_id", "reasoning"),
        *("text", "tool_choice", "tools", "truncation"),
    }
)
"""Keys that the endpoint accepts beside the model."""


def _request(vendor: Vendor, model: str, path: str, body: Any, *, is_translated: bool = False) -> CountRequest:
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return CountRequest(vendor=vendor, model=model, path=path, content=content, is_translated=is_translated)
