"""Rows that are requests: counted as ``batch`` counts the same requests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY, Spawn

pytest.importorskip("pyarrow")

import pyarrow
import pyarrow.parquet

CALL = {"id": "call_1", "type": "function", "function": {"name": "look_up", "arguments": '{"word": "Öl"}'}}

MESSAGES: list[list[dict[str, Any]]] = [
    [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Say hello, データ."}],
    [{"role": "user", "content": "look " * 900, "name": "Ann"}],
    [
        {"role": "user", "content": "What is Öl?"},
        {"role": "assistant", "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "call_1", "content": "oil"},
    ],
]


@pytest.fixture
def files(tmp_path: Path) -> list[tuple[str, ...]]:
    """Return the same requests as nested Parquet, as lists in lines, as JSON in Parquet: words for each."""
    texts = [json.dumps(each) for each in MESSAGES]
    rows = [{"id": number, "chat": each} for number, each in enumerate(MESSAGES)]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "nested.parquet")
    pyarrow.parquet.write_table(pyarrow.table({"chat": texts}), tmp_path / "json.parquet")
    (tmp_path / "lists.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "batch.jsonl").write_text(
        "".join(
            json.dumps(
                {
                    "custom_id": f"r{number}",
                    "method": "POST",
                    "url": "/v1/chat/completions",
                    "body": {"model": "gpt-4.1", "messages": each},
                }
            )
            + "\n"
            for number, each in enumerate(MESSAGES)
        )
    )
    return [("nested.parquet",), ("lists.jsonl",), ("json.parquet", "--messages")]


def test_messages_cost_what_batch_says(spawn: Spawn, files: list[tuple[str, ...]]) -> None:
    """Every way to store them, every model, comparators included: the same tokens and dollars."""
    same = ("--output-tokens", "100", "--as-of", TODAY, "--json")
    batch = json.loads(spawn("batch", "batch.jsonl", *same).stdout)
    (model,) = batch["models"]
    expected = {
        offer["model"]: next(way["total"] for way in offer["ways"] if way["way"] == "batch")
        for offer in model["offers"]
    }
    found = []
    for words in files:
        ended = spawn("dataset", *words, "--column", "chat", *same)
        assert 0 == ended.status, ended.stderr
        found.append(json.loads(ended.stdout))

    assert ["requests"] * 3 == [one["counted_as"] for one in found]
    assert [model["input_tokens"]["total"]] * 3 == [one["models"][0]["input_tokens"]["value"] for one in found]
    assert ["modelled"] * 3 == [one["models"][0]["exactness"] for one in found]
    for one in found:
        costs = {each["id"]: each["modes"][2]["cost"]["value"] for each in one["models"]}
        assert expected == {name: pytest.approx(cost) for name, cost in costs.items()}


def test_a_row_that_is_no_request_is_named(spawn: Spawn, tmp_path: Path) -> None:
    """The others are counted, and the exit code is 3."""
    good = json.dumps(MESSAGES[0])
    pyarrow.parquet.write_table(pyarrow.table({"chat": [good, "no JSON", None, "[]", good]}), tmp_path / "a.parquet")
    ended = spawn("dataset", "a.parquet", "--messages", "--json", "--as-of", TODAY)
    found = json.loads(ended.stdout)

    assert 3 == ended.status
    assert (2, 1) == (found["rows"]["read"], found["rows"]["nulls"])
    assert ["a.parquet row group 0, row 2", "a.parquet row group 0, row 4"] == [one["path"] for one in found["skipped"]]


def test_messages_go_into_no_template(spawn: Spawn, files: list[tuple[str, ...]], tmp_path: Path) -> None:
    """What is around them is known already."""
    (tmp_path / "label.txt").write_text("Label: {chat}")
    ended = spawn("dataset", *files[0], "--template", "label.txt")

    assert 2 == ended.status
    assert "holds messages" in ended.stderr
