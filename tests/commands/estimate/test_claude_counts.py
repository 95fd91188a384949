"""Claude's tokens in an estimate: counted in full, by a sample of the input, or by a ratio."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Outcome, Spawn

Estimate = Callable[..., dict[str, Any]]


@pytest.fixture
def claude(spawn: Spawn, environment: dict[str, str]) -> Estimate:
    """Return what an estimate says of Claude 3.7 where ctok counts."""
    pytest.importorskip("ctok", reason="ctok needs Python 3.12")

    def estimate(*arguments: str, cwd: Path) -> dict[str, Any]:
        given = {**environment, "GPT41CALC_CLAUDE": ""}
        found: Outcome = spawn("estimate", *arguments, "--json", cwd=cwd, env=given)
        document = json.loads(found.stdout)
        (model,) = (model for model in document["models"] if model["id"] == "claude-3-7-sonnet")
        (saving,) = (
            saving
            for saving in document["savings"]
            if (saving["model"], saving["versus"]) == ("gpt-4.1", "claude-3-7-sonnet")
        )
        return {**model, "saving": saving}

    return estimate


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """Return a folder with more than a megabyte of code."""
    lines = [f"def function_{number}(value: int) -> str: return str(value + {number})\n" for number in range(4000)]
    for number in range(5):
        (tmp_path / f"{number}.py").write_text("".join(lines[number:]), "utf-8")
    return tmp_path


def test_a_short_text_is_counted(claude: Estimate, tmp_path: Path) -> None:
    """Text that is counted by the reconstructed tokenizer is one number, and so is what is saved."""
    (tmp_path / "prompt.txt").write_text("Will it rain?\n", "utf-8")
    found = claude("prompt.txt", cwd=tmp_path)

    assert ("reconstructed", 4) == (found["exactness"], found["input_tokens"])
    assert "low" not in found
    assert "reconstructed" == found["saving"]["exactness"]
    assert "low" not in found["saving"]


def test_a_long_text_is_sampled(claude: Estimate, long: Path) -> None:
    """More than a megabyte is counted by a sample, whose interval holds; a second run and one without a cache agree."""
    sampled, again = claude(".", cwd=long), claude(".", cwd=long)
    uncached, full = claude(".", "--no-cache", cwd=long), claude(".", "--full", cwd=long)

    assert ("sampled", "reconstructed") == (sampled["exactness"], full["exactness"])
    assert sampled["low"] <= full["input_tokens"] <= sampled["high"]
    assert sampled["low"] < sampled["input_tokens"] < sampled["high"]
    assert sampled == again == uncached


def test_what_is_piped_in_is_counted(spawn: Spawn, environment: dict[str, str]) -> None:
    """Standard input is counted as a file is."""
    pytest.importorskip("ctok", reason="ctok needs Python 3.12")
    given = {**environment, "GPT41CALC_CLAUDE": ""}
    found = spawn("estimate", "-", "-m", "claude-3-7-sonnet", "--json", stdin=b"Will it rain?\n", env=given)

    assert 4 == json.loads(found.stdout)["models"][0]["input_tokens"]


def test_a_long_pipe_is_not_counted_in_full(spawn: Spawn, environment: dict[str, str]) -> None:
    """More than a megabyte that is piped in is estimated: it cannot be read twice to draw a sample."""
    pytest.importorskip("ctok", reason="ctok needs Python 3.12")
    given = {**environment, "GPT41CALC_CLAUDE": ""}
    found = spawn("estimate", "-m", "claude-3-7-sonnet", "--json", stdin=b"Will it rain?\n" * 100_000, env=given)
    (model, *_) = json.loads(found.stdout)["models"]

    assert "estimated" == model["exactness"]
    assert 400_000 < model["low"] < model["input_tokens"] < model["high"]


def test_by_kind_where_it_is_not_installed(spawn: Spawn, tmp_path: Path) -> None:
    """Without ctok, code and Chinese have ratios of their own."""
    (tmp_path / "code.py").write_text("for (i = 0; i < n; i++) { x[i] = y[i]; }\n" * 50, "utf-8")
    (tmp_path / "text.md").write_text("明天会下雨吗？我不知道，也许会吧。\n" * 50, "utf-8")
    ratios = []
    for name in ("code.py", "text.md"):
        found = spawn("estimate", name, "--json", cwd=tmp_path)
        (model,) = (model for model in json.loads(found.stdout)["models"] if model["id"] == "claude-3-7-sonnet")
        assert "estimated" == model["exactness"]
        ratios.append(round(model["input_tokens"] / json.loads(found.stdout)["inputs"]["tokens"], 2))

    assert [1.24, 1.35] == ratios
