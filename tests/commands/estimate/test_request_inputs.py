"""``estimate`` reads the bodies of requests, and pictures, as what they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bodies import batch_line, jpeg, jsonl, png, url
from conftest import TODAY, Spawn

from gpt41calc.tokenizer.engines import tokenizer

HELLO = {"role": "user", "content": "Say hello."}
CHAT = {"model": "gpt-4.1", "max_tokens": 200, "messages": [HELLO]}
AROUND = 3 + 1 + 3
"""A message, its role, the reply."""


def count(text: str) -> int:
    """Return the tokens of a text."""
    return tokenizer("o200k_base").count(text)


def estimate_of(spawn: Spawn, *arguments: str, status: int = 0, stdin: bytes | None = None) -> dict[str, Any]:
    """Return the document of an estimate."""
    ended = spawn("estimate", "--json", "--as-of", TODAY, *arguments, stdin=stdin)
    assert status == ended.status, ended.stderr
    document: dict[str, Any] = json.loads(ended.stdout)
    return document


def test_a_body_is_a_request_and_not_the_text_of_its_json(spawn: Spawn, tmp_path: Path) -> None:
    """Seven tokens around three; modelled, for every model that is exact otherwise."""
    (tmp_path / "request.json").write_text(json.dumps(CHAT), encoding="utf-8")
    document = estimate_of(spawn, "request.json")
    first = document["models"][0]

    assert (AROUND + 3, "modelled") == (document["inputs"]["tokens"], document["inputs"]["exactness"])
    assert ("gpt-4.1", AROUND + 3, "modelled") == (first["id"], first["input_tokens"], first["exactness"])
    assert ((AROUND + 3) * 2 + 8000) / 10**6 == pytest.approx(first["cost"]["total"])
    assert {"modelled", "estimated"} == {one["exactness"] for one in document["savings"]}
    assert [
        {
            "path": "request.json",
            "kind": "request",
            "endpoint": "chat",
            "model": "gpt-4.1",
            "messages": 1,
            "tools": 0,
            "pictures": 0,
            "assumed_pictures": 0,
            "max_output_tokens": 200,
            "choices": 1,
        }
    ] == document["requests"]


def test_the_model_of_the_body_comes_first_unless_another_is_asked(spawn: Spawn, tmp_path: Path) -> None:
    """Beside the variants; with -m only that one."""
    (tmp_path / "r.json").write_text(json.dumps(CHAT | {"model": "gpt-4o-mini"}), encoding="utf-8")
    own = [one["id"] for one in estimate_of(spawn, "r.json")["models"] if one["role"] == "variant"]
    asked = [one["id"] for one in estimate_of(spawn, "r.json", "-m", "o3")["models"] if one["role"] == "variant"]

    assert ["gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano"] == own
    assert ["o3"] == asked


def test_the_report_says_what_it_is_and_what_its_cap_is(spawn: Spawn, tmp_path: Path) -> None:
    """The default of 1,000 output tokens holds, and the cap of the body is named."""
    (tmp_path / "r.json").write_text(json.dumps(CHAT | {"n": 2}), encoding="utf-8")
    ended = spawn("estimate", "r.json")
    explained = spawn("estimate", "r.json", "--explain")

    assert 0 == ended.status
    assert ended.stdout.startswith("10 tokens (modelled), fits GPT-4.1 ")
    assert "10 tokens (o200k_base, modelled)" in explained.stdout
    assert "r.json: a Chat request of 1 message: exact text, modelled frame\n" in explained.stdout
    assert "r.json: its own cap is 200 output tokens: shorter than what is priced\n" in ended.stdout
    assert "r.json: asks for 2 answers; one is priced\n" in ended.stdout


def test_standard_input_is_told_apart_too(spawn: Spawn) -> None:
    """A body in a pipe is a request, other JSON and plain text are text, forced or not."""
    body = json.dumps(CHAT, indent=2).encode()
    package = b'{"name": "a"}\n'

    assert AROUND + 3 == estimate_of(spawn, "-", stdin=body)["inputs"]["tokens"]
    assert count(body.decode()) == estimate_of(spawn, "-", "--kind", "text", stdin=body)["inputs"]["tokens"]
    assert count(package.decode()) == estimate_of(spawn, "-", stdin=package)["inputs"]["tokens"]
    assert count("hello\n") == estimate_of(spawn, "-", stdin=b"hello\n")["inputs"]["tokens"]
    long = b"{" + b"a " * 3_000_000
    assert count(long.decode()) == estimate_of(spawn, "-", stdin=long)["inputs"]["tokens"]


def test_json_in_a_folder_is_text(spawn: Spawn, tmp_path: Path) -> None:
    """What is found by walking is what a prompt would quote."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "r.json").write_text(json.dumps(CHAT), encoding="utf-8")
    document = estimate_of(spawn, "folder")

    assert (count(json.dumps(CHAT)), "exact") == (document["inputs"]["tokens"], document["inputs"]["exactness"])
    assert "requests" not in document


