"""What the tables and the first line of ``dataset`` show of numbers that are estimates."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import TODAY, Spawn

pytest.importorskip("pyarrow")

import pyarrow
import pyarrow.parquet
from dataset_rows import ROWS, as_json_lines, write_parquet

RATIO = {"GPT41CALC_CLAUDE": "ratio"}


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Return a file of all rows."""
    path = tmp_path / "rows.jsonl"
    path.write_bytes(as_json_lines())
    return path


def cells(printed: str, model: str) -> list[str]:
    """Return the cells of a model in a table of plain text."""
    line = next(line for line in printed.splitlines() if line.startswith(f"{model} "))
    return re.split(r" {2,}", line)[1:]


def test_the_range_of_a_ratio_is_no_interval(spawn: Spawn, rows: Path) -> None:
    """The first line and a note have it from low to high, without the confidence of a sample."""
    words = ("dataset", rows.name, "--column", "text", "--exact", "-m", "claude-3-7-sonnet", "--as-of", TODAY)
    printed = spawn(*words, env=RATIO).stdout
    tokens = json.loads(spawn(*words, "--json", env=RATIO).stdout)["models"][0]["input_tokens"]

    assert re.match(r"~\d+\.\d+ k tokens \(\d+\.\d+ k to \d+\.\d+ k\), claude-3-7-sonnet batch ", printed)
    assert "(95 %)" not in printed
    assert f"~ Claude 3.7 Sonnet: {tokens['low']:,} to {tokens['high']:,} tokens, estimated" in printed


def test_estimates_are_marked_in_the_table(spawn: Spawn, rows: Path) -> None:
    """Tokens and dollars of a ratio have a tilde, those that were counted have none."""
    printed = spawn("dataset", rows.name, "--column", "text", "--as-of", TODAY, env=RATIO).stdout
    marked = {model: {cell[0] for cell in cells(printed, model)} for model in ("gpt-4o", "claude-3-7-sonnet")}

    assert {"~", "–"} == marked["claude-3-7-sonnet"]
    assert "~" not in marked["gpt-4o"]


def test_what_a_sample_says_is_marked_in_the_table(spawn: Spawn, tmp_path: Path) -> None:
    """Tokens and dollars of a sample have a tilde."""
    for number in range(4):
        write_parquet(tmp_path / f"part-{number}.parquet", ROWS, rows_a_group=5)
    words = ("dataset", ".", "--column", "text", "--sample", "10%", "--workers", "1", "--as-of", TODAY)
    printed = spawn(*words, env=RATIO).stdout

    assert {"~", "–"} == {cell[0] for cell in cells(printed, "gpt-4.1")}


def test_a_model_that_is_asked_about_is_no_comparator(spawn: Spawn, rows: Path) -> None:
    """It has one row, though it is among the models of the default comparison."""
    printed = spawn("dataset", rows.name, "--column", "text", "-m", "gpt-4o", "--json", "--as-of", TODAY).stdout
    names = [model["id"] for model in json.loads(printed)["models"]]

    assert sorted(set(names)) == sorted(names)


def test_dollars_stand_at_the_right(spawn: Spawn, rows: Path) -> None:
    """So does a column in which no model has a price."""
    printed = spawn("dataset", rows.name, "--column", "text", "-f", "markdown", "--as-of", TODAY).stdout

    assert "| Model | Tokens | One by one | Cached | Batch | Flex | Priority |" in printed
    assert "| --- | ---: | ---: | ---: | ---: | ---: | ---: |" in printed


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), 0),
        (("--exact",), 0),
        (("--precision", "1%"), 1),
        (("--max-read", "1M"), 1),
    ],
)
def test_what_is_counted_whole_though_a_sample_was_asked_for(
    spawn: Spawn, rows: Path, words: tuple[str, ...], expected: int
) -> None:
    """A note says so, and why."""
    printed = spawn("dataset", rows.name, "--column", "text", *words, "--as-of", TODAY).stdout

    assert expected == printed.splitlines().count("no sample: every row was counted, as it has no more than 1.0 GB")


EMPTY = {
    "a file of 0 bytes": ("rows.csv", b""),
    "a header alone": ("rows.csv", b"text,id\n"),
    "no row": ("rows.parquet", None),
}


@pytest.mark.parametrize("name", EMPTY)
@pytest.mark.parametrize("words", [(), ("--exact",)])
def test_a_dataset_without_rows(name: str, words: tuple[str, ...], spawn: Spawn, tmp_path: Path) -> None:
    """It costs nothing, whatever its kind is: a warning, and no table of zeros."""
    path, raw = EMPTY[name]
    if raw is None:
        pyarrow.parquet.write_table(pyarrow.table({"text": pyarrow.array([], pyarrow.string())}), tmp_path / path)
    else:
        (tmp_path / path).write_bytes(raw)
    ended = spawn("dataset", path, "--column", "text", *words, "--as-of", TODAY)

    assert 0 == ended.status
    assert ended.stdout.startswith("0 tokens, gpt-4.1 one by one $0 for 0 requests\n")
    assert "Model" not in ended.stdout
    assert "Tokens of a row" not in ended.stdout
    assert "gpt41calc: warning: no row to price\ngpt41calc: hint: " in ended.stderr
    assert "|" not in spawn("dataset", path, "--column", "text", "-f", "markdown").stdout


def test_a_sample_of_nothing(spawn: Spawn, tmp_path: Path) -> None:
    """Of a file of 0 bytes there is nothing to draw, and nothing to complain about."""
    (tmp_path / "rows.jsonl").write_bytes(b"")

    assert 0 == spawn("dataset", "rows.jsonl", "--sample", "5%").status


def test_what_numbers_rest_on_is_explained(spawn: Spawn, rows: Path) -> None:
    """--explain adds ratios, prices with their day and sources, and ends of models, each once."""
    words = ("dataset", rows.name, "--column", "text", "-m", "gpt-4.1", "--as-of", TODAY)
    short, long = (spawn(*words, *more, env=RATIO).stdout.splitlines() for more in ([], ["--explain"]))
    added = [line for line in long if line not in short]

    assert any(line.startswith("~ Claude 3.7 Sonnet: its tokenizer is not public; estimated as ") for line in added)
    assert any(line.startswith("GPT-4.1: prices since 2025-04-14 (") for line in added)
    assert any(line.startswith("MP: ") for line in added)
    assert sorted(set(added)) == sorted(added)
