"""Measure `dataset`, in one run, as ratios of medians of pairs.

    python -m benchmarks.dataset [--pairs 5] [--megabytes 1000] [--times 10] [--folder .benchmarks] [--only WORDS]

Each pair runs ours and the other one after the other, each in a process of its own, and both have to count the same
tokens. Rows are made from a pinned package on the first run. The dataset that is sampled has every file under several
names, so that it is larger than its disk; both runs of that pair read the same.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpora import DJANGO, unpacked
from benchmarks.rows import linked, make_lines, make_parquet

ROOT = Path(__file__).parent.parent

MOST_WORKER_BYTES = 400 * 10**6
"""A worker is to hold no more."""


@dataclass(frozen=True)
class Run:
    """One count of a dataset."""

    tokens: int
    """Tokens that were seen."""

    seconds: float
    """Of the work, without the start."""

    peak_bytes: int
    """The most memory that a worker held."""


@dataclass(frozen=True)
class Pair:
    """What is compared."""

    work: str
    """What is done."""

    against: str
    """What it is compared with."""

    ours: Sequence[str]
    """The words of ``dataset_run``."""

    other: Sequence[str]
    """The same for the other."""

    most: float
    """The highest ratio of seconds that is asked for."""

    is_long: bool = False
    """Whether one of them counts ten times the text, and is run a fifth as often; the other one counts a sample."""


def run(words: Sequence[str]) -> Run:
    """Run ``dataset_run`` and return what it says.

    Raises:
        CalledProcessError: it did not end with 0.
    """
    command = [sys.executable, "-m", "benchmarks.dataset_run", *words]
    shown = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT).stdout
    return Run(**json.loads(shown.splitlines()[-1]))


def pairs_of(rows: Path, lines: Path, many: Path) -> Iterator[Pair]:
    """Yield what is measured."""
    local = ("local", str(rows))
    yield Pair("tally", "a plain loop over rows", ("tally", str(rows)), ("loop", str(rows)), 1.0)
    yield Pair("two processes", "one process", local, (*local, "--workers", "1"), 0.6)
    yield Pair("Ray tasks", "two processes", ("ray", str(rows)), local, 1.4)
    yield Pair("Spark job", "two processes", ("spark", str(rows)), local, 1.6)
    for reader, name in (("duckdb", "DuckDB and the tally"), ("polars", "Polars and the tally")):
        one = ("local", str(lines), "--workers", "1")
        yield Pair("100 MB of JSONL, one process", name, one, (reader, str(lines)), 1.25)
    yield Pair("sample of 64", "all of it", ("sample", str(many)), ("all", str(many)), 0.15, is_long=True)


def measured(pair: Pair, times: int) -> tuple[str, int]:
    """Run two things in turns; return a line of the table, and the most memory that a worker of ours held.

    Raises:
        ValueError: they have counted other tokens.
    """
    times = max(1, times // 5) if pair.is_long else times
    found = [(run(pair.ours), run(pair.other)) for _ in range(times)]
    if not pair.is_long and len({one.tokens for both in found for one in both}) > 1:
        message = f"{pair.work} and {pair.against} have counted other tokens: {found}"
        raise ValueError(message)
    ratios = [one.seconds / two.seconds for one, two in found]
    ratio = statistics.median(ratios)
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    verdict = "yes" if ratio <= pair.most else "**no**"
    line = f"| {pair.work} | {pair.against} | {ratio:.2f} | {spread} | {pair.most:.2f} | {verdict} |"
    return line, max(one.peak_bytes for one, _ in found)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dataset", description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--folder", type=Path, default=ROOT / ".benchmarks")
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    given.folder.mkdir(exist_ok=True)
    source = unpacked(DJANGO, given.folder / "django")
    rows = make_parquet(given.folder / f"rows-{given.megabytes}", source, given.megabytes * 10**6)
    lines = make_lines(given.folder / "rows.jsonl", source, 10**8)
    many = linked(given.folder / f"rows-{given.megabytes}-{given.times}", sorted(rows.iterdir()), given.times)
    cores = f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}"
    print(f"{cores}, {given.megabytes} MB of text, sampled: {given.megabytes * given.times / 1000:g} GB\n")
    print("| work | against | ratio | of all pairs | at most | within |\n|---|---|---:|---:|---:|---|", flush=True)
    peaks = {}
    for pair in pairs_of(rows, lines, many):
        if given.only in pair.work:
            line, peaks[pair.work] = measured(pair, given.pairs)
            print(line, flush=True)
    for work, peak in peaks.items():
        verdict = "yes" if peak <= MOST_WORKER_BYTES else "**no**"
        print(f"| peak memory of a worker: {work} | – | {peak / 1e6:.0f} MB | | 400 MB | {verdict} |")


if __name__ == "__main__":
    main()
