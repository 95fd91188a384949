"""``estimate --count-with api``: real processes, and a real server in the place of the vendors."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bodies import jsonl
from conftest import TODAY, Outcome, Spawn
from vendor_endpoints import KEYS, Reply, VendorEndpoints, vendor_endpoints

pytest.importorskip("httpx")

HI = {"role": "user", "content": "Say hello."}
BODIES: dict[str, dict[str, Any]] = {
    "openai": {"model": "gpt-4.1", "messages": [HI]},
    "anthropic": {"model": "claude-sonnet-4-5", "max_tokens": 9, "messages": [HI]},
    "google": {"model": "gemini-2.5-flash", "contents": [{"parts": [{"text": "Say hello."}]}]},
}
NAMES = {"openai": "OpenAI", "anthropic": "Anthropic", "google": "Google"}
AT_ONCE = ("--versus", "gpt-4o", "--as-of", TODAY)


@pytest.fixture
def vendors() -> Iterator[VendorEndpoints]:
    """Return a running stand-in."""
    with vendor_endpoints() as running:
        yield running


@pytest.fixture
def ask(spawn: Spawn, tmp_path: Path, environment: dict[str, str], vendors: VendorEndpoints) -> Any:
    """Return a function that writes bodies to files and estimates them."""

    def run(*bodies: Any, options: tuple[str, ...] = ("--count-with", "api"), **changed: str) -> Outcome:
        names = []
        for number, body in enumerate(bodies):
            names.append(f"{number}.json")
            (tmp_path / names[-1]).write_text(json.dumps(body), encoding="utf-8")
        env = environment | vendors.environment | changed
        return spawn("estimate", *names, *AT_ONCE, *options, env={key: value for key, value in env.items() if value})

    return run


def counts_of(outcome: Outcome) -> list[dict[str, Any]]:
    """Return what endpoints have counted."""
    found: list[dict[str, Any]] = json.loads(outcome.stdout)["endpoints"]["counts"]
    return found


@pytest.mark.parametrize("vendor", BODIES)
def test_the_difference_is_printed(ask: Any, vendor: str) -> None:
    """In the report and in JSON; the count and the cost stay those of this program."""
    body, options = BODIES[vendor], ("--json", "--count-with", "api")
    plain = json.loads(ask(body, options=("--json",)).stdout)
    asked, read = ask(body, options=options), ask(body)
    document = json.loads(asked.stdout)
    (count,) = document.pop("endpoints")["counts"]

    assert (0, plain) == (asked.status, document)
    assert (NAMES[vendor], body["model"], 42) == (count["vendor"], count["model"], count["input_tokens"])
    assert 42 - count["offline"]["input_tokens"] == count["difference"]
    assert f"0.json: {NAMES[vendor]} counts 42 tokens for {body['model']}" in read.stdout
    assert f": {count['difference']} more than here ({count['offline']['input_tokens']})" in read.stdout


def test_an_answer_is_remembered(ask: Any, vendors: VendorEndpoints) -> None:
    """By all that was sent and to whom: the same is asked once, and needs no key then; ``--no-cache`` asks again."""
    api = ("--json", "--count-with", "api")
    first, again = ask(BODIES["openai"], options=api), ask(BODIES["openai"], options=api, OPENAI_API_KEY="")
    other = ask({**BODIES["openai"], "model": "gpt-4.1-mini"}, options=api)
    anew = ask(BODIES["openai"], options=(*api, "--no-cache"))

    assert [False, True, False, False] == [counts_of(one)[0]["remembered"] for one in (first, again, other, anew)]
    assert [42] * 4 == [counts_of(one)[0]["input_tokens"] for one in (first, again, other, anew)]
    assert ["gpt-4.1", "gpt-4.1-mini", "gpt-4.1"] == [one.body["model"] for one in vendors.asked]


def test_only_what_an_endpoint_counts_is_sent(ask: Any, vendors: VendorEndpoints) -> None:
    """One request each, in the order of the inputs, with the key of its vendor alone."""
    ask(*BODIES.values())

    assert [
        "/v1/responses/input_tokens",
        "/v1/messages/count_tokens",
        "/v1beta/models/gemini-2.5-flash:countTokens",
    ] == [one.path for one in vendors.asked]
    for one, own in zip(vendors.asked, KEYS.values(), strict=True):
        assert [own] == [key for key in KEYS.values() if any(key in value for value in one.headers.values())]


FAILURES: dict[str, tuple[Reply, str]] = {
    "a key that is refused": (
        Reply(401, b'{"error": {"message": "Incorrect API key provided: sk-openai-a-secret-of-many-letters"}}'),
        "OpenAI refuses the key in OPENAI_API_KEY (status 401)",
    ),
    "too many requests": (
        Reply(429, b"{}", {"Retry-After": "17"}),
        "OpenAI takes no more requests for now (status 429): try again in 17 seconds",
    ),
    "too many requests until a moment": (
        Reply(429, b"{}", {"Retry-After": "Sun, 22 Nov 2026 12:00:00 GMT"}),
        "OpenAI takes no more requests for now (status 429): try again after 2026-11-22 12:00:00 UTC",
    ),
    "too many requests until nobody knows when": (
        Reply(429, b"", {"Retry-After": "soon"}),
        "OpenAI takes no more requests for now (status 429)",
    ),
    "no answer": (Reply(200, b"{}", after_seconds=2.5), "OpenAI: no answer from HOST within 1 seconds"),
    "no JSON": (Reply(200, b"<html>Welcome</html>"), "OpenAI: the answer of HOST is not JSON"),
    "no number": (
        Reply(200, b'{"input_tokens": true}'),
        "OpenAI: the answer of HOST holds no number of tokens under input_tokens",
    ),
    "no end": (
        Reply(200, b" " * (1 << 21)),
        "OpenAI: an answer of more than 1,048,576 bytes, where a number was expected",
    ),
    "a redirect": (
        Reply(307, b"", {"Location": "http://127.0.0.1:9/elsewhere"}),
        "OpenAI: HOST sends elsewhere (status 307), which is not followed",
    ),
    "a body that is refused": (
        Reply(400, b'{"error": {"message": "Unknown\\nmodel for sk-openai-a-secret-of-many-letters"}}'),
        "OpenAI does not count it (status 400): Unknown model for …",
    ),
    "an overloaded server": (Reply(529, b"overloaded"), "OpenAI does not count it (status 529)"),
}


@pytest.mark.parametrize(("reply", "sentence"), FAILURES.values(), ids=FAILURES)
def test_a_failure_is_one_sentence(ask: Any, vendors: VendorEndpoints, reply: Reply, sentence: str) -> None:
    """With status 3 and the offline report; nobody else is asked after it, and no key is in any output."""
    vendors.instead.append(reply)
    bodies = (BODIES["openai"], BODIES["anthropic"])
    ended = ask(*bodies, options=("--json", "--count-with", "api", "--api-timeout", "1"))
    expected = f"0.json: {sentence.replace('HOST', vendors.url.removeprefix('http://'))}"

    assert (3, f"gpt41calc: warning: {expected}\n") == (ended.status, ended.stderr)
    assert {"counts": [], "failure": expected} == json.loads(ended.stdout)["endpoints"]
    assert 1 == len(vendors.asked)
    assert not [key for key in KEYS.values() if key in ended.stdout + ended.stderr]


def test_nobody_listens(ask: Any) -> None:
    """One sentence, status 3."""
    ended = ask(BODIES["openai"], OPENAI_BASE_URL="http://127.0.0.1:9/v1")

    assert 3 == ended.status
    assert ended.stderr.startswith("gpt41calc: warning: 0.json: OpenAI: cannot ask 127.0.0.1:9: ")
    assert 1 == ended.stderr.count("\n")


def test_a_failure_keeps_what_was_answered(ask: Any, vendors: VendorEndpoints) -> None:
    """It is cached, too: only the rest is asked for the next time."""
    bodies = [{**BODIES["openai"], "messages": [{"role": "user", "content": text}]} for text in "ab"]
    vendors.instead += [Reply(200, b'{"input_tokens": 7}'), Reply(500)]
    failed, again = (ask(*bodies, options=("--json", "--count-with", "api")) for _ in range(2))

    assert [7] == [one["input_tokens"] for one in counts_of(failed)]
    assert [(7, True), (42, False)] == [(one["input_tokens"], one["remembered"]) for one in counts_of(again)]


def test_a_limit_holds_before_anything_is_sent(ask: Any, vendors: VendorEndpoints) -> None:
    """More requests than allowed are asked wrongly; those that are cached do not count."""
    first, second, third = BODIES["openai"], BODIES["anthropic"], {**BODIES["openai"], "model": "gpt-4.1-mini"}
    one = ask(first, options=("--count-with", "api"))
    two = ask(first, second, third, options=("--count-with", "api", "--api-limit", "1"))
    rest = ask(first, third, options=("--count-with", "api", "--api-limit", "1"))

    assert [0, 2, 0] == [ended.status for ended in (one, two, rest)]
    assert "2 requests to ask for, and at most 1 are allowed" in two.stderr
    assert 2 == len(vendors.asked)


REFUSED: dict[str, tuple[Any, dict[str, str], str]] = {
    "no key": (BODIES["openai"], {"OPENAI_API_KEY": ""}, "no key for OpenAI: OPENAI_API_KEY is not set"),
    "no request": ({"name": "a package"}, {}, "asks for requests, and no input is one"),
    "another vendor's model": (
        BODIES["anthropic"],
        {"GPT41CALC_MODEL": "gpt-4.1"},
        "0.json: written for Anthropic, and none of its models is asked for",
    ),
    "what Responses does not know": (
        {**BODIES["openai"], "messages": [{**HI, "name": "Ada"}]},
        {},
        "0.json: messages[0].name: has no place in a body of Responses",
    ),
}


@pytest.mark.parametrize(("body", "changed", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_asked(
    ask: Any, vendors: VendorEndpoints, body: Any, changed: dict[str, str], reason: str
) -> None:
    """It is asked wrongly, and nobody is asked."""
    ended = ask(body, **changed)

    assert (2, True, []) == (ended.status, reason in ended.stderr, vendors.asked)


def test_without_httpx_the_extra_is_named(
    spawn: Spawn, tmp_path: Path, environment: dict[str, str], vendors: VendorEndpoints
) -> None:
    """Where it is not installed."""
    (tmp_path / "a.json").write_text(json.dumps(BODIES["openai"]), encoding="utf-8")
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "httpx.py").write_text("raise ImportError('not installed')\n", encoding="utf-8")
    path = {"PYTHONPATH": str(tmp_path / "without")}
    ended = spawn("estimate", "a.json", "--count-with", "api", env=environment | vendors.environment | path)

    assert 2 == ended.status
    assert "--count-with api: needs httpx, which is not installed" in ended.stderr
    assert "pip install 'gpt41calc[api]'" in ended.stderr


def test_a_file_of_requests_is_not_asked_for(spawn: Spawn, tmp_path: Path) -> None:
    """It is refused with the reason, instead of being priced without the answer."""
    (tmp_path / "a.jsonl").write_bytes(jsonl(BODIES["openai"], BODIES["openai"]))
    ended = spawn("estimate", "a.jsonl", "--count-with", "api")

    assert (2, True) == (ended.status, "--count-with api takes a file for each request" in ended.stderr)


WATCHED = """
import sys

