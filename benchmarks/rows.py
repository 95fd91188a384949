"""Make datasets of rows from a pinned package, and copies of them that take no room."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pyarrow
import pyarrow.parquet

__all__ = ["linked", "make_lines", "make_parquet"]

_FILES = 24
_GROUP_ROWS = 20_000
_ROW_BYTES = (5.5, 1.0)
"""Mean and deviation of the logarithm of a row's bytes: half of the rows are shorter than 245 bytes."""

_MOST_ROW_BYTES = 100_000

_SUFFIXES = ((".po",), (".py",), (".html", ".txt", ".js", ".xml", ".css"))
"""Three kinds of text: translations into some 90 languages, code, and the rest."""


def _texts(folder: Path) -> list[bytes]:
    kinds = []
    for suffixes in _SUFFIXES:
        files = [path for path in sorted(folder.rglob("*")) if path.suffix in suffixes and path.is_file()]
        kinds.append(b"\n".join(path.read_bytes() for path in files))
    return kinds


def _rows(text: bytes, dice: Random) -> Iterator[str | None]:
    """Yield pieces of a text without end, some of them null and some empty."""
    while True:
        length = min(int(dice.lognormvariate(*_ROW_BYTES)), _MOST_ROW_BYTES)
        at = dice.randrange(len(text) - length)
        yield None if dice.random() < 1 / 1000 else text[at : at + length].decode("utf-8", "ignore")


def make_parquet(folder: Path, source: Path, size: int) -> Path:
    """Write so many bytes of text as 24 files of three kinds, unless that was done before.

    Args:
        folder: where to.
        source: a folder with the text.
        size: bytes of all rows, about.
    """
    if folder.exists():
        return folder
    half = folder.with_name(folder.name + "-unfinished")
    half.mkdir(parents=True, exist_ok=True)
    kinds = _texts(source)
    for number in range(_FILES):
        dice = Random(number)  # noqa: S311 - no secret
        rows = _rows(kinds[number * len(kinds) // _FILES], dice)
        wanted = size // _FILES * dice.uniform(0.5, 1.5)
        written = 0
        with pyarrow.parquet.ParquetWriter(
            half / f"{number:02}.parquet", pyarrow.schema([("text", "string"), ("id", "int64")]), compression="zstd"
        ) as file:
            while written < wanted:
                group: list[str | None] = []
                while len(group) < _GROUP_ROWS and written < wanted:
                    group.append(next(rows))
                    written += len((group[-1] or "").encode())
                file.write_table(
                    pyarrow.table({"text": group, "id": range(len(group))}, schema=file.schema),
                    row_group_size=_GROUP_ROWS,
                )
    return half.rename(folder)


def make_lines(path: Path, source: Path, size: int) -> Path:
    """Write so many bytes of JSON objects, one a line, unless that was done before."""
    if path.exists():
        return path
    dice, written = Random(5), 0  # noqa: S311 - no secret
    kinds = [_rows(text, dice) for text in _texts(source)]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        number = 0
        while written < size:
            row = {"id": number, "text": next(kinds[number % len(kinds)]), "label": "none"}
            written += file.write(json.dumps(row, ensure_ascii=False) + "\n")
            number += 1
    return path


def linked(folder: Path, files: Sequence[Path], times: int) -> Path:
    """Give every file so many names, so that a dataset is larger than its disk."""
    folder.mkdir(exist_ok=True)
    for number in range(times):
        for file in files:
            name = folder / f"{number:02}-{file.name}"
            if not name.exists():
                os.link(file, name)
    return folder
