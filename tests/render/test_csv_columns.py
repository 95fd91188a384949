"""In every CSV that the program writes, each column has a name of its own."""

from __future__ import annotations

import csv
import io

from golden import CASES


def test_every_column_once() -> None:
    """A reader that goes by names, such as ``csv.DictReader``, gets every value."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in CASES.glob("*.csv")}
    headings = {name: next(csv.reader(io.StringIO(text, newline=""))) for name, text in texts.items()}
    twice = {name: columns for name, columns in headings.items() if len(set(columns)) != len(columns)}

    assert len(headings) > 20
    assert {} == twice
