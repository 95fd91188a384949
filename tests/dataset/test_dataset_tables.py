"""Delta and Iceberg: the rows that a table has now, not those of all files in its folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import Spawn

pytest.importorskip("pyarrow")

import pyarrow


def test_a_delta_table_has_the_rows_of_its_log(spawn: Spawn, tmp_path: Path) -> None:
    """Files of earlier versions are not counted."""
    deltalake = pytest.importorskip("deltalake", reason="pip install 'gpt41calc[delta]'")
    for mode, text in (("append", "three tokens here"), ("overwrite", "new one"), ("append", "more")):
        deltalake.write_deltalake(str(tmp_path / "table"), pyarrow.table({"text": [text]}), mode=mode)
    ended = spawn("dataset", "table", "-q")

    assert (0, "3\n") == (ended.status, ended.stdout), ended.stderr


def test_an_iceberg_table_has_the_rows_of_its_newest_version(spawn: Spawn, tmp_path: Path) -> None:
    """Files of earlier versions are not counted."""
    pytest.importorskip("pyiceberg", reason="pip install 'gpt41calc[iceberg]'")
    pytest.importorskip("sqlalchemy", reason="a catalog to write with")
    from pyiceberg.catalog.sql import SqlCatalog

    catalog = SqlCatalog("test", uri="sqlite://", warehouse=f"file://{tmp_path}")
    catalog.create_namespace("rows")
    rows = pyarrow.table({"text": ["three tokens here"]})
    table = catalog.create_table("rows.texts", schema=rows.schema)
    table.append(rows)
    table.overwrite(pyarrow.table({"text": ["only"]}))
    catalog.close()
    ended = spawn("dataset", "rows/texts", "-q")

    assert (0, "1\n") == (ended.status, ended.stdout), ended.stderr


def test_no_log_names_a_file_elsewhere(spawn: Spawn, tmp_path: Path) -> None:
    """A table that came from somebody else does not have files outside its folder counted."""
    pytest.importorskip("pyiceberg", reason="pip install 'gpt41calc[iceberg]'")
    pytest.importorskip("sqlalchemy", reason="a catalog to write with")
    from pyiceberg.catalog.sql import SqlCatalog

    catalog = SqlCatalog("test", uri="sqlite://", warehouse=f"file://{tmp_path}")
    catalog.create_namespace("rows")
    rows = pyarrow.table({"text": ["of somebody else"]})
    elsewhere = {"write.data.path": f"file://{tmp_path}/elsewhere"}
    catalog.create_table("rows.texts", schema=rows.schema, properties=elsewhere).append(rows)
    catalog.close()
    ended = spawn("dataset", "rows/texts", "-q")

    assert (2, "") == (ended.status, ended.stdout)
    assert "its log names a file outside its folder" in ended.stderr


@pytest.mark.parametrize(("module", "extra"), [("deltalake", "delta"), ("pyiceberg", "iceberg")])
def test_a_table_is_not_read_without_its_log(spawn: Spawn, tmp_path: Path, module: str, extra: str) -> None:
    """Without the package: exit code 2, what to install, and how Spark's catalog reads it."""
    (tmp_path / "table" / ("_delta_log" if module == "deltalake" else "metadata")).mkdir(parents=True)
    (tmp_path / "table" / "metadata").mkdir(exist_ok=True)
    (tmp_path / "table" / "metadata" / "v1.metadata.json").write_text("{}")
    if module == "pyiceberg":
        shutil.rmtree(tmp_path / "table" / "_delta_log", ignore_errors=True)
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / f"{module}.py").write_text("raise ImportError\n")
    ended = spawn("dataset", "table", env={"PYTHONPATH": str(tmp_path / "without")})

    assert 2 == ended.status
    assert f"pip install 'gpt41calc[{extra}]'" in ended.stderr
    assert "Spark" in ended.stderr
