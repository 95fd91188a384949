"""Clusters give the totals of this machine, though a worker is killed; run with ``-m engines``."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

pytest.importorskip("pyarrow")

import pyarrow
import pyarrow.parquet

from gpt41calc.dataset.engines import Engine
from gpt41calc.dataset.engines.local import LocalEngine
from gpt41calc.dataset.files import find_files
from gpt41calc.dataset.job import Counted, Job
from gpt41calc.dataset.totals import Tally
from gpt41calc.dataset.units import Part, Unit, divide

pytestmark = [pytest.mark.engines, pytest.mark.filterwarnings("default")]


@pytest.fixture
def units(tmp_path: Path) -> list[Unit]:
    """Return 24 units, each of a file that takes a worker a while."""
    rows = [f"row {number} data 데이터 " * 60 for number in range(3_000)]
    for number in range(24):
        pyarrow.parquet.write_table(pyarrow.table({"text": rows}), tmp_path / f"{number:02}.parquet")
    parts = divide(find_files([str(tmp_path)]), ["text"])
    return [Unit((part,)) for part in parts if isinstance(part, Part)]


def total(engine: Engine, units: list[Unit]) -> Tally:
    """Return what an engine adds up; every unit has to come back once."""
    results = list(engine.run(Job(column="text"), units))

    assert sorted(unit.key for unit in units) == sorted(result.key for result in results)
    return sum((one.tallies["o200k_base"] for one in results if isinstance(one, Counted)), Tally())


def kill_one(words: bytes, killed: list[int]) -> None:
    """Kill the first process below this one whose command line has some words and that has 100 MB."""
    until = time.monotonic() + 60
    while not killed and time.monotonic() < until:
        for pid in _below(os.getpid()):
            try:
                pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
                if words in Path(f"/proc/{pid}/cmdline").read_bytes() and pages > 100e6 / 4096:
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
                    break
            except (OSError, ValueError):
                continue
        time.sleep(0.02)


def _below(parent: int) -> Iterator[int]:
    fathers = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fathers[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
    found = {parent}
    while more := {pid for pid, father in fathers.items() if father in found} - found:
        found |= more
    yield from found - {parent}


def _spark() -> Engine:
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    from gpt41calc.dataset.engines.spark import SparkEngine

    return SparkEngine("local[2,4]")


def _ray() -> Engine:
    pytest.importorskip("ray")
    from gpt41calc.dataset.engines.ray import RayEngine

    return RayEngine(workers=2)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="finds the worker in /proc")
@pytest.mark.parametrize(("engine", "words"), [(_spark, b"pyspark.daemon"), (_ray, b"ray::")])
def test_a_cluster_has_the_totals_of_this_machine(
    engine: Callable[[], Engine], words: bytes, units: list[Unit]
) -> None:
    """One of its workers is killed in the middle, and nothing is lost or counted twice."""
    cluster, killed = engine(), list[int]()
    expected = total(LocalEngine(1), units)
    killer = Thread(target=kill_one, args=(words, killed))
    killer.start()
    found = total(cluster, units)
    killer.join()

    assert killed
    assert expected == found
