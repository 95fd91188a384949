"""``python -m benchmarks.accuracy`` holds anybody's recorded calls against their bills."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.accuracy import main

GREETING = {"model": "gpt-4.1", "messages": [{"role": "user", "content": "Say hello."}]}
CALLS: list[dict[str, Any]] = [
    {"id": "a", "request": GREETING, "usage": {"prompt_tokens": 10}},
    {"id": "b", "request": GREETING, "actual": 12},
    {"id": "c", "request": {**GREETING, "model": "nobody-1"}, "actual": 10, "kind": "other"},
]


def written(path: Path, calls: list[dict[str, Any]]) -> str:
    """Write calls, one a line."""
    text = "".join(json.dumps(call) + "\n" for call in calls)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", ["pairs.jsonl", "pairs.jsonl.gz"])
def test_the_table_has_a_row_for_every_kind(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every kind is a row, all of them are the last, and what was not counted has its reason."""
    status = main([written(tmp_path / name, CALLS), "--worst", "1"])
    lines = capsys.readouterr().out.splitlines()

    assert status == 0
    assert [line.split("  ")[0].strip() for line in lines[:4]] == ["kind", "chat: text", "other", "all"]
    assert lines[4] == "not counted 1: unknown model "
    assert lines[5] == "  b  chat: text: billed 12, off -2, 10 to 10"


def test_too_few_exact_fail_if_asked(tmp_path: Path) -> None:
    """With --min, the status is 1 if fewer percent of all calls are exact."""
    pairs = written(tmp_path / "pairs.jsonl", CALLS)

    assert main([pairs, "--min", "30"]) == 0
    assert main([pairs, "--min", "40"]) == 1


def test_a_line_that_is_no_call_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line without a request, or without billed tokens, ends it with its number."""
    assert main([written(tmp_path / "pairs.jsonl", [{"request": GREETING}])]) == 2
    assert "line 1: neither actual nor a usage" in capsys.readouterr().err
