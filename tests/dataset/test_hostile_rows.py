"""Rows as they come: columns of one name, marks of byte order, mixed ends of lines, hostile names, wild numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import TODAY, Spawn

pytest.importorskip("pyarrow")

import pyarrow
import pyarrow.parquet

from gpt41calc.commands.dataset.options import answers_of
from gpt41calc.errors import UsageError

BOM = b"\xef\xbb\xbf"

COUNTED: dict[str, tuple[str, bytes, list[str], int, int]] = {
    "a mark before lines": ("a.txt", BOM + b"hello world\n", [], 1, 2),
    "a mark before a document": ("a.md", BOM + b"hello world", [], 1, 2),
    "a mark before JSON": ("a.jsonl", BOM + b'{"text": "hello world"}\n{"text": "a"}', [], 2, 3),
    "a mark before CSV": ("a.csv", BOM + b"text,id\nhello world,1\n", ["--column", "text"], 1, 2),
    "mixed ends of lines": ("a.txt", b"hello world\r\na\nb", [], 3, 4),
    "mixed ends of objects": ("a.jsonl", b'{"text": "hello world"}\r\n\r\n{"text": "a"}', [], 2, 3),
    "mixed ends of cells": ("a.csv", b'text,id\r\nhello world,1\na,2\r"b",3', ["--column", "text"], 3, 4),
    "twice a column that is not counted": ("a.csv", b"x,x,text\n1,2,hello world\n", ["--column", "text"], 1, 2),
    "no row below the head": ("a.csv", b"text,id\n", ["--column", "text"], 0, 0),
    "braces in the template": ("a.jsonl", b'{"text": "hello world"}', ["--template", "braces.txt"], 1, 5),
}
"""Name and bytes of a file, options, rows and tokens."""


@pytest.mark.parametrize("name", COUNTED)
def test_what_is_odd_is_counted(name: str, spawn: Spawn, tmp_path: Path) -> None:
    """No mark is text, no line is lost."""
    path, raw, words, rows, tokens = COUNTED[name]
    (tmp_path / path).write_bytes(raw)
    (tmp_path / "braces.txt").write_text("{{{text}}} }}")
    ended = spawn("dataset", path, *words, "--json", "--as-of", TODAY)
    found = json.loads(ended.stdout)

    assert 0 == ended.status, ended.stderr
    assert (rows, tokens) == (found["requests"]["value"], found["models"][0]["input_tokens"]["value"])


REFUSED: dict[str, tuple[str, bytes, list[str], str]] = {
    "twice the column": ("a.csv", b"text,text\nhello,world\n", ["--column", "text"], "there are 2 columns 'text'"),
    "twice the only column": ("a.csv", b"text,text\nhello,world\n", [], "there are 2 columns 'text'"),
    "answers of no column": ("a.jsonl", b'{"text": "a"}', ["--output-tokens", "{none}"], "there is no column 'none'"),
    "a template with a column that is not there": (
        "a.jsonl",
        b'{"text": "a"}',
        ["--template", "missing.txt"],
        "there is no column 'no\\x1b[31mne'",
    ),
}
"""Name and bytes of a file, options, and the sentence."""


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_meant_is_said(name: str, spawn: Spawn, tmp_path: Path) -> None:
    """Exit code 2 and a sentence that no terminal obeys."""
    path, raw, words, sentence = REFUSED[name]
    (tmp_path / path).write_bytes(raw)
    (tmp_path / "missing.txt").write_text("{no\x1b[31mne}")
    ended = spawn("dataset", path, *words)

    assert (2, "") == (ended.status, ended.stdout)
    assert sentence in ended.stderr
    assert "\x1b" not in ended.stderr


@pytest.mark.parametrize("answers", [[1, None], [1, -5], [2**62, 2**62]])
def test_answers_that_no_model_gives(answers: list[int | None], spawn: Spawn, tmp_path: Path) -> None:
    """No number, less than none, and more than 64 bits can add up: the part is named, and the exit code is 3."""
    pyarrow.parquet.write_table(pyarrow.table({"text": ["a", "b"], "n": answers}), tmp_path / "a.parquet")
    ended = spawn("dataset", "a.parquet", "--column", "text", "--output-tokens", "{n}", "--json", "--as-of", TODAY)
    found = json.loads(ended.stdout)

    assert (3, 0) == (ended.status, found["models"][0]["modes"][0]["cost"]["value"])
    assert ["a.parquet row group 0"] == [one["path"] for one in found["skipped"]]


def test_answers_of_a_column_without_a_name() -> None:
    """Empty braces are no answers of length 0."""
    with pytest.raises(UsageError, match="names no column"):
        answers_of("{ }")
