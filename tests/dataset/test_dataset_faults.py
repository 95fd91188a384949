"""What goes wrong with datasets: nothing is lost, nothing is silent."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from conftest import TODAY, Spawn

pytest.importorskip("pyarrow")

import pyarrow
import pyarrow.parquet
from dataset_rows import PoisonedJob, as_json_lines
from serving import serving

from gpt41calc.dataset.engines.local import LocalEngine
from gpt41calc.dataset.files import DataFile, find_files
from gpt41calc.dataset.job import Counted, Job, Lost
from gpt41calc.dataset.measure import Aim, measure
from gpt41calc.dataset.units import Part, Unit, divide, largest_undivided
from gpt41calc.errors import UsageError


@pytest.mark.exhaustive
def test_a_unit_that_kills_its_worker_is_given_up(tmp_path: Path) -> None:
    """After some tries it is named as lost; all others are counted, each once."""
    for name in ("a", "b", "poison", "c"):
        (tmp_path / f"{name}.jsonl").write_bytes(as_json_lines())
    units = [Unit((Part(file, size=file.size),)) for file in find_files([str(tmp_path)])]
    job = PoisonedJob(column="text", poison="poison.jsonl")
    found = list(LocalEngine(2).run(job, units))
    lost = [one for one in found if isinstance(one, Lost)]
    whole = Job(column="text").count(units[0])

    assert isinstance(whole, Counted)
    assert [str(tmp_path / "poison.jsonl")] == [reason.path for one in lost for reason in one.reasons]
    assert "its worker was ended each time" in lost[0].reasons[0].reason
    assert [whole.tallies["o200k_base"].tokens] * 3 == [
        one.tallies["o200k_base"].tokens for one in found if isinstance(one, Counted)
    ]


class _OldEngine:
    """A cluster on which an older gpt41calc is installed."""

    def run(self, job: Job, units: Sequence[Unit]) -> Iterator[Counted | Lost]:
        for unit in units:
            counted = job.count(unit)
            assert isinstance(counted, Counted)
            yield Counted(unit.key, counted.tallies, version="0.0.1")


def test_workers_of_another_version_are_refused(tmp_path: Path) -> None:
    """Their counts may differ: exit code 2 with both versions, instead of a sum of two kinds."""
    (tmp_path / "a.jsonl").write_bytes(as_json_lines())
    parts = [Part(file, size=file.size) for file in find_files([str(tmp_path)])]

    with pytest.raises(UsageError, match=r"a worker has gpt41calc 0\.0\.1, this is"):
        measure(parts, Job(column="text"), _OldEngine(), Aim(mode="exact"))


class _MixedEngine:
    """A cluster whose workers have another vocabulary each."""

    def run(self, job: Job, units: Sequence[Unit]) -> Iterator[Counted | Lost]:
        for unit in units:
            counted = job.count(unit)
            assert isinstance(counted, Counted)
            yield Counted(unit.key, counted.tallies, vocabularies={"gemma": f"gemma:{unit.key}"})


def test_workers_with_other_vocabularies_are_refused(tmp_path: Path) -> None:
    """Their sum would be of two kinds of tokens."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.jsonl").write_bytes(as_json_lines())
    parts = [Part(file, size=20 << 20) for file in find_files([str(tmp_path)])]

    with pytest.raises(UsageError, match="workers count with gemma:"):
        measure(parts, Job(column="text"), _MixedEngine(), Aim(mode="exact"))


@pytest.mark.parametrize(("engine", "module"), [("spark", "pyspark"), ("ray", "ray")])
def test_an_engine_that_is_not_installed(engine: str, module: str, spawn: Spawn, tmp_path: Path) -> None:
    """Exit code 2, and the extra by name."""
    (tmp_path / "rows.txt").write_text("hello")
    (tmp_path / f"{module}.py").write_text("raise ImportError\n")
    ended = spawn("dataset", "rows.txt", "--engine", engine, env={"PYTHONPATH": str(tmp_path)})

    assert (2, "") == (ended.status, ended.stdout)
    assert f"pip install 'gpt41calc[{engine}]'" in ended.stderr


@pytest.mark.parametrize("kind", ["jsonl", "txt", "csv", "parquet"])
@pytest.mark.parametrize("change", [-100, 100])
def test_a_file_that_changes_is_named(kind: str, change: int, tmp_path: Path) -> None:
    """Cut or appended to after it was divided: it is not counted in part without a word."""
    path = tmp_path / f"rows.{kind}"
    if kind == "parquet":
        pyarrow.parquet.write_table(pyarrow.table({"text": ["hello"] * 1000}), path)
    else:
        path.write_bytes(b"text\n" + b'{"text": "hello world"}\n' * 200_000)
    parts = [part for part in divide(find_files([str(path)]), ["text"]) if isinstance(part, Part)]
    raw = path.read_bytes()
    path.write_bytes(raw + b"\n" * change if change > 0 else raw[:change])
    found = measure(parts, Job(column="text"), LocalEngine(1), Aim(mode="exact"))

    assert not found.counted
    assert {f"it has changed: {len(raw) + change:,} bytes, {len(raw):,} when it was listed"} == {
        one.reason for one in found.skipped
    }


