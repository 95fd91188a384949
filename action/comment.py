"""Keep one comment on a pull request up to date.

    python -I comment.py REPORT.md [--page URL]

The comment is found among those of one author by the first line of the report,
a hidden marker; what anybody else has written is left alone. Only the standard
library is used. Nothing that goes wrong here fails the job, whose verdict is
that of ``gpt41calc check``: it becomes a warning.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

_MOST_BYTES = 65_535
"""GitHub takes 65,536 characters; bytes are never fewer, and one is left, whichever way it compares."""

_PAGE = 100
"""Comments of a page, the most that GitHub gives."""

_MOST_PAGES = 30
"""GitHub closes a pull request for comments at 2,500."""

_MOST_ANSWERED_BYTES = 64 << 20
"""A hundred comments of the greatest length, with room."""

_TRIES = 3
_TIMEOUT_SECONDS = 30.0
_PASSING = frozenset({429, 500, 502, 503, 504})
"""Statuses that may be others a moment later."""

_FORBIDDEN = frozenset({401, 403, 404})
"""Statuses by which GitHub says that a token may not do this, or not even know of it."""

_MARKER = re.compile(r"<!-- gpt41calc:[a-z-]+ -->")
_CUT = "\n\nThe rest of the report had no room here; it is in the summary of the job.\n"


class CannotCommentError(Exception):
    """Why there is no comment."""

    def __init__(self, reason: str, *, may_pass: bool = False) -> None:
        """Take a reason, and whether another try may help."""
        super().__init__(reason)
        self.may_pass = may_pass


@dataclass(frozen=True, slots=True)
class PullRequest:
    """Where the comment is to be."""

    api_url: str
    """Where the interface is, without a slash at the end."""

    repository: str
    """Owner and name."""

    number: int
    """The number of the pull request."""

    token: str
    """With which to ask."""

    author: str
    """The account that the token belongs to."""

    def keep(self, report: str) -> str:
        """Create the comment, or update it, and return what was done.

        Raises:
            CannotCommentError: the server does not answer, or does not allow it.
        """
        marker = report.partition("\n")[0]
        others = set()
        for comment in self._comments():
            if _first_line(comment) != marker:
                continue
            if _author(comment) == self.author:
                return self._update(comment, report)
            others.add(_author(comment))
        self._ask("POST", f"issues/{self.number}/comments", {"body": report})
        beside = f"; left alone is one by {', '.join(sorted(others))}, who is not comment-author" if others else ""
        return f"comment created on pull request {self.number}{beside}"

    def _comments(self) -> Iterator[dict[str, Any]]:
        for page in range(1, _MOST_PAGES + 1):
            found = self._ask("GET", f"issues/{self.number}/comments?per_page={_PAGE}&page={page}")
            if not isinstance(found, list):
                raise CannotCommentError("the server answered with something else than a list of comments")
            yield from (comment for comment in found if isinstance(comment, dict))
            if len(found) < _PAGE:
                return

    def _update(self, comment: Mapping[str, Any], report: str) -> str:
        found = comment.get("id")
        if not isinstance(found, int):
            raise CannotCommentError("the server named a comment without a number")
        if _lines(comment) == report.strip().splitlines():
            return f"comment {found} on pull request {self.number} says so already"
        self._ask("PATCH", f"issues/comments/{found}", {"body": report})
        return f"comment {found} on pull request {self.number} updated"

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        request = urllib.request.Request(  # noqa: S310 - the runner says where its interface is
            f"{self.api_url}/repos/{self.repository}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "User-Agent": "gpt41calc",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        try:
            with _OPENER.open(request, timeout=_TIMEOUT_SECONDS) as answer:
                return json.loads(answer.read(_MOST_ANSWERED_BYTES))
        except HTTPError as error:
            raise _refused(error) from error
        except (OSError, HTTPException) as error:
            reason = error.reason if isinstance(error, URLError) else error
            message = f"the server does not answer: {reason}"
            raise CannotCommentError(message, may_pass=True) from error
        except (ValueError, RecursionError) as error:
            raise CannotCommentError("the server answered with something else than JSON") from error


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A token is for the server it is sent to, and not for another that this one names."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing, so that the answer is an error."""


_OPENER = urllib.request.build_opener(_NoRedirects)


def _refused(error: HTTPError) -> CannotCommentError:
    """Return what a status and the words that come with it mean."""
    try:
        said = json.loads(error.read(_MOST_BYTES))["message"]
    except (OSError, HTTPException, ValueError, LookupError, TypeError, RecursionError):
        said = error.reason
    hint = (
        "; the job needs 'pull-requests: write', which a pull request from a fork does not get"
        if error.code in _FORBIDDEN
        else ""
    )
    return CannotCommentError(f"{error.code} {said!s:.200}{hint}", may_pass=error.code in _PASSING)


def _lines(comment: Mapping[str, Any]) -> list[str]:
    body = comment.get("body")
    return body.strip().splitlines() if isinstance(body, str) else []


def _first_line(comment: Mapping[str, Any]) -> str:
    body = comment.get("body")
    return body.partition("\n")[0].rstrip("\r") if isinstance(body, str) else ""


def _author(comment: Mapping[str, Any]) -> str:
    """Return the account that wrote a comment; it may be gone."""
    user = comment.get("user")
    return str(user.get("login")) if isinstance(user, dict) else "somebody"


def with_page(report: str, url: str) -> str:
    """Return a report with a link to its page below the heading; unchanged if there is no page."""
    if not re.fullmatch(r"https?://[\w./:-]+", url, re.ASCII):
        return report
    lines = report.split("\n")
    return "\n".join([*lines[:2], "", f"[Page with pictures and all numbers]({url})", *lines[2:]])


