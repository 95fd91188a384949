"""Prompts side by side, through real processes: every kind of input, every table, every way to be wrong."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY, Outcome, Spawn
from golden import hold_against_case

DAY = ("--as-of", TODAY, "-m", "gpt-4.1")
OLD = "# Role\n\nYou are a reviewer.\n\n## Style\n\nBe brief.\n"
NEW = "# Role\n\nYou are a reviewer.\n\n## Style\n\nBe brief, and never apologise.\n\n## Language\n\nEnglish.\n"
BODY = {"model": "gpt-4.1", "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]}


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    """Return a folder with two prompts, two folders and two requests."""
    (tmp_path / "old.md").write_text(OLD)
    (tmp_path / "new.md").write_text(NEW)
    for folder, text in {"was": OLD, "now": NEW}.items():
        (tmp_path / folder / "sub").mkdir(parents=True)
        (tmp_path / folder / "sub" / "prompt.md").write_text(text)
        (tmp_path / folder / "same.txt").write_text("the same\n")
        (tmp_path / folder / f"{folder}.txt").write_text("alone\n")
    (tmp_path / "one.json").write_text(json.dumps(BODY))
    messages = [{"role": "system", "content": "Be brief and kind."}, *BODY["messages"][1:]]
    (tmp_path / "two.json").write_text(json.dumps({**BODY, "messages": messages}, indent=1))
    return tmp_path


def document(ended: Outcome) -> dict[str, Any]:
    """Return the document on standard output."""
    read: dict[str, Any] = json.loads(ended.stdout, parse_constant=pytest.fail)
    return read


def only(ended: Outcome) -> dict[str, Any]:
    """Return the one comparison of a document."""
    (one,) = document(ended)["compared"]
    assert isinstance(one, dict)
    return one


@pytest.mark.parametrize(
    ("ending", "options"),
    [
        ("plain.txt", ["-f", "plain", "--explain"]),
        ("json", ["--json"]),
        ("csv", ["-f", "csv"]),
        ("md", ["-f", "markdown"]),
    ],
)
def test_reports(ending: str, options: list[str], prompts: Path, spawn: Spawn) -> None:
    """Two prompts in every format, as it was read and found good."""
    ended = spawn("compare", "old.md", "new.md", *DAY, "--requests-per-month", "10k", *options, cwd=prompts)

    assert 0 == ended.status
    hold_against_case(f"compare.{ending}", ended.stdout)


def test_the_answer(prompts: Path, spawn: Spawn) -> None:
    """The first line says which is longer, by how much, and what that costs a request and a month."""
    longer = spawn("compare", "old.md", "new.md", *DAY, "--requests-per-month", "10k", cwd=prompts).stdout
    shorter = spawn("compare", "new.md", "old.md", *DAY, cwd=prompts).stdout
    same = spawn("compare", "new.md", "now/sub/prompt.md", *DAY, cwd=prompts).stdout
    many = spawn("compare", "new.md", "old.md", "was", *DAY, cwd=prompts).stdout

    assert "new.md is 9 tokens (64.3 %) longer than old.md: $0.000018 a request more, $0.18 a month" == first(longer)
    assert "old.md is 9 tokens (39.1 %) shorter than new.md: $0.000018 a request less" == first(shorter)
    assert "now/sub/prompt.md is the same as new.md: 23 tokens" == first(same)
    assert "old.md is the shortest, 14 tokens, 9 (39.1 %) less than new.md: $0.000018 a request less" == first(many)


def first(text: str) -> str:
    """Return the first line."""
    return text.partition("\n")[0]


def test_sections_add_up(prompts: Path, spawn: Spawn) -> None:
    """Sections that differ make the whole difference, since no token lies across their borders."""
    found = only(spawn("compare", "old.md", "new.md", *DAY, "--json", cwd=prompts))

    assert [("Role › Style", 4), ("Role › Language", 5)] == [(one["name"], one["delta"]) for one in found["sections"]]
    assert found["models"][0]["delta"] == sum(one["delta"] for one in found["sections"])


def test_folders(prompts: Path, spawn: Spawn) -> None:
    """Folders are compared by relative path: what is the same is not listed."""
    found = only(spawn("compare", "was", "now", *DAY, "--json", cwd=prompts))

    assert [("now.txt", "added"), ("sub/prompt.md", "changed"), ("was.txt", "removed")] == [
        (one["path"], one["status"]) for one in found["files"]
    ]
    assert {"sub/prompt.md"} == {one["path"] for one in found["sections"]}
    assert found["models"][0]["delta"] == sum(one["delta"] for one in found["files"])


def test_long_folders(prompts: Path, spawn: Spawn) -> None:
    """Folders that are long enough for worker processes are counted in one run; a file may be in two inputs."""
    for folder, text in {"was": "hello world ", "now": "hello there "}.items():
        for number in range(20):
            (prompts / folder / f"{number}.txt").write_text(text * 2000)
    ended = spawn("compare", "was", "now", "now/1.txt", *DAY, "--json", "--no-cache", fresh=True, cwd=prompts)
    inputs = document(ended)["inputs"]

    assert (0, [23, 23, 1]) == (ended.status, [one["files"] for one in inputs])


def test_binary_files(prompts: Path, spawn: Spawn) -> None:
    """Folders are not the same if a file differs that is not counted; it is listed without a number."""
    for folder, end in {"was": b"1", "now": b"2"}.items():
        (prompts / folder / "same.bin").write_bytes(b"\0same")
        (prompts / folder / "data.bin").write_bytes(b"\0" + end)
    found = only(spawn("compare", "was", "now", *DAY, "--include", "*.bin", "--json", cwd=prompts))

    assert (False, [("data.bin", None)]) == (found["same"], [(one["path"], one["delta"]) for one in found["files"]])


def test_a_folder_and_the_current_one(prompts: Path, spawn: Spawn) -> None:
    """A folder is the same however it is written, and . is one."""
    ended = spawn("compare", "../now/", ".", *DAY, cwd=prompts / "now")

    assert ". is the same as ../now/: 28 tokens" == first(ended.stdout)


def test_requests(prompts: Path, spawn: Spawn) -> None:
    """Bodies are counted by the API's rules, and their sections are messages; blanks in JSON change nothing."""
    whole = document(spawn("compare", "one.json", "two.json", *DAY, "--json", cwd=prompts))
    alone = document(spawn("estimate", "two.json", *DAY, "--json", cwd=prompts))

    assert ["request", "request"] == [one["kind"] for one in whole["inputs"]]
    assert alone["models"][0]["input_tokens"] == whole["inputs"][1]["tokens"]
    assert [("message 1 (system)", 2)] == [(one["name"], one["delta"]) for one in whole["compared"][0]["sections"]]
    assert (
        "same as"
        in spawn("compare", "one.json", "-", *DAY, stdin=json.dumps(BODY, indent=4).encode(), cwd=prompts).stdout
    )


