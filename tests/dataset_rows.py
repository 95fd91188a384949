"""Rows in every format, for the tests of datasets."""

from __future__ import annotations

import bz2
import csv
import gzip
import json
import os
import signal
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pyarrow
import pyarrow.parquet

from gpt41calc.dataset.job import Counted, Job, Lost
from gpt41calc.dataset.units import Unit

ROWS: list[dict[str, str | int]] = [
    {
        "id": number,
        "text": f'Row {number}, "quoted": {"word " * (number % 40)}\nlíne two\u2003データ {number * 7919}',
        "answer": number % 90,
    }
    for number in range(300)
]
"""Texts with quotes, newlines, commas and more than ASCII."""


def as_json_lines(rows: list[dict[str, str | int]] = ROWS) -> bytes:
    """Return rows as JSONL."""
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def as_csv() -> bytes:
    """Return rows as CSV; every text has newlines and quotes."""
    text = StringIO()
    writer = csv.DictWriter(text, ["id", "text", "answer"])
    writer.writeheader()
    writer.writerows(ROWS)
    return text.getvalue().encode()


def write_parquet(path: Path, rows: list[dict[str, str | int]] = ROWS, rows_a_group: int = 50) -> Path:
    """Write rows as Parquet with checksums."""
    table = pyarrow.Table.from_pylist(rows)
    pyarrow.parquet.write_table(
        table, path, row_group_size=rows_a_group, write_page_checksum=True, use_dictionary=False, compression="none"
    )
    return path


def write_all(folder: Path) -> list[Path]:
    """Write rows in every format; return the files."""
    import zstandard

    lines = as_json_lines()
    packed = {
        "rows.jsonl": lines,
        "rows.jsonl.gz": gzip.compress(lines),
        "rows.jsonl.zst": zstandard.compress(lines),
        "rows.jsonl.bz2": bz2.compress(lines),
        "rows.csv": as_csv(),
        "rows.csv.gz": gzip.compress(as_csv()),
    }
    for name, raw in packed.items():
        (folder / name).write_bytes(raw)
    return [write_parquet(folder / "rows.parquet"), *(folder / name for name in packed)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PoisonedJob(Job):
    """A job whose worker dies of one file, as of a defect in a codec or for lack of memory."""

    poison: str
    """Name of the file."""

    def count(self, unit: Unit) -> Counted | Lost:
        """Die, or count."""
        if any(part.file.url.endswith(self.poison) for part in unit.parts):
            os.kill(os.getpid(), signal.SIGKILL)
        return Job.count(self, unit)