def test_a_body_and_text_add_up(spawn: Spawn, tmp_path: Path) -> None:
    """Each counted by its own rules, in the parts, too."""
    (tmp_path / "r.json").write_text(json.dumps(CHAT), encoding="utf-8")
    (tmp_path / "more.txt").write_text("and some more", encoding="utf-8")
    document = estimate_of(spawn, "r.json", "more.txt", "--by", "file")

    assert AROUND + 3 + 3 == document["inputs"]["tokens"]
    assert {"r.json": AROUND + 3, "more.txt": 3} == {one["path"]: one["tokens"] for one in document["files"]}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            CHAT | {"messages": [{"role": "user", "content": 7}]},
            "messages[0].content: expected text or a list of parts",
        ),
        (CHAT | {"tools": [{"type": "web_search"}]}, "tools[0]: a tool of the type 'web_search'"),
    ],
)
def test_a_body_that_cannot_be_counted_is_said(spawn: Spawn, tmp_path: Path, body: dict[str, Any], reason: str) -> None:
    """With its place, and the status of what is incomplete."""
    (tmp_path / "r.json").write_text(json.dumps(body), encoding="utf-8")
    ended = spawn("estimate", "r.json", "-q")

    assert 3 == ended.status
    assert f"r.json: not counted: {reason}" in ended.stderr


def test_json_that_is_none_is_text_unless_it_is_said_to_be_a_request(spawn: Spawn, tmp_path: Path) -> None:
    """A duplicate key makes no request, and no crash."""
    raw = '{"model": "gpt-4.1", "model": "o3", "messages": []}'
    (tmp_path / "r.json").write_text(raw, encoding="utf-8")
    forced = spawn("estimate", "r.json", "--kind", "request")

    assert count(raw) == estimate_of(spawn, "r.json")["inputs"]["tokens"]
    assert (3, True) == (forced.status, 'r.json: not counted: the key "model" is there twice' in forced.stderr)


def test_pictures_in_a_body(spawn: Spawn, tmp_path: Path) -> None:
    """By the rule of every model; remote ones by an assumed size; a model without a rule is named."""

    def pictured(address: str, **detail: str) -> dict[str, int]:
        part = {"type": "image_url", "image_url": {"url": address, **detail}}
        body = CHAT | {"messages": [{"role": "user", "content": [part]}]}
        (tmp_path / "r.json").write_text(json.dumps(body), encoding="utf-8")
        found = estimate_of(spawn, "r.json", "--assume-image", "128x64", "--versus", "claude-3-7-sonnet")
        return {one["id"]: one["input_tokens"] - AROUND for one in found["models"]}

    (tmp_path / "p.jpg").write_bytes(jpeg(128, 64))
    expected = {"gpt-4.1": 255, "gpt-4.1-mini": 14, "gpt-4.1-nano": 21, "claude-3-7-sonnet": 11}
    addresses = [url(png(128, 64)), "p.jpg", "https://example.invalid/a.png"]

    assert [expected] * 3 == [pictured(address) for address in addresses]
    assert expected | {"gpt-4.1": 85} == pictured(addresses[2], detail="low")
    unknown = spawn("estimate", "r.json", "-m", "gpt-4", "--versus", "gpt-4o").stdout
    assert "pictures are not counted for GPT-4: no rule is known" in unknown


def test_pictures_in_a_folder_count_if_asked(spawn: Spawn, tmp_path: Path) -> None:
    """Otherwise they are binary; a broken one is not forgotten."""
    folder = tmp_path / "shots"
    folder.mkdir()
    (folder / "a.png").write_bytes(png(1024, 1024))
    (folder / "b.JPG").write_bytes(jpeg(128, 64))
    (folder / "note.txt").write_text("three words here", encoding="utf-8")
    plain, pictured = estimate_of(spawn, "shots"), estimate_of(spawn, "shots", "--images")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    broken = estimate_of(spawn, "shots", "--images", status=3)

    assert [3, 3 + 765 + 255, 3 + 765 + 255] == [one["inputs"]["tokens"] for one in (plain, pictured, broken)]
    assert {"shots/a.png": "picture", "shots/b.JPG": "picture"} == {
        one["path"]: one["kind"] for one in pictured["requests"]
    }
    assert ["a picture whose header is broken"] == [one["reason"] for one in broken["inputs"]["skipped"]]