@pytest.mark.exhaustive
def test_an_interrupted_run_goes_on(spawn: Spawn, tmp_path: Path, environment: dict[str, str]) -> None:
    """Ctrl-C: exit code 130; with --checkpoint the next run reads only what is left, and has the same totals."""
    rows = [{"text": f"row {number} " + "word " * (number % 900)} for number in range(3000)]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "rows.parquet", row_group_size=10)
    words = ["dataset", "rows.parquet", "--sample", "99%", "--workers", "2", "--json", "--as-of", TODAY]
    kept = tmp_path / "kept"
    process = subprocess.Popen(
        [sys.executable, "-m", "gpt41calc", *words, "--checkpoint", "kept"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until and not _lines(kept):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, problems = process.communicate(timeout=60)
    before = _lines(kept)
    resumed = spawn(*words, "--checkpoint", "kept")
    alone = spawn(*words)

    assert 130 == process.returncode, problems
    assert b"Traceback" not in problems
    assert 0 < len(before) < len(_lines(kept))
    assert before == _lines(kept)[: len(before)]
    assert json.loads(alone.stdout) == json.loads(resumed.stdout)


def _lines(folder: Path) -> list[bytes]:
    """Return the whole lines of a checkpoint."""
    found = list(folder.glob("*.jsonl")) if folder.exists() else []
    return [line for path in found for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]


def test_columns_that_differ_between_files_are_named(spawn: Spawn, tmp_path: Path) -> None:
    """A column that is missing or no text in one of them: exit code 2, and the file."""
    pyarrow.parquet.write_table(pyarrow.table({"text": ["a"]}), tmp_path / "a.parquet")
    pyarrow.parquet.write_table(pyarrow.table({"body": ["b"]}), tmp_path / "b.parquet")
    pyarrow.parquet.write_table(pyarrow.table({"text": [1.5]}), tmp_path / "c.parquet")
    unnamed = spawn("dataset", "a.parquet", "b.parquet")
    missing = spawn("dataset", "a.parquet", "b.parquet", "--column", "text")
    no_text = spawn("dataset", "a.parquet", "c.parquet", "--column", "text")

    assert [2, 2, 2] == [ended.status for ended in (unnamed, missing, no_text)]
    assert "the text is in 'text' of a.parquet and in 'body' of b.parquet" in unnamed.stderr
    assert "b.parquet: there is no column 'text'" in missing.stderr
    assert "c.parquet: the column 'text' holds double, no text" in no_text.stderr


class _Denied(BaseHTTPRequestHandler):
    """A store that refuses everybody."""

    def do_GET(self) -> None:
        body = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
        self.send_response(403)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - the name of the base class

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""


def test_a_denied_bucket_shows_no_credential(spawn: Spawn) -> None:
    """Exit code 2 with the address and the store's own word."""
    with serving(_Denied) as host:
        address = f"s3://AKIDENTIFIER:verysecret@rows/a.jsonl?scheme=http&endpoint_override={host.replace(':', '%3A')}"
        ended = spawn("dataset", address)

    assert 2 == ended.status
    assert "s3://rows/a.jsonl" in ended.stderr
    assert "ACCESS_DENIED" in ended.stderr.replace(" ", "_").upper()
    assert not any(secret in ended.stderr for secret in ("AKIDENTIFIER", "verysecret"))


def test_a_sample_with_holes_has_no_interval(spawn: Spawn, tmp_path: Path) -> None:
    """Sampled and incomplete: exit code 3, no upper bound, the file by name."""
    for number in range(30):
        path = tmp_path / f"{number:02}.jsonl.gz"
        path.write_bytes(b"no gzip" if number == 3 else gzip.compress(as_json_lines()))
    ended = spawn("dataset", ".", "--column", "text", "--sample", "99%", "--workers", "1", "--json", "--as-of", TODAY)
    found = json.loads(ended.stdout)

    assert 3 == ended.status
    assert (False, None) == (found["complete"], found["requests"]["high"])
    assert ["03.jsonl.gz"] == [os.path.basename(one["path"]) for one in found["skipped"]]


def test_a_large_packed_file_is_pointed_out() -> None:
    """One worker reads it alone, however many there are; row groups and ranges are shared."""
    packed = Part(DataFile("a.jsonl.gz", "jsonl", "gz", 20 << 30), size=20 << 30)
    group = Part(DataFile("a.parquet", "parquet", None, 40 << 30), groups=(0,), size=40 << 30)

    assert packed == largest_undivided([packed, group])
    assert largest_undivided([group]) is None
