"""Clusters give the totals of this machine, though a worker is killed; run with ``-m engines``."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

pytest.importorskip("pyarrow")

import pyarrow
import pyarrow.parquet
from conftest import Spawn
from dataset_jobs import DEADLY, DeadlyJob

from gpt41calc.dataset import SPARK_SCHEMA, Tally, merge, tally_batches
from gpt41calc.dataset.checkpoint import Checkpoint
from gpt41calc.dataset.engines import Engine
from gpt41calc.dataset.engines.local import LocalEngine
from gpt41calc.dataset.engines.ray import RayEngine
from gpt41calc.dataset.engines.spark import SparkEngine
from gpt41calc.dataset.files import find_files
from gpt41calc.dataset.job import Counted, Job, Lost
from gpt41calc.dataset.measure import Aim, measure
from gpt41calc.dataset.units import Part, Unit, divide

pytestmark = [
    pytest.mark.engines,
    pytest.mark.filterwarnings("default"),
    pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="finds the workers in /proc"),
]

JOB = Job(column="text")

LOADED_BYTES = 100 * 10**6
"""A worker that is larger has the vocabulary, and is in the middle of its work."""


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> list[Unit]:
    """Return 24 units, each of a file that takes a worker a while."""
    folder = tmp_path_factory.mktemp("rows")
    rows = [f"row {number} data 데이터 " * 60 for number in range(3_000)]
    for number in range(24):
        pyarrow.parquet.write_table(pyarrow.table({"text": rows}), folder / f"{number:02}.parquet")
    parts = divide(find_files([str(folder)]), ["text"])
    return [Unit((part,)) for part in parts if isinstance(part, Part)]


@pytest.fixture(scope="module")
def expected(units: list[Unit]) -> Tally:
    """Return what this process counts."""
    return added(results(LocalEngine(1), units))


@pytest.fixture(scope="module", autouse=True)
def _workers_import_helpers() -> Iterator[None]:
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(Path(__file__).parent.parent)
    yield
    os.environ.pop("PYTHONPATH")
    if before is not None:
        os.environ["PYTHONPATH"] = before


@pytest.fixture
def ray() -> Iterator[Any]:
    """Skip if Ray is not installed; stop what the test has started."""
    module = pytest.importorskip("ray")
    yield module
    module.shutdown()


def results(engine: Engine, units: Sequence[Unit], job: Job = JOB) -> list[Counted | Lost]:
    """Return what an engine brings; every unit has to come back once."""
    found = list(engine.run(job, units))

    assert sorted(unit.key for unit in units) == sorted(result.key for result in found)
    return found


def added(found: Sequence[Counted | Lost]) -> Tally:
    """Return the sum of what was counted."""
    return sum((one.tallies["o200k_base"] for one in found if isinstance(one, Counted)), Tally())


def below(parent: int) -> Iterator[tuple[int, int]]:
    """Yield every process below one, with its parent."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
    found = {parent}
    while more := {pid for pid, above in parents.items() if above in found} - found:
        found |= more
    yield from ((pid, parents[pid]) for pid in found - {parent})


def command(pid: int) -> bytes:
    """Return the command line of a process."""
    return Path(f"/proc/{pid}/cmdline").read_bytes()


class Killer(Thread):
    """Kills the first worker that has the vocabulary, or the process above it."""

    def __init__(self, words: bytes, above: bytes | None = None) -> None:
        """Kill nothing yet.

        Args:
            words: of the worker's command line.
            above: of the command line of the process above it that is killed; if it is None, the worker is.
        """
        super().__init__()
        self._words = words
        self._above = above
        self.killed: int | None = None

    def run(self) -> None:
        """Look for it for a minute."""
        until = time.monotonic() + 60
        while self.killed is None and time.monotonic() < until:
            try:
                self._try()
            except (OSError, ValueError):
                continue  # it has ended in the meantime
            time.sleep(0.02)

    def _try(self) -> None:
        parents = dict(below(os.getpid()))
        for pid in list(parents):
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            if self._words in command(pid) and pages * os.sysconf("SC_PAGE_SIZE") > LOADED_BYTES:
                while self._above is not None and self._above not in command(pid):
                    pid = parents[pid]  # noqa: PLW2901 - from a process to the one above it
                os.kill(pid, signal.SIGKILL)
                self.killed = pid
                return


def results_with(killer: Killer, engine: Engine, units: Sequence[Unit]) -> list[Counted | Lost]:
    """Return what an engine brings whose worker is killed in the middle."""
    killer.start()
    found = results(engine, units)
    killer.join()

    assert killer.killed is not None
    return found


def test_a_local_worker_is_killed(units: list[Unit], expected: Tally) -> None:
    """Its unit is given to another: nothing is lost or counted twice."""
    assert expected == added(results_with(Killer(b"spawn_main"), LocalEngine(2), units))


@pytest.mark.usefixtures("spark")
def test_a_python_worker_of_spark_is_killed(units: list[Unit], expected: Tally) -> None:
    """Spark starts its task again."""
    assert expected == added(results_with(Killer(b"pyspark.daemon"), SparkEngine("local[2,4]"), units))


