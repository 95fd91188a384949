"""Numbers and shares on the command line and in project files, through the program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Spawn


@pytest.fixture(autouse=True)
def prompt(tmp_path: Path) -> None:
    """Put a prompt of 1,000 tokens where the program runs."""
    (tmp_path / "prompt.txt").write_text("word " * 1000, encoding="utf-8")


def document(spawn: Spawn, *arguments: str) -> dict[str, Any]:
    """Return the document of a run."""
    ended = spawn(*arguments, "--json")
    assert 0 == ended.status, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


@pytest.mark.parametrize("written", ["1500", "1.5k", "1.5K", "1_500", "1,500", "1.5e3", "1.5 k"])
def test_one_number_in_many_ways(spawn: Spawn, written: str) -> None:
    """What can mean one number is taken for it."""
    assert 1500 == document(spawn, "estimate", "--output-tokens", written, "prompt.txt")["workload"]["output_tokens"]


def test_two_numbers_in_one_way(spawn: Spawn) -> None:
    """What can mean two numbers is refused, with both ways to write it."""
    ended = spawn("estimate", "--output-tokens", "1.500", "prompt.txt")

    assert 2 == ended.status
    assert "write 1500, 1_500 or 1.5k" in ended.stderr


def test_a_share_of_the_input_is_cached(spawn: Spawn) -> None:
    """A share is of the tokens of each model, and costs what they cost from the cache."""
    found = document(spawn, "estimate", "-m", "gpt-4.1", "--versus", "none", "--cached-tokens", "80%", "prompt.txt")
    tokens = found["inputs"]["tokens"]
    cached = tokens * 8 // 10
    cost = found["models"][0]["cost"]

    assert (cached, 80) == (found["workload"]["cached_tokens"], found["workload"]["cached_percent"])
    assert cached * 0.5 / 10**6 == pytest.approx(cost["cached_input"])
    assert (tokens - cached) * 2 / 10**6 == pytest.approx(cost["input"])


def test_a_share_in_a_project_file(spawn: Spawn, tmp_path: Path) -> None:
    """The project file takes the same."""
    (tmp_path / "gpt41calc.toml").write_text('cached-tokens = "50%"\noutput-tokens = "1e3"\n', encoding="utf-8")
    found = document(spawn, "check", "--max-cost", "$1", "prompt.txt")

    assert {"cached_tokens": None, "cached_percent": 50, "output_tokens": 1000, "tier": "standard"} == found["workload"]


def test_more_than_all(spawn: Spawn) -> None:
    """More than the whole input cannot be cached."""
    ended = spawn("estimate", "--cached-tokens", "101%", "prompt.txt")

    assert 2 == ended.status
    assert "expected a share from 0 to 100 %, found 101 %" in ended.stderr


def test_a_share_of_the_window_is_another_limit(spawn: Spawn) -> None:
    """Whoever means a share of the window learns its option."""
    ended = spawn("check", "--token-budget", "50%", "prompt.txt")

    assert 2 == ended.status
    assert "--max-context 50%" in ended.stderr
