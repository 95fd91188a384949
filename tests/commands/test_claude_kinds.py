"""Claude without its tokenizer, through real processes: every command estimates a text by the kind of text it is."""

from __future__ import annotations

import json
import os
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from conftest import Spawn
from scratch import Scratch

HINDI = "यह एक हिन्दी वाक्य है और यह दूसरा वाक्य है। मौसम आज बहुत अच्छा है। " * 60
CLAUDE_3_TOKENS = 2881
"""As ctok counts it; 1,261 tokens of o200k_base, so that a range of 1.02 to 1.50 would end at 1,892."""

ENGLISH = "It is the first of the two reports, and the longer one. " * 80
ENGLISH_TOKENS = 1121

MODEL = ("-m", "claude-3-7-sonnet")


@pytest.fixture
def by_kind(environment: dict[str, str]) -> dict[str, str]:
    """Return an environment in which ctok is not used."""
    return {**environment, "GPT41CALC_CLAUDE": "ratio"}


@pytest.fixture
def repository(scratch: Scratch) -> Scratch:
    """Return a repository in which a text in Hindi was added to one in English."""
    scratch.commit("first", **{"en.txt": ENGLISH.encode()})
    scratch.commit("second", **{"hi.txt": HINDI.encode()})
    return scratch


def body() -> dict[str, Any]:
    """Return a Messages body that asks in Hindi."""
    return {"model": "claude-3-7-sonnet", "max_tokens": 100, "messages": [{"role": "user", "content": HINDI}]}


def holds(low: int, high: int) -> bool:
    """Say whether a range holds what Claude counts and is narrower than that of all kinds of text together."""
    return low <= CLAUDE_3_TOKENS <= high and high - low < CLAUDE_3_TOKENS * (2.45 - 1)


@pytest.mark.parametrize("form", ["file", "pipe", "string", "body", "piped body"])
def test_estimate(spawn: Spawn, by_kind: dict[str, str], tmp_path: Path, form: str) -> None:
    """A file, a pipe, an argument and a request body have one range, and it holds."""
    given = json.dumps(body()) if "body" in form else HINDI
    (tmp_path / "input").write_text(given, "utf-8")
    words = {"file": ["input"], "body": ["input"], "string": ["--string", HINDI]}.get(form, ["-"])
    stdin = given.encode() if "pipe" in form else None
    ended = spawn("estimate", *words, *MODEL, "--json", cwd=tmp_path, env=by_kind, stdin=stdin)
    (model,) = (one for one in json.loads(ended.stdout)["models"] if one["role"] == "variant")

    assert "estimated" == model["exactness"]
    assert holds(model["low"], model["high"])


def test_diff_says_the_range(spawn: Spawn, by_kind: dict[str, str], repository: Scratch) -> None:
    """The first line has the model's own tokens and their range, and so has the sentence on the model."""
    ended = spawn("diff", "HEAD~1", "HEAD", *MODEL, cwd=repository.root, env=by_kind)

    assert ended.stdout.startswith("~+1,892 (+1,450 to +3,090) tokens in 1 changed file, ~+$0.0057 a request: HEAD~1 (")
    assert "claude-3-7-sonnet: 0 to ~1,892 (1,450 to 3,090) tokens (~+1,892 (+1,450 to +3,090))" in ended.stdout


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe(spawn: Spawn, by_kind: dict[str, str], tmp_path: Path) -> None:
    """It is not opened again to see what it held, which nobody would write to: its range is that of all kinds."""
    os.mkfifo(tmp_path / "pipe")
    writer = Thread(target=(tmp_path / "pipe").write_text, args=(HINDI, "utf-8"), daemon=True)
    writer.start()
    ended = spawn("estimate", "pipe", *MODEL, "--json", cwd=tmp_path, env=by_kind)
    (model,) = (one for one in json.loads(ended.stdout)["models"] if one["role"] == "variant")

    assert model["low"] <= CLAUDE_3_TOKENS <= model["high"]


@pytest.mark.parametrize("is_cached", [False, True])
def test_diff(spawn: Spawn, by_kind: dict[str, str], repository: Scratch, *, is_cached: bool) -> None:
    """What a commit adds is estimated by the texts that it changes, whether or not their counts are remembered."""
    words = ("diff", "HEAD~1", "HEAD", *MODEL, "--json")
    for _ in range(2 if is_cached else 1):
        ended = spawn(*words, cwd=repository.root, env=by_kind)
    (model,) = json.loads(ended.stdout)["models"]

    assert holds(model["low"], model["high"])


def test_diff_of_the_work_tree(spawn: Spawn, by_kind: dict[str, str], repository: Scratch) -> None:
    """What is not committed is looked at, too."""
    repository.write("new.txt", HINDI.encode())
    repository.git("add", "-N", "new.txt")
    ended = spawn("diff", "HEAD", *MODEL, "--json", cwd=repository.root, env=by_kind)
    (model,) = json.loads(ended.stdout)["models"]

    assert holds(model["low"], model["high"])


def test_log(spawn: Spawn, by_kind: dict[str, str], repository: Scratch) -> None:
    """The range holds for every commit: for English alone, and for Hindi beside it."""
    ended = spawn("log", *MODEL, "--json", cwd=repository.root, env=by_kind)
    first, second = json.loads(ended.stdout)["commits"]

    assert first["low"] <= ENGLISH_TOKENS <= first["high"]
    assert second["low"] <= ENGLISH_TOKENS + CLAUDE_3_TOKENS <= second["high"]


@pytest.mark.parametrize("form", ["text", "pipe", "requests"])
def test_preflight(spawn: Spawn, by_kind: dict[str, str], tmp_path: Path, form: str) -> None:
    """What is held against the limits of the API is no less than Claude counts."""
    line = json.dumps({"custom_id": "1", "params": body()})
    (tmp_path / "text.txt").write_text(HINDI, "utf-8")
    (tmp_path / "requests.jsonl").write_text(line + "\n", "utf-8")
    words = {"text": ["text.txt"], "pipe": ["-"], "requests": ["requests.jsonl"]}[form]
    stdin = HINDI.encode() if form == "pipe" else None
    ended = spawn("preflight", *words, *MODEL, "--usage-tier", "1", "--json", cwd=tmp_path, env=by_kind, stdin=stdin)
    (model,) = json.loads(ended.stdout)["models"]

    assert CLAUDE_3_TOKENS <= model["input_tokens"]
