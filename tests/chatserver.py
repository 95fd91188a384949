"""A small server that speaks the Chat API, and counts with tiktoken itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.request import Request, urlopen

from reference import o200k
from serving import serving

__all__ = ["ChatServer", "chat_server"]

CREATED = 1_762_776_000
"""2025-11-10, noon in UTC: when every answer is made."""


@dataclass(frozen=True)
class ChatServer:
    """Where a server listens."""

    address: str
    """Its URL."""

    def ask(self, body: dict[str, Any]) -> dict[str, Any]:
        """Send a request, and return the answer."""
        request = Request(  # noqa: S310 - our own server
            f"{self.address}/v1/chat/completions",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urlopen(request, timeout=30) as answer:  # noqa: S310 - the same
            found: dict[str, Any] = json.load(answer)
        return found

    def run_batch(self, lines: str) -> str:
        """Send every line of a Batch input file, and return the lines of its output file, the last first."""
        answers = []
        for line in map(json.loads, lines.splitlines()):
            response = {"status_code": 200, "request_id": "r", "body": self.ask(line["body"])}
            answers.append({"id": "b", "custom_id": line["custom_id"], "response": response, "error": None})
        return "".join(f"{json.dumps(answer)}\n" for answer in reversed(answers))


@contextmanager
def chat_server(*, per_message: int = 3) -> Iterator[ChatServer]:
    """Run a server.

    Args:
        per_message: tokens that it counts around every message.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            raw = json.dumps(_completion(body, per_message)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base class has it
            """Say nothing."""

    with serving(Handler) as host:
        yield ChatServer(f"http://{host}")


def _completion(body: dict[str, Any], per_message: int) -> dict[str, Any]:
    """Answer by repeating the last message, as often as its number of characters has digits."""
    encoding = o200k()
    prompt = 3 + sum(
        per_message + sum(len(encoding.encode(value)) + (key == "name") for key, value in message.items())
        for message in body["messages"]
    )
    said = body["messages"][-1]["content"]
    answer = " ".join([said] * len(str(len(said))))
    written = len(encoding.encode(answer))
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": CREATED,
        "model": f"{body['model']}-2025-04-14",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": written,
            "total_tokens": prompt + written,
            "prompt_tokens_details": {"cached_tokens": prompt // 128 * 128 if prompt >= 1024 else 0},
            "completion_tokens_details": {"reasoning_tokens": 0},
        },
    }
