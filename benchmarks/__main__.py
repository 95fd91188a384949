"""Measure every row of the table, in one run, as ratios of medians of pairs.

    python -m benchmarks [--pairs 5] [--folder .benchmarks] [--write FILE.md]

Each pair runs ours and the other one after the other, so that what else the
machine does falls on both. Corpora and peers are made on the first run.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from compileall import compile_dir
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.corpora import Corpora, make
from benchmarks.process import Spent, run

ROOT = Path(__file__).parent.parent
VOCABULARY = ROOT / "data" / "o200k_base.tiktoken"

Command = Callable[[], Spent]


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    work: str
    """What is done."""

    against: str
    """What it is compared with."""

    ours: float
    """Median seconds, or megabytes."""

    other: float | None
    """The same of the other; none if there is only a limit."""

    figure: float
    """The median of the ratios, the megabytes, or the median of the seconds that ours takes longer."""

    limit: float
    """The most that was asked for."""

    is_difference: bool = False
    """Whether the figure and its limit are seconds."""

    def __str__(self) -> str:
        """Write it as a line of a Markdown table."""
        verdict = "yes" if self.figure <= self.limit else "**no**"
        if self.other is None:
            peak = f"{self.figure:,.0f} MB"
            return f"| {self.work} | – | {peak} | | {peak} | {self.limit:,.0f} MB | {verdict} |"
        form = "+{:.2f} s" if self.is_difference else "{:.2f}"
        figures = f"{self.ours:.2f} s | {self.other:.2f} s | {form.format(self.figure)} | {form.format(self.limit)}"
        return f"| {self.work} | {self.against} | {figures} | {verdict} |"


def pair(work: str, against: str, ours: Command, other: Command, limit: float, pairs: int) -> Row:
    """Run two things in turns and return the median of their ratios."""
    ours(), other()
    return _row(work, against, [(ours().seconds, other().seconds) for _ in range(pairs)], limit)


def _row(work: str, against: str, measured: Sequence[tuple[float, float]], limit: float) -> Row:
    return Row(
        work,
        against,
        statistics.median(one for one, _ in measured),
        statistics.median(two for _, two in measured),
        statistics.median(one / two for one, two in measured),
        limit,
    )


def beyond(work: str, against: str, ours: Command, other: Command, limit: float, pairs: int) -> Row:
    """Run two things in turns and return the median of the seconds that ours takes longer."""
    ours(), other()
    measured = [(ours().seconds, other().seconds) for _ in range(pairs)]
    median = statistics.median(one - two for one, two in measured)
    return replace(_row(work, against, measured, limit), figure=median, is_difference=True)


def memory(work: str, ours: Command, limit: float) -> Row:
    """Run something once and return its peak memory in megabytes."""
    peak = ours().peak_bytes / 1e6
    return Row(work, "", peak, None, peak, limit)


_AN_ORDER_OF_MAGNITUDE = 0.10

_ALL_FILES = ("--quiet", "--no-security-check", "--no-gitignore", "--no-dot-ignore", "--no-default-patterns")
"""The corpora are inside a checkout that ignores them."""


def rows(corpora: Corpora, pairs: int) -> Iterator[Row]:
    """Measure everything, row by row."""
    ours: Sequence[str] = (sys.executable, "-m", "gpt41calc")
    environment = {"TIKTOKEN_CACHE_DIR": str(corpora.tiktoken_cache)}

    def estimate(folder: Path) -> Command:
        return lambda: run(*ours, "estimate", "--no-cache", "--json", folder)

    def loop(engine: str, folder: Path) -> Command:
        script = ROOT / "benchmarks" / "loops.py"
        return lambda: run(corpora.peers / "python", script, engine, folder, VOCABULARY, env=environment)

    django, large = corpora.django, corpora.large
    yield pair("estimate, Django", "tiktoken loop", estimate(django), loop("tiktoken", django), 0.45, pairs)
    yield pair("estimate, large tree", "gigatoken loop", estimate(large), loop("gigatoken", large), 1.25, pairs)
    yield pair("estimate, large tree", "tiktoken loop", estimate(large), loop("tiktoken", large), 0.08, pairs)
    gitingest = corpora.peers / "gitingest"
    yield pair(
        "estimate, Django",
        "gitingest",
        estimate(django),
        lambda: run(gitingest, "--include-gitignored", "-o", "-", django, env=environment),
        _AN_ORDER_OF_MAGNITUDE,
        pairs,
    )
    if (repomix := corpora.repomix) is not None:
        yield pair(
            "estimate, Django",
            "repomix",
            estimate(django),
            lambda: run(repomix, *_ALL_FILES, "-o", os.devnull, django, env={"REPOMIX_TOKEN_CACHE": "0"}),
            _AN_ORDER_OF_MAGNITUDE,
            pairs,
        )
    yield _again("Django", django, ours, pairs)
    yield _again("large tree", large, ours, pairs)
    prompt = corpora.prompt
    yield pair(
        "count -q, 8 kB on standard input",
        "ttok -m gpt-4.1",
        lambda: run(*ours, "count", "-q", stdin=prompt),
        lambda: run(corpora.peers / "ttok", "-m", "gpt-4.1", stdin=prompt, env=environment),
        0.60,
        4 * pairs,
    )
    empty = ROOT / "benchmarks" / "empty_app.py"
    for option in ("--version", "--help"):
        yield pair(
            option,
            "an empty Typer app",
            lambda option=option: run(*ours, option),  # type: ignore[misc]
            lambda: run(corpora.peers / "python", empty),
            1.15,
            4 * pairs,
        )
    yield difference(corpora.repository, ours, pairs)
    yield pair(
        "batch, 100 MB of requests",
        "count -q of the same file",
        lambda: run(*ours, "batch", corpora.requests),
        lambda: run(*ours, "count", "-q", "--no-cache", corpora.requests),
        3.0,
        pairs,
    )
    if (taskset := shutil.which("taskset")) is not None:
        yield pair(
            "count -q, 1 GB on standard input",
            "the same on one core",
            lambda: run(*ours, "count", "-q", stdin=corpora.gigabyte),
            lambda: run(taskset, "-c", "0", *ours, "count", "-q", stdin=corpora.gigabyte),
            0.70,
            pairs,
        )
    yield memory("peak memory, batch of 100 MB", lambda: run(*ours, "batch", corpora.requests), 400)
    yield memory("peak memory, 1 GB on standard input", lambda: run(*ours, "count", "-q", stdin=corpora.gigabyte), 400)
    yield memory("peak memory, large tree", estimate(large), 500)
    yield from _growth(corpora, ours, pairs)


def _again(name: str, folder: Path, ours: Sequence[str], pairs: int) -> Row:
    """Measure runs with a warm cache against first runs, each of which begins with an empty one."""
    measured = []
    for _ in range(pairs):
        with tempfile.TemporaryDirectory() as cache:
            first, second = (run(*ours, "--json", folder, env={"XDG_CACHE_HOME": cache}).seconds for _ in range(2))
        measured.append((second, first))
    return _row(f"second run, {name}", "its first run", measured, 0.35)


def difference(repository: Path, ours: Sequence[str], pairs: int) -> Row:
    """Measure a difference, with an empty cache, against what it takes to start and read the table of prices."""
    return beyond(
        "diff, 100 of 5,000 files changed",
        "models -q, the start",
        lambda: run(*ours, "diff", "HEAD~1", "--no-cache", "--json", cwd=repository),
        lambda: run(*ours, "models", "-q", cwd=repository),
        1.0,
        pairs,
    )


def _growth(corpora: Corpora, ours: Sequence[str], pairs: int) -> Iterator[Row]:
    """Measure ten times the text against the text."""
    with tempfile.TemporaryDirectory() as folder:
        part, whole = Path(folder) / "part", Path(folder) / "whole"
        with corpora.gigabyte.open("rb") as source:
            part.write_bytes(source.read(50_000_000))
            whole.write_bytes(part.read_bytes() * 10)
        yield pair(
            "ten times the text (500 MB)",
            "the text (50 MB)",
            lambda: run(*ours, "count", "-q", "--no-cache", whole),
            lambda: run(*ours, "count", "-q", "--no-cache", part),
            10.5,
            pairs,
        )


def main() -> None:
    """Print the table, and write it if asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=ROOT / ".benchmarks")
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    given.folder.mkdir(exist_ok=True)
    compile_dir(ROOT / "gpt41calc", quiet=1)  # as pip does with all that it installs, the peers among it
    machine = f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}"
    engines = f"gigatoken {version('gigatoken')}, tiktoken {version('tiktoken')}"
    lines = [
        f"{datetime.now(UTC).date()}, {machine}, {engines}, medians of {given.pairs} pairs or more:",
        "",
        "| work | against | ours | other | ratio | at most | within |",
        "|---|---|---:|---:|---:|---:|---|",
    ]
    print("\n".join(lines), flush=True)
    for row in rows(make(given.folder, VOCABULARY), given.pairs):
        lines.append(str(row))
        print(row, flush=True)
    if given.write:
        given.write.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