def watch(event, arguments):
    if event.startswith("socket.") and event not in {"socket.__new__", "socket.gethostname"}:
        sys.stderr.write(f"SOCKET {event}\\n")

sys.addaudithook(watch)
from gpt41calc.__main__ import run

run()
"""


@pytest.mark.parametrize("typed", [(), ("--count-with", "offline"), ("--count-with", "api")])
def test_no_socket_is_opened_without_the_flag(
    tmp_path: Path, environment: dict[str, str], vendors: VendorEndpoints, typed: tuple[str, ...]
) -> None:
    """Whatever is in the environment; with the flag, the same watch sees a connection."""
    import subprocess

    (tmp_path / "a.json").write_text(json.dumps(BODIES["openai"]), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-c", WATCHED, "estimate", "a.json", *typed],
        cwd=tmp_path,
        env=environment | vendors.environment | {"GPT41CALC_COUNT_WITH": "api"},
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    is_asked = "api" in typed

    assert 0 == ended.returncode, ended.stderr
    assert (is_asked, int(is_asked)) == ("SOCKET socket.connect" in ended.stderr, len(vendors.asked))
    assert ("SOCKET" in ended.stderr) is is_asked


def test_a_project_file_cannot_ask(spawn: Spawn, tmp_path: Path, vendors: VendorEndpoints) -> None:
    """It is refused: only the command line sends anything anywhere."""
    (tmp_path / "gpt41calc.toml").write_text('count-with = "api"\n', encoding="utf-8")
    (tmp_path / "a.json").write_text(json.dumps(BODIES["openai"]), encoding="utf-8")
    ended = spawn("estimate", "a.json")

    assert (2, []) == (ended.status, vendors.asked)
    assert "count-with: a project file may not set this" in ended.stderr
