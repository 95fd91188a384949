"""``--max-read``: no more is read for a sample, whatever the rows are stored in."""

from __future__ import annotations

import bz2
import gzip
import json
import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from conftest import Spawn

pytest.importorskip("pyarrow")

import pyarrow
import pyarrow.parquet
from reference import o200k

from gpt41calc.dataset.engines.local import LocalEngine
from gpt41calc.dataset.files import DataFile, find_files
from gpt41calc.dataset.job import Job
from gpt41calc.dataset.measure import Aim, measure
from gpt41calc.dataset.read import Reader
from gpt41calc.dataset.too_few import too_few
from gpt41calc.dataset.units import Part, divide

FILES = 50


def _texts() -> list[list[str]]:
    """Return rows of files that are not alike."""
    dice = random.Random(3)  # noqa: S311 - no secret
    words = ["quick", "brown", "données", "データ", "import", "numpy", "12345", "lazy"]
    return [[" ".join(dice.choices(words, k=dice.randrange(1, 60))) for _ in range(20)] for _ in range(FILES)]


TEXTS = _texts()


@cache
def _tokens(joined_by: str | None = None) -> int:
    """Return the tokens of all rows, or those of all files whose rows are joined."""
    rows = [text for texts in TEXTS for text in texts] if joined_by is None else map(joined_by.join, TEXTS)
    return sum(len(o200k().encode_ordinary(text)) for text in rows)


def _json_lines(texts: list[str]) -> bytes:
    return "".join(json.dumps({"text": text}) + "\n" for text in texts).encode()


def _zstd(raw: bytes) -> bytes:
    import zstandard

    return zstandard.compress(raw)


FORMATS: dict[str, Callable[[list[str]], bytes]] = {
    "jsonl": _json_lines,
    "jsonl.gz": lambda texts: gzip.compress(_json_lines(texts)),
    "jsonl.bz2": lambda texts: bz2.compress(_json_lines(texts)),
    "jsonl.zst": lambda texts: _zstd(_json_lines(texts)),
    "csv": lambda texts: "\n".join(["text", *texts]).encode(),
    "txt": lambda texts: "\n".join(texts).encode(),
    "txt.gz": lambda texts: gzip.compress("\n".join(texts).encode()),
    "md": lambda texts: " ".join(texts).encode(),
}


def _write(folder: Path, kind: str) -> int:
    """Write the rows of every file; return how many bytes they have."""
    folder.mkdir()
    if kind == "parquet":
        rows = pyarrow.table({"text": [text for texts in TEXTS for text in texts], "id": range(20 * FILES)})
        pyarrow.parquet.write_table(rows, folder / "rows.parquet", row_group_size=20, use_dictionary=False)
        footer = pyarrow.parquet.read_metadata(folder / "rows.parquet")
        return sum(footer.row_group(at).column(0).total_uncompressed_size for at in range(FILES))
    for number, texts in enumerate(TEXTS):
        (folder / f"{number:02}.{kind}").write_bytes(FORMATS[kind](texts))
    return sum(path.stat().st_size for path in folder.iterdir())


