"""Count a dataset once, in one way; print how long the work took without the start, and what it needed.

    python -m benchmarks.dataset_run loop|tally|local|ray|spark|duckdb|polars|all|sample PATH [--workers N]

It is a process of its own, so that each way begins with nothing.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pyarrow
import pyarrow.parquet

from gpt41calc.dataset import Tally, merge, tally, tally_batches, tally_table
from gpt41calc.dataset.engines import Engine
from gpt41calc.dataset.engines.local import LocalEngine
from gpt41calc.dataset.engines.ray import RayEngine
from gpt41calc.dataset.engines.spark import SparkEngine
from gpt41calc.dataset.files import find_files
from gpt41calc.dataset.job import Counted, Job
from gpt41calc.dataset.measure import Aim, measure
from gpt41calc.dataset.units import Part, Unit, divide, pack
from gpt41calc.tokenizer.engines import tokenizer

JOB = Job(column="text")

_BATCH_ROWS = 8192

_SMALL_BYTES = 4 << 20


def parts_of(path: str) -> list[Part]:
    """Return the parts of a dataset."""
    return [part for part in divide(find_files([path]), ["text"]) if isinstance(part, Part)]


def _batches(path: str) -> Iterator[pyarrow.RecordBatch]:
    for file in sorted(Path(path).glob("*.parquet")):
        yield from pyarrow.parquet.ParquetFile(file).iter_batches(_BATCH_ROWS, columns=["text"], use_threads=False)


def loop(path: str) -> int:
    """Count row by row, as anybody would."""
    count = tokenizer("o200k_base", short=False).count
    return sum(count(row) for batch in _batches(path) for row in batch.column(0).to_pylist() if row is not None)


def batches(path: str) -> int:
    """Count batch by batch."""
    return sum(tally(batch).tokens for batch in _batches(path))


def duckdb(path: str) -> int:
    """Have DuckDB read lines, by one thread."""
    import duckdb

    duckdb.sql("SET threads = 1")
    return merge(tally_batches(duckdb.read_json(path).select("text").to_arrow_reader(_BATCH_ROWS))).tokens


def polars(path: str) -> int:
    """Have Polars read lines."""
    import polars as pl

    return merge(map(tally_table, pl.scan_ndjson(path).select("text").collect_batches())).tokens


def _sum(results: Iterable[object]) -> int:
    return sum((one.tallies["o200k_base"] for one in results if isinstance(one, Counted)), Tally()).tokens


def run_engine(engine: Engine, path: str, *, keeps_workers: bool) -> tuple[int, float]:
    """Return the tokens and the seconds of the work alone: the start is measured with two small units.

    Args:
        engine: what counts.
        path: the dataset.
        keeps_workers: whether those of the small units are still there.
    """
    parts = parts_of(path)
    small = [Unit((part,)) for part in sorted(parts, key=lambda part: part.size)[:2]]
    started = time.perf_counter()
    list(engine.run(JOB, small))
    start = 0.0 if keeps_workers else time.perf_counter() - started
    started = time.perf_counter()
    tokens = _sum(engine.run(JOB, pack(parts)))
    return tokens, time.perf_counter() - started - start


def measured(path: str, aim: Aim, workers: int) -> int:
    """Count all or a sample; return the tokens that were seen."""
    return measure(parts_of(path), JOB, LocalEngine(workers), aim).sums.tokens


def peak_bytes() -> int:
    """Return the most memory that a worker below this process held; of this one if it has none."""
    found = [resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024]
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes()
            status = (entry / "status").read_text()
        except OSError:
            continue
        if b"ray::" in words or b"pyspark.daemon" in words:
            found.append(int(status.partition("VmHWM:")[2].split()[0]) * 1024)
    return max(found) if max(found) > _SMALL_BYTES * 25 else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    """Print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way")
    parser.add_argument("path")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    simple: dict[str, Callable[[str], int]] = {"loop": loop, "tally": batches, "duckdb": duckdb, "polars": polars}
    engines: dict[str, tuple[Engine, bool]] = {
        "local": (LocalEngine(given.workers), given.workers == 1),
        "ray": (RayEngine(workers=given.workers), True),
        "spark": (SparkEngine(f"local[{given.workers},4]"), True),
    }
    aims = {"all": Aim(mode="exact"), "sample": Aim(mode="share", share=0.0)}
    if given.way in engines:
        engine, keeps = engines[given.way]
        tokens, seconds = run_engine(engine, given.path, keeps_workers=keeps)
    else:
        tokenizer("o200k_base", short=False).count("The vocabulary is loaded. " * 100)
        started = time.perf_counter()
        if given.way in aims:
            tokens = measured(given.path, aims[given.way], given.workers)
        else:
            tokens = simple[given.way](given.path)
        seconds = time.perf_counter() - started
    json.dump({"tokens": tokens, "seconds": seconds, "peak_bytes": peak_bytes()}, sys.stdout)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
