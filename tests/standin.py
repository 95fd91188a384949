"""A local stand-in of GitHub, as far as it lists, creates and updates the comments of a pull request."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from serving import serving

TOKEN = "ghs_a_secret_of_forty_letters"  # noqa: S105 - it opens nothing
BOT = "github-actions[bot]"

_MOST_CHARACTERS = 65_536

Reply = tuple[int, Any]
"""A status, and what is said with it: a text as it is, anything else as JSON."""


@dataclass
class GitHub:
    """What it knows, what it was asked and how it behaves; tests read and change all of it."""

    url: str = ""
    """Where it listens."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    """The comments of pull request 7 of the repository ``shop/cart``."""

    asked: list[tuple[str, str]] = field(default_factory=list)
    """Method and path of every request."""

    tokens: list[str | None] = field(default_factory=list)
    """What every request was authorised with."""

    instead: list[Reply] = field(default_factory=list)
    """What to answer to the next requests, instead of doing what they ask for."""

    after: list[Reply] = field(default_factory=list)
    """What to answer to the next changes, having made them."""

    readonly: bool = False
    """Whether the token may only read."""

    def add(self, body: str, author: str | None = BOT) -> dict[str, Any]:
        """Add a comment."""
        user = None if author is None else {"login": author}
        comment = {"id": 4_000_000_000 + len(self.comments), "body": body, "user": user}
        self.comments.append(comment)
        return comment

    def answer(self, method: str, path: str, token: str | None, given: Any) -> Reply:
        """Do what is asked, as GitHub would."""
        self.asked.append((method, path))
        self.tokens.append(token)
        if self.instead:
            return self.instead.pop(0)
        if token != f"Bearer {TOKEN}":
            return 401, {"message": "Bad credentials"}
        if method == "GET":
            return self._page(path)
        if self.readonly:
            return 403, {"message": "Resource not accessible by integration"}
        if len(given["body"]) > _MOST_CHARACTERS:
            return 422, {"message": "Validation Failed"}
        changed = self._changed(method, path, given["body"])
        return self.after.pop(0) if self.after else changed

    def _page(self, path: str) -> Reply:
        match = re.fullmatch(r"/repos/shop/cart/issues/7/comments\?per_page=(\d+)&page=(\d+)", path)
        if match is None:
            return 404, {"message": "Not Found"}
        size, page = min(int(match[1]), 100), int(match[2])
        return 200, self.comments[size * (page - 1) : size * page]

    def _changed(self, method: str, path: str, body: str) -> Reply:
        if (method, path) == ("POST", "/repos/shop/cart/issues/7/comments"):
            return 201, self.add(body)
        for comment in self.comments:
            if (method, path) == ("PATCH", f"/repos/shop/cart/issues/comments/{comment['id']}"):
                comment["body"] = body
                return 200, comment
        return 404, {"message": "Not Found"}


@contextmanager
def listening() -> Iterator[GitHub]:
    """Run a stand-in until the end of the block."""
    found = GitHub()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            given = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            token = self.headers.get("Authorization")
            status, said = found.answer(self.command, self.path, token, json.loads(given) if given else None)
            raw = (said if isinstance(said, str) else json.dumps(said)).encode()
            self.send_response(status)
            if status // 100 == 3:
                self.send_header("Location", str(said))
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = do_PATCH = _answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing on the standard error of the tests."""

    with serving(Handler) as host:
        found.url = f"http://{host}"
        yield found
