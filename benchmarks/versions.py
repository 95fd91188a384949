"""Run this version and another one in turns, cold and with their caches: how much longer this one takes.

    python -m benchmarks.versions OTHER [--folder DIR] [--requests FILE] [--text FILE] [--repository DIR]
        [--short-requests N] [--pairs 5]

OTHER is the program of another version, such as ``.venv/bin/gpt41calc`` in a checkout of an older commit. Ratios are
medians of pairs: of the time on the clock, and of the processors' time of all processes together.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks.batch_memory import write_requests
from benchmarks.process import Spent, run

__all__ = ["main"]


def _ratios(name: str, ours: Callable[[], Spent], other: Callable[[], Spent], pairs: int) -> str:
    """Return a row: medians of the ratios, ours to the other's, and the shortest time of each."""
    found = [(ours(), other()) for _ in range(pairs)]
    seconds = statistics.median(one.seconds / two.seconds for one, two in found)
    processors = statistics.median(one.cpu_seconds / two.cpu_seconds for one, two in found)
    shortest = [min(pair[at].seconds for pair in found) for at in (0, 1)]
    return f"| {name} | {shortest[0]:.2f} s | {shortest[1]:.2f} s | {seconds:.2f} | {processors:.2f} |"


def _estimate(program: Sequence[str], folder: Path, cache: str | None) -> Spent:
    """Run ``estimate`` with a cache, or with an empty one."""
    if cache is not None:
        return run(*program, "estimate", folder, env={"XDG_CACHE_HOME": cache})
    with tempfile.TemporaryDirectory() as empty:
        return run(*program, "estimate", folder, env={"XDG_CACHE_HOME": empty})


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other")
    parser.add_argument("--folder", type=Path, action="append", default=[])
    parser.add_argument("--requests", type=Path, action="append", default=[])
    parser.add_argument("--short-requests", type=int, help="requests of a file that is made, such as a million")
    parser.add_argument("--text", type=Path, action="append", default=[], help="counted on standard input")
    parser.add_argument("--repository", type=Path, action="append", default=[], help="its last commit is priced")
    parser.add_argument("--pairs", type=int, default=5)
    given = parser.parse_args()
    ours, other = [sys.executable, "-m", "gpt41calc"], [os.path.abspath(given.other)]
    folders, files, texts, repositories = (
        [path.absolute() for path in paths] for paths in (given.folder, given.requests, given.text, given.repository)
    )
    sys.stdout.write("| run | this version | the other | time | processors |\n|---|---:|---:|---:|---:|\n")
    with tempfile.TemporaryDirectory() as empty:
        os.chdir(empty)  # a project file in the current folder would be read
        for folder in folders:
            for is_cold in (True, False):
                caches = (None, None) if is_cold else (os.path.join(empty, "ours"), os.path.join(empty, "other"))
                first = partial(_estimate, ours, folder, caches[0])
                second = partial(_estimate, other, folder, caches[1])
                for each in () if is_cold else (first, second) * 2:  # the second run expects cached counts
                    each()
                name = f"estimate {folder.name}, {'first' if is_cold else 'second'} run"
                sys.stdout.write(_ratios(name, first, second, given.pairs) + "\n")
        if given.short_requests:
            files.append(
                write_requests(Path(empty, f"{given.short_requests:,} short requests"), given.short_requests, 12)
            )
        for file in files:
            first, second = (partial(run, *program, "batch", file) for program in (ours, other))
            sys.stdout.write(_ratios(f"batch {file.name}", first, second, given.pairs) + "\n")
        for text in texts:
            first, second = (partial(run, *program, "count", "-q", stdin=text) for program in (ours, other))
            sys.stdout.write(_ratios(f"count -q < {text.name}", first, second, given.pairs) + "\n")
        for repository in repositories:
            words = ("diff", "HEAD~1", "--no-cache", "--json")
            first, second = (partial(run, *program, *words, cwd=repository) for program in (ours, other))
            sys.stdout.write(_ratios(f"diff in {repository.name}", first, second, given.pairs) + "\n")
        os.chdir("/")
        for option in ("--version", "--help"):
            first, second = (partial(run, *program, option) for program in (ours, other))
            sys.stdout.write(_ratios(option, first, second, given.pairs) + "\n")


if __name__ == "__main__":
    main()