def test_a_request_as_text(prompts: Path, spawn: Spawn) -> None:
    """With --kind text a body is text."""
    found = document(spawn("compare", "one.json", "two.json", "--kind", "text", *DAY, "--json", cwd=prompts))

    assert ["text", "text"] == [one["kind"] for one in found["inputs"]]


def test_standard_input(prompts: Path, spawn: Spawn) -> None:
    """What comes through a pipe has sections and lines as a file has."""
    piped = only(spawn("compare", "old.md", "-", *DAY, "--json", stdin=NEW.encode(), cwd=prompts))
    named = only(spawn("compare", "old.md", "new.md", *DAY, "--json", cwd=prompts))

    assert (named["sections"], named["lines"], named["words"]) == (piped["sections"], piped["lines"], piped["words"])


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes in folders")
def test_a_named_pipe(prompts: Path, spawn: Spawn) -> None:
    """A pipe that is named, as a shell's <(…), is read once and compared as a file."""
    os.mkfifo(prompts / "pipe")
    writer = os.fork()
    if writer == 0:
        (prompts / "pipe").write_text(NEW)
        os._exit(0)
    found = only(spawn("compare", "new.md", "pipe", *DAY, "--json", cwd=prompts))
    os.waitpid(writer, 0)

    assert (True, []) == (found["same"], found["lines"])


