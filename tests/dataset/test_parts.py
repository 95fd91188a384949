"""Parts of files as rows: each row once, however a file is divided."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pyarrow")

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gpt41calc.dataset.files import DataFile
from gpt41calc.dataset.read import Reader
from gpt41calc.dataset.units import Part

_LINES = st.lists(st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"").replace(b"\r", b"")), max_size=12)


@given(_LINES, st.booleans(), st.integers(1, 9))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_line_lies_in_one_range(tmp_path: Path, lines: list[bytes], ends_with_newline: bool, width: int) -> None:  # noqa: FBT001 - hypothesis draws it
    """Whatever ranges a file is divided into, every line is read once, in its order."""
    raw = b"\n".join(lines) + (b"\n" if ends_with_newline and lines else b"")
    path = tmp_path / "rows.txt"
    path.write_bytes(raw)
    file = DataFile(str(path), "lines", None, len(raw))
    found = []
    for start in range(0, len(raw), width):
        for batch in Reader(None).batches(Part(file, start=start, end=min(start + width, len(raw)))):
            found += batch.column(0).to_pylist()
    text = raw.removeprefix(b"\xef\xbb\xbf")  # a mark at the beginning of the file is no text
    expected = text.removesuffix(b"\n").split(b"\n") if raw else []
    assert expected == found
