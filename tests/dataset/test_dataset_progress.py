"""The bar of ``dataset``: what is counted in bytes, how fast, and how long it will take where that is known."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

pytest.importorskip("pyarrow")

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

import pyarrow
import pyarrow.parquet

from benchmarks.rows import linked

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return 400 MB of rows, whose files are names of one."""
    folder = tmp_path_factory.mktemp("rows")
    texts = [f"row {number} data 데이터 " * 80 for number in range(2_000)]
    file = folder / "rows.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"text": texts}), file, row_group_size=200, use_dictionary=False)
    return linked(folder / "linked", [file], 100)


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(
    ("asked", "knows_the_whole"),
    [(["--exact"], True), (["--sample", "80%"], True), (["--precision", "0.0001%", "--max-read", "300MB"], False)],
)
def test_a_terminal_shows_how_far_and_how_fast(
    asked: list[str], workers: str, rows: Path, environment: dict[str, str], *, knows_the_whole: bool
) -> None:
    """In bytes of the rows; of a sample that grows nobody knows how much it will read."""
    shown, terminal = os.openpty()
    words = [sys.executable, "-m", "gpt41calc", "dataset", str(rows), "--workers", workers, *asked]
    said = b""
    with subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=terminal, env=environment | {"TERM": "xterm"}
    ) as process:
        os.close(terminal)
        with suppress(OSError):  # Linux says so that nobody writes any more
            while block := os.read(shown, 65536):
                said += block
    os.close(shown)
    sentences = re.findall(r"([\d.]+ [kMG]B)( of [\d.]+ [MG]B)?, [\d.]+ [kMG]B/s(, \d+ s left)?", said.decode())

    assert 0 == process.returncode
    assert sentences
    assert {knows_the_whole} == {bool(whole) for _, whole, _ in sentences}
    assert knows_the_whole == any(left for _, _, left in sentences)
