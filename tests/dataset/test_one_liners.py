"""The lines of the guide for other engines give the totals of this machine; run with ``-m engines``."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow")

import pyarrow
import pyarrow.parquet

from gpt41calc.dataset import Tally, tally

pytestmark = [pytest.mark.engines, pytest.mark.filterwarnings("default")]

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "datasets.md"
BLOCK = re.compile(r"<!-- run by tests/dataset/test_one_liners.py -->\n```python\n(.*?)```", re.DOTALL)

MODULES: dict[str, dict[str, str]] = {
    "Spark": {},
    "Ray Data": {"ray": "ray"},
    "Dask": {"dask": "dask", "dd": "dask.dataframe"},
    "Daft": {"daft": "daft"},
    "Polars": {"pl": "polars"},
    "DuckDB": {"duckdb": "duckdb"},
}
"""What each line takes as imported, by the comment above it."""

ROWS = [f"row {number} l'été 데이터 " * (number % 50) for number in range(3_000)] + ["\u0c5c X/\ua7dc", None, ""]


def lines() -> dict[str, str]:
    """Return the lines of the guide, by the comment above them."""
    found = BLOCK.search(GUIDE.read_text(encoding="utf-8"))
    assert found is not None
    return dict(re.findall(r"^# (.+)\n(.+)$", found[1], re.MULTILINE))


@pytest.fixture
def expected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tally:
    """Write rows where the guide has them; return what they add up to."""
    monkeypatch.chdir(tmp_path)
    Path("rows").mkdir()
    table = pyarrow.table({"id": range(len(ROWS)), "text": ROWS})
    for number in range(4):
        pyarrow.parquet.write_table(table, f"rows/{number}.parquet", row_group_size=1_000)
    one = tally(table, "text")
    return one + one + one + one


def test_the_guide_has_a_line_for_every_engine() -> None:
    """None is written down that is not run."""
    assert list(MODULES) == list(lines())


@pytest.mark.parametrize("name", MODULES)
def test_a_line_of_the_guide_has_the_totals_of_this_machine(
    name: str, expected: Tally, request: pytest.FixtureRequest
) -> None:
    """To the token, and in every percentile."""
    names: dict[str, Any] = {}
    if name == "Spark":
        request.getfixturevalue("spark")
        sql = importlib.import_module("pyspark.sql")
        names["spark"] = sql.SparkSession.builder.master("local[2,4]").getOrCreate()
    for short, module in MODULES[name].items():
        pytest.importorskip(module)
        names[short] = importlib.import_module(module)
    if name == "Ray Data":
        pytest.importorskip("ray.data")
    exec("from gpt41calc.dataset import SPARK_SCHEMA, merge, tally_batches, tally_table", names)  # noqa: S102 - the guide
    line = lines()[name].replace('"rows', f'"{Path.cwd()}/rows')  # Spark's JVM stays in the folder where it was started
    try:
        found = eval(line, names)  # noqa: S307 - the guide
    finally:
        if name == "Ray Data":
            names["ray"].shutdown()

    assert (expected.rows, expected.nulls, expected.tokens) == (found.rows, found.nulls, found.tokens)
    assert (expected.histogram, expected.squares) == (found.histogram, found.squares)