def test_a_file_of_requests_is_priced_as_batch_does(spawn: Spawn, tmp_path: Path) -> None:
    """It is the same report, and the hint says so; options of one request do not apply."""
    (tmp_path / "f.jsonl").write_bytes(jsonl(batch_line("a", "Hi"), batch_line("b", "Ho")))
    (tmp_path / "bodies.jsonl").write_bytes(jsonl(CHAT, CHAT))
    for name in ("f.jsonl", "bodies.jsonl"):
        ended, batch = spawn("estimate", name), spawn("batch", name)

        assert (0, batch.stdout) == (ended.status, ended.stdout)
        assert ended.stderr.startswith(f"gpt41calc: hint: {name} holds a request a line")
    refused = spawn("estimate", "f.jsonl", "--tier", "batch")
    assert (2, True) == (refused.status, "do not apply" in refused.stderr)
    assert 0 == spawn("estimate", "f.jsonl", "--kind", "text", "--tier", "batch").status


def test_cached_tokens_may_be_of_the_frame(spawn: Spawn, tmp_path: Path) -> None:
    """All of a request can be cached, and no token more."""
    (tmp_path / "r.json").write_text(json.dumps(CHAT), encoding="utf-8")
    whole = estimate_of(spawn, "r.json", "--cached-tokens", "10")["models"][0]["cost"]

    assert (0, pytest.approx(10 * 0.5 / 10**6)) == (whole["input"], whole["cached_input"])
    assert 2 == spawn("estimate", "r.json", "--cached-tokens", "11").status


@pytest.mark.parametrize("typed", ["0x5", "5", "x", "10x", "1024 x 768", "-1x5", "１x1"])
def test_a_size_is_width_and_height(spawn: Spawn, tmp_path: Path, typed: str) -> None:
    """Anything else is asked wrongly."""
    (tmp_path / "r.json").write_text(json.dumps(CHAT), encoding="utf-8")
    ended = spawn("estimate", "r.json", f"--assume-image={typed}")

    assert (2, True) == (ended.status, "--assume-image: expected width and height such as 1024x768" in ended.stderr)


def test_files_of_other_commands_are_text_with_a_hint(spawn: Spawn, tmp_path: Path) -> None:
    """Examples and answers are not priced as requests, and not refused either."""
    example = {"messages": [HELLO, {"role": "assistant", "content": "Hello."}]}
    answer = {"object": "chat.completion", "usage": {"prompt_tokens": 1, "completion_tokens": 2}}
    for name, line in (("finetune", example), ("usage", answer)):
        (tmp_path / f"{name}.jsonl").write_bytes(jsonl(line, line))
        ended = spawn("estimate", f"{name}.jsonl", "-q")

        assert 0 == ended.status
        assert (
            f"gpt41calc: hint: {name}.jsonl is counted as text; 'gpt41calc {name}' says what is in it\n" == ended.stderr
        )
        assert (2, True) == (
            (forced := spawn("estimate", f"{name}.jsonl", "--kind", name)).status,
            f"gpt41calc {name} FILE" in forced.stderr,
        )


def test_a_bad_first_line_is_a_bad_line(spawn: Spawn, tmp_path: Path) -> None:
    """Most of what follows are requests: the file is one of requests, and what is none is listed."""
    (tmp_path / "a.jsonl").write_bytes(
        b"garbage\n" + jsonl(*(batch_line(f"r{at}", "Be kind", "Hi") for at in range(5)))
    )
    ended = spawn("estimate", "a.jsonl")

    assert 3 == ended.status, ended.stderr
    assert "5 requests" in ended.stdout
    assert "a.jsonl:1: " in ended.stdout + ended.stderr


@pytest.mark.parametrize("content", ["garbage\nmore of it\n", 'garbage\n{"a": 1}\n{"b": 2}\n{"c": 3}\n'])
def test_other_lines_are_text(spawn: Spawn, tmp_path: Path, content: str) -> None:
    """A file whose first lines are no requests is counted as it is."""
    (tmp_path / "a.jsonl").write_text(content)

    assert 0 == spawn("estimate", "a.jsonl").status


