"""A local stand-in of the endpoints of OpenAI, Anthropic and Google that count tokens."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from serving import serving

__all__ = ["KEYS", "Asked", "Reply", "VendorEndpoints", "vendor_endpoints"]

KEYS = {
    "OPENAI_API_KEY": "sk-openai-a-secret-of-many-letters",
    "ANTHROPIC_API_KEY": "sk-ant-a-secret-of-many-letters",
    "GEMINI_API_KEY": "AIza-a-secret-of-many-letters",
}
"""Keys that open nothing but the stand-in."""

_HEADERS = {
    "Authorization": f"Bearer {KEYS['OPENAI_API_KEY']}",
    "x-api-key": KEYS["ANTHROPIC_API_KEY"],
    "x-goog-api-key": KEYS["GEMINI_API_KEY"],
}


@dataclass(frozen=True)
class Asked:
    """A request that came in."""

    path: str
    """Its path."""

    headers: Mapping[str, str]
    """Its headers, by their names in small letters."""

    body: Any
    """What was sent."""


@dataclass(frozen=True)
class Reply:
    """What to answer instead of a number."""

    status: int
    """The status."""

    content: bytes = b""
    """What is said with it."""

    headers: Mapping[str, str] = field(default_factory=dict)
    """Further headers."""

    after_seconds: float = 0
    """How long to wait before it."""


@dataclass
class VendorEndpoints:
    """What the stand-in was asked and how it behaves; tests read and change all of it."""

    url: str = ""
    """Where it listens."""

    tokens: int = 42
    """What every request has."""

    asked: list[Asked] = field(default_factory=list)
    """Every request, in order."""

    instead: list[Reply] = field(default_factory=list)
    """What to answer to the next requests."""

    @property
    def environment(self) -> dict[str, str]:
        """Keys, and this server in the place of all three vendors."""
        urls = {
            "OPENAI_BASE_URL": f"{self.url}/v1",
            "ANTHROPIC_BASE_URL": self.url,
            "GOOGLE_GEMINI_BASE_URL": f"{self.url}/",
        }
        return KEYS | urls | {"NO_PROXY": "*"}

    def reply(self, asked: Asked) -> Reply:
        """Return the answer to a request: as the vendor whose path it is, to its key alone."""
        if self.instead:
            return self.instead.pop(0)
        if asked.path == "/v1/responses/input_tokens":
            header, answer = "Authorization", {"object": "response.input_tokens", "input_tokens": self.tokens}
        elif asked.path == "/v1/messages/count_tokens":
            header, answer = "x-api-key", {"input_tokens": self.tokens}
        elif asked.path.startswith("/v1beta/models/") and asked.path.endswith(":countTokens"):
            header, answer = "x-goog-api-key", {"totalTokens": self.tokens, "promptTokensDetails": []}
        else:
            return Reply(404, b'{"error": {"message": "no such path"}}')
        if asked.headers.get(header.lower()) != _HEADERS[header]:
            return Reply(401, b'{"error": {"message": "incorrect key"}}')
        return Reply(200, json.dumps(answer).encode())


@contextmanager
def vendor_endpoints() -> Iterator[VendorEndpoints]:
    """Run the stand-in."""
    state = VendorEndpoints()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked = Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            state.asked.append(asked)
            reply = state.reply(asked)
            time.sleep(reply.after_seconds)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.content)))
            self.end_headers()
            self.wfile.write(reply.content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base class has it
            """Say nothing."""

    with serving(Handler) as host:
        state.url = f"http://{host}"
        yield state