def test_quiet(prompts: Path, spawn: Spawn) -> None:
    """-q prints the added tokens of every input but the first."""
    assert "9\n0\n" == spawn("compare", "old.md", "new.md", "was/sub/prompt.md", "-q", *DAY, cwd=prompts).stdout


@pytest.mark.parametrize(
    ("by", "heading"),
    [("input", "input"), ("file", "path"), ("section", "section"), ("line", "line"), ("word", "word")],
)
def test_every_table(by: str, heading: str, prompts: Path, spawn: Spawn) -> None:
    """--by chooses the rows, --top how many."""
    rows = spawn("compare", "was", "now", *DAY, "--by", by, "--top", "2", "-f", "csv", cwd=prompts).stdout.splitlines()

    assert (heading, True) == (rows[0].split(",")[-1], 2 <= len(rows) <= 3)


def test_a_lost_input(prompts: Path, spawn: Spawn) -> None:
    """What cannot be counted makes the answer a lower bound, and the status 3."""
    (prompts / "binary").write_bytes(b"\0\1")
    ended = spawn("compare", "old.md", "binary", *DAY, cwd=prompts)

    assert (3, True) == (ended.status, first(ended.stdout).endswith(", as far as could be counted"))
    assert "binary: not counted: binary" in ended.stderr


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["old.md"], "compare takes two or more inputs, found 1"),
        ([], "compare takes two or more inputs, found 0"),
        (["old.md", "new.md", "--kind", "usage"], "--kind usage: 'compare' takes text and requests"),
        (["old.md", "new.md", "--cached-tokens", "5"], "--cached-tokens has no effect"),
        (["-", "-"], "standard input is named twice"),
        (["old.md", "none.md"], "none.md: no such file or directory"),
        (["old.md", "lines.jsonl"], "lines.jsonl holds a request a line"),
        (["old.md", "new.md", "-o", "new.md"], "new.md"),
    ],
)
def test_asked_wrongly(typed: list[str], said: str, prompts: Path, spawn: Spawn) -> None:
    """What cannot be compared is said in a sentence, with status 2 and nothing on standard output."""
    (prompts / "lines.jsonl").write_text(2 * (json.dumps(BODY) + "\n"))
    ended = spawn("compare", *typed, *DAY, cwd=prompts)

    assert (2, "", True) == (ended.status, ended.stdout, said in ended.stderr)


def test_hostile_texts(prompts: Path, spawn: Spawn) -> None:
    """Names, headings, lines and words cannot control a terminal, a table or a comment."""
    evil = "\x1b[2J\u202e</details><script>|`@all"
    (prompts / "evil.md").write_text(f"# {evil}\n\n{evil} word\n\n# =1+1\n\n=cmd|'/c'!A0\n", encoding="utf-8")
    texts = {
        form: spawn("compare", "old.md", "evil.md", *DAY, "-f", form, "--by", "line", cwd=prompts).stdout
        for form in ("plain", "markdown", "csv", "json")
    }

    assert not any(char in text for text in (texts["plain"], texts["markdown"]) for char in "\x1b\u202e")
    assert texts["markdown"].count("</details>") == texts["markdown"].count("<details>")
    assert "\n=cmd" not in texts["csv"]
    assert ",=cmd" not in texts["csv"]
    assert evil in json.loads(texts["json"])["compared"][0]["lines"][0]["text"]


def test_an_estimated_model(prompts: Path, spawn: Spawn) -> None:
    """A model that is counted by a ratio has a range, from the same ratio for both."""
    found = only(spawn("compare", "old.md", "new.md", "--as-of", TODAY, "-m", "gemini-2.5-pro", "--json", cwd=prompts))
    (model,) = found["models"]

    assert ("estimated", True) == (model["exactness"], 0 < model["low"] <= model["delta"] <= model["high"])
