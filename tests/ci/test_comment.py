"""The comment on a pull request: one, ours, and never a reason to fail."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from standin import BOT, TOKEN, GitHub, listening

SCRIPT = Path(__file__).parent.parent.parent / "action" / "comment.py"

MARKER = "<!-- gpt41calc:check -->"
REPORT = f"{MARKER}\n## gpt41calc: kept: 2 budgets\n\nAll is well: é ☃\n"

Comment = Callable[..., str]


@pytest.fixture
def github() -> Iterator[GitHub]:
    """Return a stand-in that listens."""
    with listening() as found:
        yield found


@pytest.fixture
def comment(github: GitHub, tmp_path: Path, environment: dict[str, str]) -> Comment:
    """Return what runs the script as the action does, and returns what it writes to the log."""

    def run(report: str = REPORT, event: object = None, **given: str) -> str:
        (tmp_path / "report.md").write_text(report, encoding="utf-8")
        told = {"pull_request": {"number": 7}} if event is None else event
        (tmp_path / "event.json").write_text(json.dumps(told), encoding="utf-8")
        job = {
            "GITHUB_API_URL": github.url,
            "GITHUB_REPOSITORY": "shop/cart",
            "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
            "COMMENT_TOKEN": TOKEN,
            "COMMENT_AUTHOR": BOT,
        }
        ended = subprocess.run(
            [sys.executable, "-I", SCRIPT, tmp_path / "report.md", "--pause", "0"],
            env=environment | job | given,
            capture_output=True,
            check=False,
            timeout=60,
            text=True,
        )
        assert (0, "", False) == (ended.returncode, ended.stderr, TOKEN in ended.stdout)
        assert ended.stdout.count("\n") == 1
        return ended.stdout

    return run


def changes(github: GitHub) -> list[str]:
    """Return by which methods something was to be changed."""
    return [method for method, _ in github.asked if method != "GET"]


def test_one_comment(github: GitHub, comment: Comment) -> None:
    """The first run creates a comment, and every later one updates it."""
    said = [comment(), comment(REPORT + "And more.\n"), comment(f"{MARKER}\nLess.\n")]

    assert ["comment created on pull request 7\n"] == said[:1]
    assert ["POST", "PATCH", "PATCH"] == changes(github)
    assert [f"{MARKER}\nLess.\n"] == [one["body"] for one in github.comments]


def test_nothing_new(github: GitHub, comment: Comment) -> None:
    """A report that is there already is not written again, though the server ends its lines otherwise."""
    github.add(REPORT.strip().replace("\n", "\r\n"))
    said = comment()

    assert ([], "comment 4000000000 on pull request 7 says so already\n") == (changes(github), said)


def test_found_on_a_later_page(github: GitHub, comment: Comment) -> None:
    """The comment is found behind hundreds of others."""
    for number in range(250):
        github.add(f"comment {number}", "reader")
    ours = github.add(f"{MARKER}\nold")
    comment()

    assert (REPORT, 251) == (ours["body"], len(github.comments))


@pytest.mark.parametrize("author", ["reader", "github-actions", "dependabot[bot]", None])
def test_of_somebody_else(github: GitHub, comment: Comment, author: str | None) -> None:
    """A comment of somebody else is left alone, whatever its first line says; the log names who wrote it."""
    other = github.add(f"{MARKER}\nmine", author)
    said = comment()

    assert (f"{MARKER}\nmine", REPORT) == (other["body"], github.comments[1]["body"])
    assert f"left alone is one by {author or 'somebody'}, who is not comment-author" in said


@pytest.mark.parametrize(
    "body", [f"> {MARKER}\n", f"see\n{MARKER}\n", f"{MARKER} and\n", "<!-- gpt41calc:diff -->", ""]
)
def test_only_the_first_line(github: GitHub, comment: Comment, body: str) -> None:
    """A comment of ours is another one if its first line is not the marker of this report."""
    github.add(body)
    comment()

    assert [body, REPORT] == [one["body"] for one in github.comments]


def test_fork(github: GitHub, comment: Comment) -> None:
    """A token that may only read is a warning, which says what is needed."""
    github.readonly = True
    said = comment()

    assert said.startswith("::warning title=gpt41calc::no comment: 403 Resource not accessible by integration; ")
    assert ("pull-requests: write" in said, ["POST"]) == (True, changes(github))


@pytest.mark.parametrize("letter", ["a", "☃", "𝄞"])
def test_too_long(github: GitHub, comment: Comment, letter: str) -> None:
    """A report that is too long is cut at the end of a line, its fold closed, and says so."""
    line = f"- {letter * 40}"
    comment(f"{MARKER}\n<details>\n<summary>2</summary>\n</details>\n<details>\n" + f"{line}\n" * 5000 + "</details>\n")
    body = github.comments[0]["body"]
    kept, end = body.split("\n\n</details>\n\nThe rest of the report")

    assert len(body.encode()) in range(65_536 - 2 * len(line.encode()), 65_536)
    assert (line, True) == (kept.rpartition("\n")[2], end.endswith("it is in the summary of the job.\n"))


def test_too_long_without_a_fold(github: GitHub, comment: Comment) -> None:
    """Nothing is closed that is not open, and a report that just fits is whole."""
    just = f"{MARKER}\n{'a' * (65_535 - len(MARKER) - 2)}\n"
    comment(f"{MARKER}\n" + "a\n" * 40_000)
    assert "</details>" not in github.comments[0]["body"]
    comment(just)

    assert just == github.comments[0]["body"]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_that_recovers(github: GitHub, comment: Comment, status: int) -> None:
    """A server that fails twice is asked a third time."""
    github.instead = [(status, "<html>"), (status, {"message": "later"})]
    comment()

    assert [REPORT] == [one["body"] for one in github.comments]


def test_a_server_that_does_not_recover(github: GitHub, comment: Comment) -> None:
    """There are three tries, and then a warning."""
    github.instead = [(502, {"message": "Server Error"})] * 10
    said = comment()

    assert ("::warning title=gpt41calc::no comment: 502 Server Error\n", 3) == (said, len(github.asked))


def test_created_but_not_confirmed(github: GitHub, comment: Comment) -> None:
    """A comment that was created although the server says it failed is found, and not created twice."""
    github.after = [(504, "timeout")]
    comment()

    assert [REPORT] == [one["body"] for one in github.comments]


def test_refused(github: GitHub, comment: Comment) -> None:
    """What will not pass is not tried again."""
    github.instead = [(410, {"message": "gone"})]

    assert ("::warning title=gpt41calc::no comment: 410 gone\n", 1) == (comment(), len(github.asked))


def test_no_server(comment: Comment) -> None:
    """A server that is not there is a warning."""
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        said = comment(GITHUB_API_URL=f"http://127.0.0.1:{taken.getsockname()[1]}")

    assert said.startswith("::warning title=gpt41calc::no comment: the server does not answer: ")


def test_no_redirect(github: GitHub, comment: Comment) -> None:
    """The token is not taken to another server that the first one names."""
    with listening() as other:
        github.instead = [(302, f"{other.url}/repos/shop/cart/issues/7/comments?per_page=100&page=1")]
        said = comment()

        assert [] == other.tokens
    assert said.startswith("::warning title=gpt41calc::no comment: 302 ")


@pytest.mark.parametrize(
    "said", ["", "<html>", '"text"', "null", "{}", "[" * 100_000, "[1, null]" * 2, '[{"id": null, "body": 1}]x']
)
def test_strange_answers(github: GitHub, comment: Comment, said: str) -> None:
    """An answer that makes no sense is a warning."""
    github.instead = [(200, said)]

    assert comment().startswith("::warning title=gpt41calc::no comment: the server answered with something else")


def test_comments_without_end(github: GitHub, comment: Comment) -> None:
    """A server whose pages never end is not read forever."""
    github.instead = [(200, [{"body": None, "user": "x"}] * 100)] * 1000
    comment()

    assert 30 == sum(method == "GET" for method, _ in github.asked)


def test_words_of_the_server(github: GitHub, comment: Comment) -> None:
    """What a server says is shortened, stays on one line and never holds the token, though it echoes it."""
    github.instead = [(403, {"message": f"no {TOKEN}\n::error::100 %\x1b[2J" + "x" * 1000})]
    said = comment()

    assert "no comment: 403 no *** ::error::100 %25 [2Jxxx" in said
    assert len(said) < 400


@pytest.mark.parametrize(
    ("token", "reason"), [("", "there is no token"), (" \n", "there is no token"), ("a\nb: c", "the token is not one")]
)
def test_no_token(github: GitHub, comment: Comment, token: str, reason: str) -> None:
    """Without a token nothing is asked; one that is none is not printed."""
    said = comment(COMMENT_TOKEN=token)

    assert (f"::warning title=gpt41calc::no comment: {reason}\n", []) == (said, github.asked)


def test_token_with_an_end_of_line(github: GitHub, comment: Comment) -> None:
    """A token that was read from a file with its last line end is used without it."""
    comment(COMMENT_TOKEN=f"{TOKEN}\n")

    assert 1 == len(github.comments)


@pytest.mark.parametrize("event", [{}, {"pull_request": None}, {"ref": "refs/heads/main"}])
def test_no_pull_request(github: GitHub, comment: Comment, event: object) -> None:
    """A job that is about no pull request leaves a note."""
    expected = "::notice title=gpt41calc::no comment: this is not the job of a pull request\n"

    assert (expected, []) == (comment(event=event), github.asked)


@pytest.mark.parametrize(
    ("event", "given"),
    [
        ([], {}),
        ({"pull_request": [1]}, {}),
        ({"pull_request": {"number": "7/../8"}}, {}),
        (None, {"GITHUB_REPOSITORY": "shop/cart/../other"}),
        (None, {"GITHUB_EVENT_PATH": "/there/is/no/such/file"}),
    ],
)
def test_strange_jobs(github: GitHub, comment: Comment, event: object, given: dict[str, str]) -> None:
    """An environment that makes no sense is a warning, and nothing is asked."""
    said = comment(event=event, **given)

    assert (True, []) == (said.startswith("::warning title=gpt41calc::no comment: "), github.asked)


@pytest.mark.parametrize("report", ["", "## gpt41calc\n", f"\n{MARKER}\n", f"{MARKER} -->\n"])
def test_report_without_a_marker(github: GitHub, comment: Comment, report: str) -> None:
    """A report that could not be found again is not posted."""
    said = comment(report)

    assert ("does not begin with a marker" in said, []) == (True, github.asked)
