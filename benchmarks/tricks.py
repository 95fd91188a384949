"""Measure what every trick for speed buys, by switching it off alone: the whole run with it against the run without.

    python -m benchmarks.tricks [--pairs 5] [--folder .benchmarks] [--large FOLDER] [--only WORDS] [--write FILE.md]

Each pair runs both, one after the other, so that what else the machine does falls on both; the order changes from
pair to pair. A trick stays if runs take at least 5 % longer without it on one of the rows. What is measured is the
elapsed time, and the time of the processors, which others on the machine disturb less.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Iterator
from compileall import compile_dir
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.__main__ import ROOT
from benchmarks.corpora import DJANGO, make_gigabyte, make_prose, make_requests, unpacked
from benchmarks.process import Spent
from benchmarks.process import run as run_process

__all__ = ["TRICKS", "Trick"]

_LEAST_PERCENT = 5.0


@dataclass(frozen=True)
class Trick:
    """Something that makes runs faster, and how to do without it."""

    name: str
    """What it is."""

    where: str
    """The module that it is in."""

    off: str
    """Python that switches it off, before the run begins; with ``run`` as what begins it."""

    runs: tuple[str, ...]
    """Names of the runs in which it is measured."""


TRICKS = (
    Trick(
        "workers count the files",
        "counting.workers",
        "import gpt41calc.counting.warm_start as one, gpt41calc.counting.workers as two\n"
        "one.is_possible = two.is_possible = lambda: False",
        ("tree, cold", "large tree, cold"),
    ),
    Trick(
        "workers start before the imports",
        "counting.warm_start",
        "import gpt41calc.boundary as boundary\nboundary.names_a_folder = lambda words: False",
        ("tree, cold", "large tree, cold"),
    ),
    Trick(
        "workers are forked",
        "counting.fork",
        "import gpt41calc.counting.workers as workers\nworkers.can_fork = lambda: False",
        ("tree, cold", "large tree, cold"),
    ),
    Trick(
        "the run history",
        "counting.run_history",
        "import gpt41calc.counting.warm_start as one\none.expectation = lambda words: one.Expectation.COUNTING",
        ("tree, second run", "large tree, second run"),
    ),
    Trick(
        "files are found and looked up early",
        "counting.prefetch",
        "import gpt41calc.counting.prefetch as prefetch\nprefetch.can_fork = lambda: False",
        ("tree, second run", "large tree, second run"),
    ),
    Trick("the count cache", "counting.cache", "sys.argv.append('--no-cache')", ("tree, second run",)),
    Trick(
        "pieces of a text are shared",
        "counting.piece_workers",
        "import gpt41calc.counting.shared_work as shared_work\nshared_work.can_fork = lambda: False",
        ("100 MB of prose",),
    ),
    Trick(
        "UTF-8 is checked in windows",
        "utf8",
        "import gpt41calc.utf8 as utf8\nutf8._WINDOW_BYTES = 1 << 40",
        ("100 MB of prose", "1 GB of source"),
    ),
    Trick(
        "gigatoken in place of tiktoken",
        "tokenizer.engines",
        "import importlib.util\nfind = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *more: None if name == 'gigatoken' else find(name, *more)",
        ("tree, cold",),
    ),
    Trick(
        "records are made dataclasses when it is needed",
        "pricing.fields",
        "import gpt41calc.pricing.fields as fields\nfields.Record.__init_subclass__ = classmethod(fields._made)",
        ("prompt", "prompt, priced", "tree, second run"),
    ),
    Trick(
        "short text is looked up",
        "tokenizer.lookup",
        "import gpt41calc.tokenizer.engines as engines\nengines.LookupEngine = lambda lookup, fast: fast",
        ("prompt", "prompt, priced"),
    ),
    Trick(
        "tables are compiled",
        "pricing.compiled",
        "import gpt41calc.pricing.table as one, gpt41calc.pricing.toml as two\n"
        "one.load_compiled = two.load_compiled = lambda *_: None",
        ("prompt, priced",),
    ),
    Trick(
        "only the command that is asked for is built",
        "app",
        "import gpt41calc.app as app\nbuild = app.application\napp.application = lambda words=(): build()",
        ("prompt", "prompt, priced"),
    ),
    Trick(
        "texts are taken as they are typed",
        "cli.command",
        "import gpt41calc.cli.command as command\ncommand._taking_texts = lambda parameters: parameters",
        ("prompt", "prompt, priced"),
    ),
    Trick(
        "the process exits without clean-up",
        "__main__",
        "from gpt41calc.boundary import main\nimport gc\n"
        "def run():\n    gc.set_threshold(200_000)\n    sys.exit(main())",
        ("prompt", "1 MB file", "tree, cold"),
    ),
    Trick(
        "garbage is rarely looked for",
        "__main__",
        "import gc\ngc.set_threshold = lambda *_: None",
        ("prompt, priced", "large tree, second run", "batch"),
    ),
)


@dataclass(frozen=True)
class Run:
    """A run in which tricks are measured."""

    words: tuple[str, ...]
    """The command line."""

    stdin: Path | None = None
    """What is piped in."""

    is_warm: bool = False
    """Whether counts are remembered from an earlier run."""


def runs(folder: Path, large: Path | None) -> dict[str, Run]:
    """Return the runs by name; corpora are made where they are missing.

    Args:
        folder: where corpora are.
        large: a large tree; None: runs over one are left out.
    """
    django = unpacked(DJANGO, folder / "django")
    source = b"".join(path.read_bytes() for path in sorted(django.rglob("*.py")))
    prompt, megabyte = folder / "prompt.txt", folder / "megabyte.txt"
    prompt.write_bytes(source[:8000])
    megabyte.write_bytes(source[:1_000_000])
    prose = make_prose(folder / "prose.txt", source.decode())
    found = {
        "prompt": Run(("count", "-q"), stdin=prompt),
        "prompt, priced": Run(("estimate",), stdin=prompt),
        "1 MB file": Run(("count", "-q", "--no-cache", str(megabyte))),
        "100 MB of prose": Run(("count", "-q"), stdin=prose),
        "1 GB of source": Run(("count", "-q"), stdin=make_gigabyte(folder / "gigabyte.txt", source)),
        "batch": Run(("batch", "-q", str(make_requests(folder / "requests-10-mb.jsonl", source.decode(), 10**7)))),
        "tree, cold": Run(("estimate", "--no-cache", str(django))),
        "tree, second run": Run(("estimate", str(django)), is_warm=True),
    }
    if large is not None:
        found["large tree, cold"] = Run(("estimate", "--no-cache", str(large)))
        found["large tree, second run"] = Run(("estimate", str(large)), is_warm=True)
    return found


def spent(run: Run, prelude: str, cache: str) -> Spent:
    """Run the program once, after some Python."""
    program = f"import sys\nfrom gpt41calc.__main__ import run\n{prelude}\nrun()"
    words = (sys.executable, "-c", program, *run.words)
    return run_process(*words, stdin=run.stdin, env={"XDG_CACHE_HOME": cache}, cwd=ROOT)


def rows(folder: Path, large: Path | None, pairs: int, only: str) -> Iterator[str]:
    """Measure every trick, and yield a row for each run of it."""
    known = runs(folder, large)
    with tempfile.TemporaryDirectory() as cache:
        for run in known.values():
            if run.is_warm:
                spent(run, "", cache), spent(run, "", cache)
        for trick in TRICKS:
            for name in trick.runs if only in trick.name else ():
                if name in known:
                    yield _row(trick, name, known[name], cache, pairs)


def _row(trick: Trick, name: str, run: Run, cache: str, pairs: int) -> str:
    measured = []
    for number in range(pairs):
        order = ("", trick.off) if number % 2 else (trick.off, "")
        both = {prelude: spent(run, prelude, cache) for prelude in order}
        measured.append((both[""], both[trick.off]))
    longer = statistics.median(100 * (off.seconds / on.seconds - 1) for on, off in measured)
    more = statistics.median(100 * (off.cpu_seconds / on.cpu_seconds - 1) for on, off in measured)
    on_ms = 1000 * statistics.median(on.seconds for on, _ in measured)
    off_ms = 1000 * statistics.median(off.seconds for _, off in measured)
    is_enough = "yes" if longer >= _LEAST_PERCENT else "no"
    figures = f"{on_ms:,.0f} | {off_ms:,.0f} | {longer:+.0f} | {more:+.0f} | {is_enough}"
    return f"| {trick.name} | {trick.where} | {name} | {figures} |"


def main() -> None:
    """Print the table, and write it if asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tricks", description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=ROOT / ".benchmarks")
    parser.add_argument("--large", type=Path)
    parser.add_argument("--only", default="", help="measure only tricks whose name holds this")
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    given.folder.mkdir(exist_ok=True)
    compile_dir(ROOT / "gpt41calc", quiet=1)
    machine = f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}"
    lines = [
        f"{datetime.now(UTC).date()}, {machine}, medians of {given.pairs} pairs: how much longer runs take without it:",
        "",
        "| trick | in | run | with, ms | without, ms | longer, % | processors, % | over 5 % |",
        "|---|---|---|---:|---:|---:|---:|---|",
    ]
    print("\n".join(lines), flush=True)
    for row in rows(given.folder, given.large, given.pairs, given.only):
        lines.append(row)
        print(row, flush=True)
    if given.write:
        given.write.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
