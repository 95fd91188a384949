"""How long a dataset takes on 1 to 1,000 workers: a model whose figures are measured here.

    python -m benchmarks.scale [--terabytes 1] [--unit-megabytes 128] [--store 1000] [--folder .benchmarks]

No cluster of such a size is started. What one core counts, what a worker takes to start, how many tasks a driver hands
out and what adding up takes are measured in seconds of the processor; the rest is arithmetic.
"""

from __future__ import annotations

import argparse
import math
import os
import pickle
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpora import DJANGO, unpacked
from benchmarks.dataset_run import JOB, parts_of
from benchmarks.process import run
from benchmarks.rows import make_parquet
from gpt41calc.dataset import Tally
from gpt41calc.dataset.job import Counted
from gpt41calc.dataset.units import pack

ROOT = Path(__file__).parent.parent

WORKERS = (1, 10, 100, 1000)

_FIRST_BYTE_SECONDS = 0.03
"""Until an object store answers; assumed, none is at hand."""

_TASKS = 2000


@dataclass(frozen=True)
class Figures:
    """What was measured, or assumed."""

    bytes_per_second: float
    """Text that one core reads and counts."""

    start_seconds: float
    """Of a worker, to import and to load the vocabulary."""

    add_seconds: float
    """Of the driver, to unpack and add up one result."""

    result_bytes: int
    """Size of one result."""


@dataclass(frozen=True)
class Expected:
    """What the model says of a number of workers."""

    workers: int
    """How many there are."""

    seconds: float
    """From the start to the total."""

    used_percent: float
    """How much of that the workers count."""

    limit: str
    """What takes the longest."""


def model(
    figures: Figures, *, size: float, unit_bytes: float, tasks_per_second: float, store_bytes: float, workers: int
) -> Expected:
    """Return what a dataset takes.

    Args:
        figures: what was measured.
        size: bytes of text.
        unit_bytes: text that is one task.
        tasks_per_second: what the driver hands out.
        store_bytes: what the store gives one worker a second.
        workers: how many there are.

    >>> one = Figures(100e6, 1.0, 0.0, 0)
    >>> model(one, size=1e12, unit_bytes=1e8, tasks_per_second=1000, store_bytes=1e9, workers=1000).limit
    'workers'
    """
    units = math.ceil(size / unit_bytes)
    unit_seconds = _FIRST_BYTE_SECONDS + max(unit_bytes / figures.bytes_per_second, unit_bytes / store_bytes)
    # The workers take turns: the last turn is as long as any other, though some workers have no unit in it.
    limits = {
        "workers" if figures.bytes_per_second < store_bytes else "store": math.ceil(units / workers) * unit_seconds,
        "dispatch": units / tasks_per_second,
        "adding up": units * figures.add_seconds,
    }
    seconds = figures.start_seconds + max(limits.values()) + figures.add_seconds * min(units, workers)
    used = 100 * size / figures.bytes_per_second / workers / seconds
    return Expected(workers, seconds, used, max(limits, key=lambda name: limits[name]))


def measure_here(folder: Path) -> Figures:
    """Measure what one core does, in seconds of the processor, which other programs hardly change."""
    rows = make_parquet(folder / "rows-1000", unpacked(DJANGO, folder / "django"), 10**9)
    units = pack(parts_of(str(rows)))[:12]
    JOB.count(units[0])
    started = time.process_time()
    results = [JOB.count(unit) for unit in units]
    seconds = time.process_time() - started
    texts = sum(one.tallies["o200k_base"].bytes for one in results if isinstance(one, Counted))
    load = "from benchmarks.dataset_run import JOB, tokenizer; tokenizer('o200k_base', short=False).count('a b ' * 99)"
    start = run(sys.executable, "-c", load, cwd=ROOT).cpu_seconds
    packed = [pickle.dumps(one) for one in results] * 25
    started = time.process_time()
    sums = Tally()
    for one in packed:
        sums += pickle.loads(one).tallies["o200k_base"]  # noqa: S301 - made above
    adding = (time.process_time() - started) / len(packed)
    return Figures(texts / seconds, start, adding, len(packed[0]))


def _nothing(number: int) -> int:
    return number


def _ray_tasks() -> float:
    import ray

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
    empty = ray.remote(_nothing)
    ray.get([empty.remote(0) for _ in range(100)])
    started = time.perf_counter()
    ray.get([empty.remote(0) for _ in range(_TASKS)])
    seconds = time.perf_counter() - started
    ray.shutdown()
    return _TASKS / seconds


def _spark_tasks() -> float:
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = SparkSession.builder.master("local[2,4]").config("spark.ui.showConsoleProgress", "false").getOrCreate()
    context = session.sparkContext
    context.parallelize(range(8), 8).map(_nothing).collect()
    started = time.perf_counter()
    context.parallelize(range(_TASKS), _TASKS).map(_nothing).collect()
    seconds = time.perf_counter() - started
    session.stop()
    return _TASKS / seconds


DISPATCH: dict[str, Callable[[], float]] = {"Ray": _ray_tasks, "Spark": _spark_tasks}
"""How many empty tasks a driver hands out a second, with two workers that take the same cores: a lower bound."""


def lines(figures: Figures, dispatch: dict[str, float], size: float, unit_bytes: float, store: float) -> Iterator[str]:
    """Yield the table."""
    rate = f"{figures.bytes_per_second / 1e6:.0f} MB/s a core, {figures.start_seconds:.1f} s to start a worker"
    tasks = ", ".join(f"{name} {number:,.0f}" for name, number in dispatch.items())
    yield f"Measured: {rate}, {figures.add_seconds * 1e6:.0f} µs to add up a result of {figures.result_bytes:,} bytes;"
    yield f"tasks a second: {tasks}. Assumed: {store / 1e6:,.0f} MB/s a worker from the store, first byte after 30 ms."
    yield ""
    yield "| tasks of | dispatched by | workers | seconds | used, % | limited by |"
    yield "|---:|---|---:|---:|---:|---|"
    for unit in (unit_bytes, 4 * unit_bytes):
        for name, tasks_per_second in dispatch.items():
            for workers in WORKERS:
                one = model(
                    figures,
                    size=size,
                    unit_bytes=unit,
                    tasks_per_second=tasks_per_second,
                    store_bytes=store,
                    workers=workers,
                )
                shown = f"{one.seconds:,.0f} | {one.used_percent:.0f} | {one.limit}"
                yield f"| {unit / 1e6:.0f} MB | {name} | {one.workers:,} | {shown} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--terabytes", type=float, default=1.0)
    parser.add_argument("--unit-megabytes", type=float, default=128)
    parser.add_argument("--store", type=float, default=1000, help="MB a second that the store gives a worker")
    parser.add_argument("--folder", type=Path, default=ROOT / ".benchmarks")
    given = parser.parse_args()
    given.folder.mkdir(exist_ok=True)
    figures = measure_here(given.folder)
    dispatch = {name: measure() for name, measure in DISPATCH.items()}
    for line in lines(figures, dispatch, given.terabytes * 1e12, given.unit_megabytes * 1e6, given.store * 1e6):
        print(line)


if __name__ == "__main__":
    main()