def shortened(report: str) -> str:
    """Return as much of a report as a comment has room for: whole lines, of Markdown that is whole.

    It is cut where something ends: not within the head of a table, not between a heading, a fold or a fence and
    its content. Folds and fences that are open there are closed.

    Raises:
        CannotCommentError: it does not begin with a marker, by which it could be found again.
    """
    lines = report.split("\n")
    if not _MARKER.fullmatch(lines[0]):
        raise CannotCommentError("the report does not begin with a marker, so its comment could not be found again")
    if len(report.encode()) <= _MOST_BYTES:
        return report
    markdown = _Markdown()
    size = 0
    kept, end = 1, ""
    for number, line in enumerate(lines, 1):
        size += len(line.encode()) + 1
        if size > _MOST_BYTES:
            break
        markdown.read(line)
        closing = markdown.closing
        if markdown.may_end and size + len(closing) + len(_CUT) <= _MOST_BYTES:
            kept, end = number, closing
    return "\n".join(lines[:kept]) + end + _CUT


class _Markdown:
    """What is open after some lines of a report, as far as reports of this program go."""

    def __init__(self) -> None:
        self._folds = 0
        self._fence = ""
        self._in_comment = False
        self._in_table = False
        self.may_end = False
        """Whether the report may end here without a part that has nothing in it."""

    @property
    def closing(self) -> str:
        """What closes all that is open."""
        return (f"\n{self._fence}" if self._fence else "") + "\n\n</details>" * self._folds

    def read(self, line: str) -> None:
        """Go on by a line."""
        fence = _FENCE.match(line)
        if self._fence:
            closes = fence is not None and fence[1].startswith(self._fence) and not fence[2].strip()
            self._fence = "" if closes else self._fence
            self.may_end = True
            return
        if fence is not None and not self._in_comment:
            self._fence = fence[1]
            self.may_end = False
            return
        self._in_comment = line.rfind("<!--") > line.rfind("-->") or (self._in_comment and "-->" not in line)
        self._folds = max(0, self._folds + len(_FOLD.findall(line)) - line.count("</details>"))
        is_row = line.startswith("|")
        begins = bool(_BEGINS.match(line)) or (is_row and not self._in_table)
        self._in_table = is_row and (self._in_table or bool(_TABLE_RULE.fullmatch(line)))
        if line.strip():
            self.may_end = not (begins or self._in_comment)


_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_FOLD = re.compile(r"<details\b")
_TABLE_RULE = re.compile(r"\|[ :|-]+")
_BEGINS = re.compile(r"<details\b|<summary\b|#{1,6} ")
"""Lines that belong to what comes after them."""


def pull_request(environ: Mapping[str, str]) -> PullRequest | None:
    """Return the pull request that a job is about; none if it is about something else.

    Raises:
        CannotCommentError: the environment is not that of a job, or there is no token.
    """
    try:
        event = json.loads(Path(environ["GITHUB_EVENT_PATH"]).read_bytes())
        number = (event.get("pull_request") or {}).get("number")
        api_url, repository = environ["GITHUB_API_URL"].rstrip("/"), environ["GITHUB_REPOSITORY"]
    except (OSError, ValueError, AttributeError, KeyError) as error:
        message = f"this is not a job of GitHub Actions: {type(error).__name__} {error}"
        raise CannotCommentError(message) from error
    if number is None:
        return None
    token = environ.get("COMMENT_TOKEN", "").strip()
    if not re.fullmatch(r"[!-~]+", token):  # http.client would print any other as a header it refuses
        raise CannotCommentError("the token is not one" if token else "there is no token")
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository, re.ASCII) or not isinstance(number, int):
        raise CannotCommentError("the event does not say which pull request it is about")
    return PullRequest(api_url, repository, number, token, environ.get("COMMENT_AUTHOR", ""))


def keep(found: PullRequest, report: str, pause_seconds: float) -> str:
    """Create or update the comment, and return what was done; look again before every further try.

    Raises:
        CannotCommentError: it failed for good, or too often.
    """
    for tried in range(1, _TRIES + 1):
        try:
            return found.keep(report)
        except CannotCommentError as error:
            if not error.may_pass or tried == _TRIES:
                raise
            time.sleep(pause_seconds * tried)
    raise AssertionError


def main() -> None:
    """Keep the comment, and say on standard output what came of it."""
    parser = argparse.ArgumentParser(description="Keep one comment on a pull request up to date.")
    parser.add_argument("report", type=Path, help="the report, which begins with its marker")
    parser.add_argument("--page", default="", metavar="URL", help="the address of a page to link to")
    parser.add_argument("--pause", type=float, default=2, help="seconds before the second of three tries")
    given = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        found = pull_request(os.environ)
        if found is None:
            said = "::notice title=gpt41calc::no comment: this is not the job of a pull request"
        else:
            report = with_page(given.report.read_text(encoding="utf-8"), given.page)
            said = _for_log(keep(found, shortened(report), given.pause))
    except (CannotCommentError, OSError, ValueError) as error:
        said = f"::warning title=gpt41calc::no comment: {_for_log(str(error))}"
    token = os.environ.get("COMMENT_TOKEN", "").strip()
    print(said.replace(token, "***") if token else said)


def _for_log(text: str) -> str:
    """Make any text one line that cannot be taken for a command of its own."""
    return "".join(char if char.isprintable() else " " for char in text).replace("%", "%25")


if __name__ == "__main__":
    main()
