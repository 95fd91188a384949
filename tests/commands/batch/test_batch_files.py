"""``batch`` reads several files, packed or not, and says first what to do and how long answers are."""

from __future__ import annotations

import gzip
import json
import re
import sys
from pathlib import Path

import pytest
from bodies import batch_line, jsonl
from conftest import TODAY, Spawn


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """Return a folder with two files of requests whose names of requests are the same."""
    (tmp_path / "a.jsonl").write_bytes(jsonl(batch_line("r1", "Hi"), batch_line("r2", "Hi", model="gpt-4.1-mini")))
    (tmp_path / "b.jsonl").write_bytes(jsonl(batch_line("r1", "Hello", max_tokens=200)))
    return tmp_path


def test_several_files(spawn: Spawn, two: Path) -> None:
    """Files add up; each is a batch of its own, in which names of requests have to differ."""
    assert two.is_dir()
    document = json.loads(spawn("batch", "a.jsonl", "b.jsonl", "a.jsonl", "--json", "--as-of", TODAY).stdout)

    assert (["a.jsonl", "b.jsonl"], 3, 0) == (document["paths"], document["requests"], document["refused"]["requests"])
    assert [("gpt-4.1", 2, 1200), ("gpt-4.1-mini", 1, 1000)] == [
        (one["id"], one["requests"], one["output_tokens"]) for one in document["models"]
    ]
    assert 3 == document["batch"]["files"]


def test_its_own_split_is_read_again(spawn: Spawn, two: Path) -> None:
    """The files that --split writes come to what they were written from."""
    whole = spawn("batch", "a.jsonl", "--split", "parts", "--json", "--as-of", TODAY)
    parts = sorted(str(path.relative_to(two)) for path in (two / "parts").iterdir())
    again = spawn("batch", *parts, "--json", "--as-of", TODAY)
    models = [json.loads(one.stdout)["models"] for one in (whole, again)]

    assert (0, 0, 2) == (whole.status, again.status, len(parts))
    assert models[0] == models[1]


def test_names_have_to_differ_where_files_are_joined(spawn: Spawn, two: Path) -> None:
    """With --split the requests of several files go into common ones, where a name may be there once."""
    assert two.is_dir()
    ended = spawn("batch", "a.jsonl", "b.jsonl", "--split", "parts", "--as-of", TODAY)

    assert 3 == ended.status
    assert "1 line that the API would refuse: b.jsonl:1: the custom_id 'r1' was there before" in ended.stdout


def test_packed_files(spawn: Spawn, two: Path) -> None:
    """What is packed by gzip or Zstandard is read as it was."""
    raw = (two / "b.jsonl").read_bytes()
    (two / "b.jsonl.gz").write_bytes(gzip.compress(raw))
    plain, packed = (spawn("batch", name, "-q", "--as-of", TODAY) for name in ("b.jsonl", "b.jsonl.gz"))

    (two / "cut.gz").write_bytes(gzip.compress(raw)[:-20])
    damaged = spawn("batch", "cut.gz", "--as-of", TODAY)

    assert (0, plain.stdout) == (packed.status, packed.stdout)
    assert (3, "not known" in damaged.stdout) == (damaged.status, False)


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="Python brings Zstandard")
def test_zstandard_is_an_extra(spawn: Spawn, two: Path) -> None:
    """Zstandard is read with the extra, and without it the reason names it."""
    zstandard = pytest.importorskip("zstandard")
    (two / "b.jsonl.zst").write_bytes(zstandard.compress((two / "b.jsonl").read_bytes()))
    (two / "hidden").mkdir()
    (two / "hidden" / "zstandard.py").write_text("raise ImportError\n")
    there = spawn("batch", "b.jsonl.zst", "-q", "--as-of", TODAY)
    absent = spawn("batch", "b.jsonl.zst", "-q", "--as-of", TODAY, env={"PYTHONPATH": "hidden"})

    assert (0, spawn("batch", "b.jsonl", "-q", "--as-of", TODAY).stdout) == (there.status, there.stdout)
    assert 3 == absent.status
    assert "gpt41calc[zstd]" in absent.stderr


@pytest.mark.parametrize(
    ("requests", "first"),
    [
        (
            [batch_line("r1", "Hi")],
            "cheapest: batch, $0.0040; one by one $0.0080; 1 request, 1,000 output tokens each",
        ),
        (
            [batch_line("r1", "Hi", max_tokens=200)],
            "cheapest: batch, $0.00081; one by one $0.0016; 1 request, answers as long as the cap of each body",
        ),
        (
            [batch_line("r1", "Hi", max_tokens=200), batch_line("r2", "Hi")],
            (
                "cheapest: batch, $0.0048; one by one $0.0096; 2 requests, 1,000 output tokens each "
                "but for 1 by the cap of the body"
            ),
        ),
    ],
)
def test_first_line(spawn: Spawn, tmp_path: Path, requests: list[dict[str, object]], first: str) -> None:
    """The first line says how to run the requests, what that costs, and which length of answers it rests on."""
    (tmp_path / "a.jsonl").write_bytes(jsonl(*requests))
    ended = spawn("batch", "a.jsonl", "--as-of", TODAY)

    assert [first, ""] == ended.stdout.splitlines()[:2]


def test_requests_run_with_several_models_are_counted_once(spawn: Spawn, tmp_path: Path) -> None:
    """The first line has the requests of the file, and names the model whose price it gives."""
    (tmp_path / "a.jsonl").write_bytes(jsonl(batch_line("r1", "Hi"), batch_line("r2", "Hi")))
    first = spawn("batch", "a.jsonl", "-m", "gpt-4.1-mini,gpt-4.1", "-f", "plain").stdout.splitlines()[0]

    assert first.startswith("cheapest with GPT-4.1 mini: batch, $0.0016; one by one $0.0032; 2 requests, ")


def test_a_cost_that_rests_on_an_estimate_is_marked(spawn: Spawn, tmp_path: Path) -> None:
    """A model whose tokens are taken to be another one's has a mark in the answer and in its row."""
    (tmp_path / "a.jsonl").write_bytes(jsonl(batch_line("r1", "Hi", model="gpt-6-luna")))
    report = spawn("batch", "a.jsonl", "-f", "plain").stdout

    assert report.startswith("cheapest: batch, ~$")
    assert re.search(r"^gpt-6-luna +~\$", report, re.MULTILINE)
