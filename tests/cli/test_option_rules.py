"""An option that has no effect is an error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Spawn


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    """Put a prompt and a log where the program runs."""
    (tmp_path / "prompt.txt").write_text("Say hello.", encoding="utf-8")
    answer = {"model": "gpt-4.1", "usage": {"prompt_tokens": 1000, "completion_tokens": 100}}
    (tmp_path / "log.jsonl").write_text(json.dumps(answer), encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["log", "--pricing", "own.toml"], "--pricing has no effect without --model"),
        (["count", "--alias", "x=gpt-4.1", "prompt.txt"], "--alias has no effect without --model"),
        (["log", "--alias", "x=gpt-4.1"], "--alias has no effect without --model"),
        (["recommend", "--task", "chat", "--alias", "x=gpt-4.1", "prompt.txt"], "--alias has no effect"),
        (["log", "--as-of", "2026-01-01"], "no such option: --as-of"),
        (["usage", "--output-tokens", "500", "log.jsonl"], "--output-tokens has no effect without --input"),
        (["estimate", "--api-limit", "5", "prompt.txt"], "--api-limit has no effect without --count-with"),
        (["models", "--retiring", "90d", "--top", "3"], "--top has no effect"),
        (["models", "--retiring", "90d", "--sort", "name"], "--sort has no effect"),
        (["diff", "--cached-tokens", "5"], "--cached-tokens has no effect"),
        (
            ["check", "--token-budget", "9", "--against", "HEAD", "prompt.txt"],
            "--against has no effect without --max-increase",
        ),
        (["estimate", "--raw-csv", "prompt.txt"], "--raw-csv has no effect without --format csv"),
        (["estimate", "--kind", "request", "."], "--kind request has no effect: what is found in folders is text"),
        (["estimate", "--reasoning-tokens", "5", "prompt.txt"], "--reasoning-tokens only goes with --migrate"),
        (["estimate", "-0", "prompt.txt"], "-0 only goes with --files-from"),
        (["models", "--fail"], "--fail only goes with --retiring"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_option_without_effect(spawn: Spawn, words: list[str], message: str) -> None:
    """What would be ignored is refused before anything is counted."""
    ended = spawn(*words)

    assert (2, "") == (ended.status, ended.stdout)
    assert f"gpt41calc: error: {message}" in ended.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["count", "-m", "x", "--alias", "x=gpt-4.1", "prompt.txt"],
        ["estimate", "-f", "csv", "--raw-csv", "prompt.txt"],
        ["estimate", "-o", "report.csv", "--raw-csv", "prompt.txt"],
        ["check", "--token-budget", "9", "--report", "csv:report.csv", "--raw-csv", "prompt.txt"],
        ["estimate", "--kind", "text", "prompt.txt", "."],
    ],
    ids=" ".join,
)
def test_the_same_options_with_their_effect(spawn: Spawn, words: list[str]) -> None:
    """Beside what they need they are taken."""
    ended = spawn(*words)

    assert 0 == ended.status, ended.stderr


def test_what_is_configured_may_be_without_effect(spawn: Spawn) -> None:
    """An environment or a project file is for many commands."""
    ended = spawn("count", "-q", "prompt.txt", env={"GPT41CALC_ALIAS": "x=gpt-4.1", "GPT41CALC_RAW_CSV": "1"})

    assert (0, "3\n") == (ended.status, ended.stdout), ended.stderr