@pytest.mark.parametrize("kind", ["parquet", *FORMATS])
@pytest.mark.parametrize("aim", [Aim(mode="precision", half_width=1e-4), Aim(mode="share", share=0.99)])
def test_no_more_is_read(kind: str, aim: Aim, tmp_path: Path) -> None:
    """Neither until a precision is reached nor for a share; the interval is that of the sample, and holds."""
    size = _write(tmp_path / "rows", kind)
    parts = [part for part in divide(find_files([str(tmp_path / "rows")]), ["text"]) if isinstance(part, Part)]
    most = size * 3 // 4
    found = measure(parts, Job(column="text"), LocalEngine(1), replace(aim, most_bytes=most))
    tokens = found.total(lambda tally: tally.tokens)
    truth = _tokens(" " if kind == "md" else None)

    assert (size, True, ()) == (found.size, found.is_sampled, found.skipped)
    assert size / 4 < found.bytes_read <= most
    assert tokens.low <= truth <= tokens.high


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--precision", "0.01%"], "± 0.01% was asked, ± "),
        (["--sample", "99%"], "99.0% was asked, "),
    ],
)
def test_what_is_not_reached_is_said(words: list[str], expected: str, spawn: Spawn, tmp_path: Path) -> None:
    """The first line has what was read, and a note why it is not more."""
    size = _write(tmp_path / "rows", "csv")
    ended = spawn("dataset", "rows", *words, "--max-read", str(size * 3 // 4), "--workers", "1")
    lines = ended.stdout.splitlines()

    assert f" kB read of {size / 1000:.1f} kB" in lines[0]
    assert [True] == [line.endswith("--max-read allows no more") for line in lines if line.startswith(expected)]


def test_the_half_width_is_that_of_the_tokens(spawn: Spawn, tmp_path: Path) -> None:
    """Also with a template, whose own tokens are no estimate: the footers of Parquet say how many rows there are."""
    size = _write(tmp_path / "rows", "parquet")
    (tmp_path / "label.txt").write_text(f"{'word ' * 200}\n\n{{text}}\n{'word ' * 200}")
    words = ("--template", "label.txt", "--max-read", str(size * 2 // 3), "--workers", "1", "--json")
    found = json.loads(spawn("dataset", "rows", *words).stdout)
    tokens = found["models"][0]["input_tokens"]

    assert "sampled" == found["exactness"]
    assert (
        pytest.approx((tokens["high"] - tokens["low"]) / 2 / tokens["value"], rel=0.01)
        == (found["sample"]["half_width"])
    )


def test_what_is_within_the_limit_is_counted_whole(spawn: Spawn, tmp_path: Path) -> None:
    """A small dataset is, if it may be."""
    size = _write(tmp_path / "rows", "csv")
    found = json.loads(spawn("dataset", "rows", "--max-read", str(size), "--workers", "1", "--json").stdout)

    assert ("exact", size, size) == (found["exactness"], found["bytes"], found["bytes_read"])
    assert _tokens() == found["models"][0]["input_tokens"]["value"]


def test_too_little_for_an_interval(spawn: Spawn, tmp_path: Path) -> None:
    """Exit code 2, and what the fewest pieces would take."""
    _write(tmp_path / "rows", "csv")
    ended = spawn("dataset", "rows", "--max-read", "1k")

    assert (2, "") == (ended.status, ended.stdout)
    assert "--max-read 1,000: too little for a sample, which has 20 pieces at least: " in ended.stderr


TOO_FEW: dict[str, tuple[str, str]] = {
    "parquet": ("1 row group", "write it in smaller row groups"),
    "csv": ("1 CSV file", "store it as JSONL or Parquet: a CSV file is read whole, as a line may end within quotes"),
    "jsonl.gz": ("1 compressed file", "unpack it: a compressed file is read whole, from its beginning"),
}


@pytest.mark.parametrize("kind", TOO_FEW)
def test_too_few_pieces(kind: str, spawn: Spawn, tmp_path: Path) -> None:
    """The message names what there is one of, and the hint what makes more pieces of that kind."""
    if kind == "parquet":
        pyarrow.parquet.write_table(pyarrow.table({"text": TEXTS[0]}), tmp_path / "rows.parquet")
    else:
        (tmp_path / f"rows.{kind}").write_bytes(FORMATS[kind](TEXTS[0]))
    ended = spawn("dataset", f"rows.{kind}", "--sample", "5%")
    there, advice = TOO_FEW[kind]

    assert [
        f"gpt41calc: error: too few for a sample, which takes 20 pieces at least: {there}",
        f"gpt41calc: hint: count all of it with --exact, or {advice}",
    ] == ended.stderr.splitlines()
    assert 2 == ended.status


def test_too_few_pieces_of_several_kinds(tmp_path: Path) -> None:
    """Each is named with its number."""
    for number in range(2):
        (tmp_path / f"{number}.csv").write_bytes(FORMATS["csv"](TEXTS[number]))
    (tmp_path / "a.jsonl").write_bytes(FORMATS["jsonl"](TEXTS[0]))
    parts = [part for part in divide(find_files([str(tmp_path)]), ("text",)) if isinstance(part, Part)]

    assert str(too_few(parts)).endswith(": 2 CSV files, 1 piece of 1 MiB of lines")


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="reads in /proc what was read")
@pytest.mark.parametrize("start", [0, 10 << 20])
def test_a_range_of_lines_reads_little_more_than_itself(start: int, tmp_path: Path) -> None:
    """A store is not asked for what is not counted."""
    path = tmp_path / "rows.jsonl"
    path.write_bytes((json.dumps({"text": "hello world"}) + "\n").encode() * (20 << 15))
    part = Part(DataFile(str(path), "jsonl", None, path.stat().st_size), start=start, end=start + (1 << 20))
    list(Reader(["text"]).batches(part))  # imports what reads
    before = _bytes_read()
    rows = sum(batch.num_rows for batch in Reader(["text"]).batches(part))

    assert abs(rows - (1 << 20) / 24) <= 1
    assert _bytes_read() - before < 1.3 * (1 << 20)


def _bytes_read() -> int:
    return int(Path("/proc/self/io").read_text().split()[1])
