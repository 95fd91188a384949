"""``gpt41calc dataset`` as a process: the same numbers from every format, and every fault named."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY, Spawn

pytest.importorskip("pyarrow")

import pyarrow
import pyarrow.parquet
from dataset_rows import ROWS, as_json_lines, write_all, write_parquet
from reference import o200k

ANSWERS = sum(int(row["answer"]) for row in ROWS)


@pytest.fixture(scope="module")
def tokens() -> int:
    """Return the tokens of all rows, as tiktoken counts them."""
    return sum(len(o200k().encode_ordinary(str(row["text"]))) for row in ROWS)


def document(spawn: Spawn, *words: str, status: int = 0, env: dict[str, str] | None = None) -> Any:
    """Return what the command prints with --json."""
    ended = spawn("dataset", *words, "--json", "--as-of", TODAY, env=env)

    assert status == ended.status, ended.stderr
    return json.loads(ended.stdout)


def numbers(found: Any) -> tuple[int, int, float]:
    """Return rows, input tokens and what GPT-4.1 costs."""
    first = found["models"][0]
    return found["requests"]["value"], first["input_tokens"]["value"], first["modes"][0]["cost"]["value"]


def test_every_format_has_the_same_numbers(spawn: Spawn, tmp_path: Path, tokens: int) -> None:
    """Parquet, JSONL and CSV, packed or not: the rows of tiktoken, and the answers of a column."""
    expected = (len(ROWS), tokens, float(round(tokens * 2 + ANSWERS * 8, 0)) / 1e6)
    files = write_all(tmp_path)
    found = {
        path.name: numbers(document(spawn, path.name, "--column", "text", "--output-tokens", "{answer}"))
        for path in files
    }

    assert {path.name: pytest.approx(expected) for path in files} == found


def test_lines_and_documents(spawn: Spawn, tmp_path: Path) -> None:
    """A line of a text is a row; with --rows documents a file is."""
    (tmp_path / "some.txt").write_bytes(b"hello world\r\n\nlast")
    found = [document(spawn, "some.txt", *words)["rows"] for words in ([], ["--rows", "documents"])]

    assert [(3, 1), (1, 0)] == [(rows["read"], rows["empty"]) for rows in found]


def test_a_template_surrounds_every_row(spawn: Spawn, tmp_path: Path) -> None:
    """What the template adds is counted with every row, exactly."""
    write_parquet(tmp_path / "rows.parquet")
    (tmp_path / "label.txt").write_text("Label {{one}}.\n\nText {id}: {text}\nLabel:")
    prompts = [f"Label {{one}}.\n\nText {row['id']}: {row['text']}\nLabel:" for row in ROWS]
    found = document(spawn, "rows.parquet", "--template", "label.txt")

    assert sum(len(o200k().encode_ordinary(prompt)) for prompt in prompts) == numbers(found)[1]


def test_a_fee_is_paid_for_every_row(spawn: Spawn, tmp_path: Path) -> None:
    """What a request costs besides its tokens is in the total."""
    write_parquet(tmp_path / "rows.parquet")
    costs = [numbers(document(spawn, "rows.parquet", "--column", "text", *fee))[2] for fee in ([], ["--fee", "1"])]

    assert pytest.approx(len(ROWS)) == costs[1] - costs[0]


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Return a folder of 240 row groups."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(4):
        write_parquet(folder / f"part-{number}.parquet", ROWS, rows_a_group=5)
    return folder


def test_a_sample_has_bounds_that_hold(spawn: Spawn, many: Path, tokens: int) -> None:
    """--sample says what it read, and the truth lies between its bounds; the seed decides which."""
    words = (str(many), "--column", "text", "--sample", "10%", "--workers", "1")
    found, again, other = (document(spawn, *words, *seed) for seed in ([], [], ["--seed", "7"]))
    estimate = found["models"][0]["input_tokens"]

    assert ("sampled", 95, 240) == (found["exactness"], found["confidence"], found["sample"]["of"])
    assert estimate["low"] <= 4 * tokens <= estimate["high"]
    assert again == found
    assert estimate != other["models"][0]["input_tokens"]


@pytest.mark.parametrize("words", [["--exact"], ["--precision", "1%"], []])
def test_what_is_small_is_counted_whole(spawn: Spawn, many: Path, words: list[str], tokens: int) -> None:
    """Less than 1 GB takes seconds: every row is counted, whatever precision is asked for."""
    found = document(spawn, str(many), "--column", "text", *words)

    assert ("exact", None, 4 * tokens) == (found["exactness"], found["sample"], numbers(found)[1])


def test_the_answer_of_a_sample_says_how_good_it_is(spawn: Spawn, many: Path) -> None:
    """The first line has the interval and what was read."""
    first = spawn("dataset", str(many), "--column", "text", "--sample", "10%", "--workers", "1").stdout.splitlines()[0]

    assert first.startswith("~")
    assert " % (95 %), gpt-4.1 batch ~$" in first
    assert "read of" in first


FAULTS = {
    "an unknown column": (["rows.parquet", "--column", "body"], 2, "there is no column 'body'"),
    "a column that is no text": (["rows.parquet", "--column", "score"], 2, "holds double, no text"),
    "several columns of text": (["two.parquet"], 2, "which column is to be counted? possible: question, context\n"),
    "an answer column of text": (
        ["rows.parquet", "--column", "text", "--output-tokens", "{text}"],
        2,
        "no whole numbers|something else than whole numbers",
    ),
    "no such file": (["nowhere.parquet"], 2, "nowhere.parquet does not exist"),
    "a file of no known kind": (["rows.bin"], 2, "how rows are stored in it is not known"),
    "a scheme that nobody knows": (["ftq://host/rows.parquet"], 2, "ftq://host/rows.parquet"),
    "a template without a column": (["rows.parquet", "--template", "none.txt"], 2, "no column is named"),
    "two ways to sample": (["rows.parquet", "--exact", "--sample", "5%"], 2, "do not go together"),
    "too few pieces": (["rows.parquet", "--column", "text", "--sample", "5%"], 2, "too few for a sample"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_asked_wrongly_is_said(name: str, spawn: Spawn, tmp_path: Path) -> None:
    """Exit code 2, one sentence, and nothing on standard output."""
    table = pyarrow.table({"text": ["one", "two"], "score": [0.5, 1.5]})
    pyarrow.parquet.write_table(table, tmp_path / "rows.parquet")
    pyarrow.parquet.write_table(pyarrow.table({"question": ["q"], "context": ["c"]}), tmp_path / "two.parquet")
    (tmp_path / "rows.bin").write_bytes(b"\x00")
    (tmp_path / "none.txt").write_text("nothing")
    words, status, message = FAULTS[name]
    ended = spawn("dataset", *words)

    assert (status, "") == (ended.status, ended.stdout)
    assert any(one in ended.stderr for one in message.split("|")), ended.stderr


def test_a_missing_extra_is_named(spawn: Spawn, tmp_path: Path) -> None:
    """Without pyarrow the message says what to install."""
    (tmp_path / "rows.txt").write_text("hello")
    (tmp_path / "pyarrow.py").write_text("raise ImportError('not here')")
    ended = spawn("dataset", "rows.txt", env={"PYTHONPATH": str(tmp_path)})

    assert (2, "") == (ended.status, ended.stdout)
    assert "pip install 'gpt41calc[dataset]'" in ended.stderr


def test_rows_without_a_value_are_not_sent(spawn: Spawn, tmp_path: Path) -> None:
    """They are counted apart and are no error."""
    (tmp_path / "rows.jsonl").write_text('{"text": "hello world"}\n{"text": null}\n{"other": 1}\n')
    found = document(spawn, "rows.jsonl", "--column", "text")

    assert (1, 2, 2) == (found["requests"]["value"], found["rows"]["nulls"], numbers(found)[1])


def _cut(raw: bytes) -> bytes:
    return raw[: len(raw) // 2]


def _damaged(raw: bytes) -> bytes:
    at = raw.index(b"Row 120,") + 6
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


@pytest.mark.parametrize("break_", [_cut, _damaged])
def test_what_cannot_be_read_is_named(spawn: Spawn, tmp_path: Path, break_: Any, tokens: int) -> None:
    """A cut file and a flipped bit in a page: exit code 3, the file by name, the others counted, no upper bound."""
    write_parquet(tmp_path / "good.parquet")
    broken = write_parquet(tmp_path / "bad.parquet")
    broken.write_bytes(break_(broken.read_bytes()))
    found = document(spawn, "good.parquet", "bad.parquet", "--column", "text", status=3)

    assert not found["complete"]
    assert found["models"][0]["input_tokens"]["high"] is None
    assert tokens <= numbers(found)[1] < 2 * tokens
    assert "bad.parquet" in found["skipped"][0]["path"]


def test_a_line_that_is_no_object_is_named(spawn: Spawn, tmp_path: Path, tokens: int) -> None:
    """The other lines are counted, and the exit code is 3."""
    (tmp_path / "rows.jsonl").write_bytes(as_json_lines() + b"{broken\n")
    found = document(spawn, "rows.jsonl", "--column", "text", status=3)

    assert (len(ROWS), tokens) == numbers(found)[:2]
    assert 1 == len(found["skipped"])


def test_a_checkpoint_resumes(spawn: Spawn, tmp_path: Path, tokens: int) -> None:
    """What is in the checkpoint is not read again; a cut-off last line is."""
    path = write_parquet(tmp_path / "rows.parquet")
    words = ["rows.parquet", "--column", "text", "--checkpoint", "kept"]
    first = document(spawn, *words)
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"Row", b"row"))  # the same length: only who reads it again sees it
    again = document(spawn, *words)
    (kept,) = (tmp_path / "kept").iterdir()
    kept.write_bytes(kept.read_bytes()[:-20])
    path.write_bytes(raw)
    third = document(spawn, *words)

    assert tokens == numbers(first)[1] == numbers(again)[1] == numbers(third)[1]


@pytest.mark.skipif(sys.platform != "linux", reason="finds the worker in /proc")
def test_a_worker_that_is_killed_loses_nothing(tmp_path: Path, environment: dict[str, str]) -> None:
    """SIGKILL to one of two workers in the middle: the same totals."""
    rows = [{"text": "slow enough to be caught " * 40} for _ in range(6_000)]
    for number in range(16):
        pyarrow.parquet.write_table(
            pyarrow.Table.from_pylist(rows), tmp_path / f"{number:02}.parquet", use_dictionary=False
        )
    command = [sys.executable, "-m", "gpt41calc", "dataset", ".", "--column", "text", "--json", "--workers", "2"]
    started = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)
    killed = _kill_a_worker(started.pid)
    output, _ = started.communicate(timeout=100)
    found = json.loads(output)
    expected = 16 * len(rows) * len(o200k().encode_ordinary(str(rows[0]["text"])))

    assert killed
    assert (0, True, expected) == (started.returncode, found["complete"], numbers(found)[1])


def _kill_a_worker(parent: int) -> bool:
    """Kill the first worker that has begun to count, and say whether there was one."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for entry in Path("/proc").iterdir():
            if not entry.name.isdecimal() or not _is_worker(entry, parent):
                continue
            os.kill(int(entry.name), signal.SIGKILL)
            return True
        time.sleep(0.02)
    return False


def _is_worker(entry: Path, parent: int) -> bool:
    try:
        father = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        # A worker has loaded the vocabulary once it has 100 MB.
        pages = int((entry / "statm").read_text().split()[1])
        return father == parent and b"spawn_main" in (entry / "cmdline").read_bytes() and pages > 100e6 / 4096
    except (OSError, ValueError):
        return False