def test_a_request_without_what_cannot_be_counted_is_a_lower_bound(spawn: Spawn, tmp_path: Path) -> None:
    """Refused as a rule; with ``--partial`` counted without it, which is named, and the exit status is 3."""
    built_in = {"tools": [{"type": "web_search"}]}
    (tmp_path / "request.json").write_text(json.dumps(CHAT | built_in), encoding="utf-8")
    refused = estimate_of(spawn, "request.json", status=3)["error"]
    partial = estimate_of(spawn, "request.json", "--partial", status=3)["inputs"]

    assert ("nothing-counted", AROUND + 3) == (refused["code"], partial["tokens"])
    assert [False, ["tools[0]: a tool of the type 'web_search', whose tokens are not published"]] == [
        partial["complete"],
        [one["reason"] for one in partial["skipped"]],
    ]


def test_a_range_is_printed_where_bills_differ(spawn: Spawn, tmp_path: Path) -> None:
    """Of functions, 95 of 100 recorded bills lie within it; text alone is one number."""
    function = {"name": "look", "description": "Looks", "parameters": {"type": "object", "properties": {}}}
    (tmp_path / "plain.json").write_text(json.dumps(CHAT), encoding="utf-8")
    (tmp_path / "functions.json").write_text(
        json.dumps(CHAT | {"tools": [{"type": "function", "function": function}]}), encoding="utf-8"
    )
    plain, ranged = (estimate_of(spawn, name)["models"][0] for name in ("plain.json", "functions.json"))

    assert "low" not in plain["context"]
    assert ranged["context"]["low"] < ranged["context"]["used"] < ranged["context"]["high"]


def test_pictures_without_a_known_rule_are_said_in_the_first_line(spawn: Spawn, tmp_path: Path) -> None:
    """They are in the range alone, from nothing to the largest of their generation."""
    picture = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    body = {"model": "gpt-5.6-sol", "messages": [{"role": "user", "content": [picture]}]}
    (tmp_path / "request.json").write_text(json.dumps(body), encoding="utf-8")
    first = spawn("estimate", "request.json", "-m", "gpt-5.6-sol", "--as-of", TODAY).stdout.splitlines()[0]

    assert "1 picture in the range alone: no rule is known" in first


def test_messages_alone_are_a_request(spawn: Spawn, tmp_path: Path) -> None:
    """In a file, in a pipe, said to be one, as lines of a file; a list of other things is text."""
    messages = [HELLO, {"role": "assistant", "content": "Hello."}, HELLO]
    raw = json.dumps(messages)
    expected = estimate_of(spawn, "-", stdin=json.dumps(CHAT | {"messages": messages}).encode())["inputs"]["tokens"]
    (tmp_path / "m.json").write_text(json.dumps(messages, indent=2), encoding="utf-8")
    (tmp_path / "m.jsonl").write_bytes(jsonl(messages, messages))
    people = json.dumps([{"name": "Ada", "role": "admin"}] * 3)
    batch = spawn("batch", "m.jsonl", "-m", "gpt-4.1", "--json")

    assert [expected] * 3 == [
        estimate_of(spawn, *arguments, stdin=stdin)["inputs"]["tokens"]
        for arguments, stdin in ((("m.json",), None), (("-",), raw.encode()), (("m.json", "--kind", "request"), None))
    ]
    assert (0, 2 * expected) == (batch.status, json.loads(batch.stdout)["models"][0]["input_tokens"]["total"])
    assert count(people) == estimate_of(spawn, "-", stdin=people.encode())["inputs"]["tokens"]


@pytest.mark.parametrize(
    "command", [("batch",), ("estimate",), ("preflight", "--usage-tier", "1", "-m", "gpt-4.1")], ids=lambda one: one[0]
)
def test_lines_without_what_cannot_be_counted_are_a_lower_bound(
    spawn: Spawn, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """Refused as a rule; with ``--partial`` the rest of the line is counted, and what is missing is named."""
    (tmp_path / "r.jsonl").write_bytes(jsonl(batch_line("a", "Be kind", "Hi", tools=[{"type": "web_search"}])))
    refused, partial = (spawn(*command, "r.jsonl", "--json", *leave) for leave in ([], ["--partial"]))
    reason = "tools[0]: a tool of the type 'web_search', whose tokens are not published"

    assert [3, 3] == [refused.status, partial.status]
    assert [True, True] == [reason in refused.stderr, reason in partial.stderr]
    found = [json.loads(one.stdout) for one in (refused, partial)]
    assert [0, 1] == [one["requests"] if "requests" in one else one["workload"]["requests"] for one in found]