@pytest.mark.usefixtures("spark")
def test_an_executor_of_spark_is_killed(units: list[Unit], expected: Tally) -> None:
    """A cluster of two executors loses one in the middle, as if its machine had gone."""
    killer = Killer(b"pyspark.daemon", above=b"CoarseGrainedExecutorBackend")

    assert expected == added(results_with(killer, SparkEngine("local-cluster[2,1,1200]"), units))


@pytest.mark.usefixtures("ray")
def test_a_worker_of_ray_is_killed(units: list[Unit], expected: Tally) -> None:
    """Ray starts its task again."""
    assert expected == added(results_with(Killer(b"ray::"), RayEngine(workers=2), units))


def test_a_node_of_ray_is_lost(ray: Any, units: list[Unit], expected: Tally) -> None:
    """A cluster of two nodes loses one in the middle."""
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    node = cluster.add_node(num_cpus=1)
    try:
        cluster.wait_for_nodes()
        found = []
        for result in RayEngine(cluster.address).run(JOB, units):
            found.append(result)
            if len(found) == 4:
                cluster.remove_node(node, allow_graceful=False)

        assert sorted(unit.key for unit in units) == sorted(result.key for result in found)
        assert expected == added(found)
    finally:
        ray.shutdown()
        cluster.shutdown()


ENGINES: dict[str, Engine] = {"local": LocalEngine(2), "spark": SparkEngine("local[2,4]"), "ray": RayEngine(workers=2)}


@pytest.mark.parametrize("name", ENGINES)
def test_a_unit_that_ends_its_worker_each_time_is_lost_alone(
    name: str, units: list[Unit], request: pytest.FixtureRequest
) -> None:
    """All others are counted: Spark gives the whole wave up, which is halved until only the guilty unit is left."""
    if name != "local":
        request.getfixturevalue(name)
    found = results(ENGINES[name], units, DeadlyJob(column="text"))
    lost = [result for result in found if isinstance(result, Lost)]
    deadly = [unit for unit in units if DEADLY in unit.parts[0].name]

    assert [unit.key for unit in deadly] == [result.key for result in lost]
    assert added(results(LocalEngine(1), [unit for unit in units if unit not in deadly])) == added(found)
    assert "its worker was ended each time" in lost[0].reasons[0].reason


class Stopped(Exception):
    """Somebody has stopped the run."""


class Asked:
    """Spark, and how many units it was asked for."""

    def __init__(self) -> None:
        """Ask nothing yet."""
        self.units = 0

    def run(self, job: Job, units: Sequence[Unit]) -> Iterator[Counted | Lost]:
        """Yield what Spark brings."""
        self.units = len(units)
        yield from SparkEngine("local[2,4]").run(job, units)


@pytest.mark.usefixtures("spark")
def test_spark_goes_on_between_waves(tmp_path: Path) -> None:
    """A job of three waves, stopped in the second, goes on with what is missing, and has the totals of one run."""
    (tmp_path / "rows").mkdir()
    for number in range(150):
        (tmp_path / "rows" / f"{number:03}.jsonl").write_text('{"text": "' + "hello " * number + 'world"}\n')
    parts = [part for part in divide(find_files([str(tmp_path / "rows")]), ["text"]) if isinstance(part, Part)]
    every = Aim(mode="share", share=0.99)
    expected = measure(parts, JOB, LocalEngine(1), every)
    seen: list[int] = []

    def stop(done: int) -> None:
        seen.append(done)
        if len(seen) == 80:
            raise Stopped

    before = Checkpoint(str(tmp_path / "kept"), JOB)
    with pytest.raises(Stopped):
        measure(parts, JOB, SparkEngine("local[2,4]"), every, checkpoint=before, observe=stop)
    before.close()
    asked, after = Asked(), Checkpoint(str(tmp_path / "kept"), JOB)
    found = measure(parts, JOB, asked, every, checkpoint=after)
    after.close()

    assert len(expected.counted) > 128
    assert len(expected.counted) - 79 == asked.units
    assert (expected.sums, expected.requests) == (found.sums, found.requests)


@pytest.mark.usefixtures("spark")
def test_a_job_of_spark_counts_its_own_table(units: list[Unit], expected: Tally) -> None:
    """From inside a job, whatever the table was read from."""
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[2,4]").getOrCreate()
    table = session.read.parquet(*(unit.parts[0].file.url for unit in units))
    found = merge(table.select("text").mapInArrow(tally_batches, SPARK_SCHEMA).collect())

    assert (expected.tokens, expected.rows, expected.histogram) == (found.tokens, found.rows, found.histogram)


@pytest.mark.parametrize(
    ("java", "expected"),
    [
        ({"PATH": "nowhere", "JAVA_HOME": ""}, "Java 17 is not installed, and is needed to count on a Spark cluster"),
        ({"JAVA_HOME": "nowhere"}, "there is no Java in JAVA_HOME, nowhere, and is needed to count on a Spark cluster"),
    ],
)
def test_spark_without_java(java: dict[str, str], expected: str, spawn: Spawn, tmp_path: Path) -> None:
    """The sentence names the version, and where it was looked for."""
    pytest.importorskip("pyspark")
    (tmp_path / "rows.txt").write_text("one\ntwo\n")
    ended = spawn("dataset", "rows.txt", "--engine", "spark", env=java)

    assert ended.status == 2
    assert f"gpt41calc: error: {expected}" == ended.stderr.splitlines()[0]
