"""A prefetch can save time; no answer, message or exit code depends on it."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Outcome, Spawn

from gpt41calc.counting.cores import usable_cores
from gpt41calc.counting.run_history import Expectation

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or usable_cores() < 2, reason="a process is forked on Linux only, with a second core"
)

CLOCK = "import time\nnow = time.time_ns\ntime.time_ns = lambda: now() + 3600 * 10**9\n"
"""Lets an hour pass in a process, so that no file is freshly written."""

PROGRAM = f"""
{CLOCK}
import os, signal, sys
from pathlib import Path
import gpt41calc.counting.prefetch as module
from gpt41calc.counting.cache import CountCache
from gpt41calc.counting.cached_files import CachedFiles
from gpt41calc.counting.count import count_all
from gpt41calc.counting.prefetch import Prefetch, Wanted
from gpt41calc.counting.workers import WorkerPool
from gpt41calc.locations import cache_folder
from gpt41calc.sources.find import gather
from gpt41calc.sources.source import Rules
from gpt41calc.tokenizer.engines import tokenizer

module.SILENT_SECONDS = 0.3
rules = Rules()
tokenizers = {{name: tokenizer(name, short=False) for name in ("o200k_base", "cl100k_base")}}

def cache():
    return CountCache(cache_folder(), print)

def counted(found, prefetch=None):
    workers = WorkerPool()
    workers.prefetch = prefetch
    opened = cache()
    tally = count_all(found, tokenizers, rules, cache=opened, workers=workers)
    opened.close()
    return tally

expected = gather(["tree"], rules)
whole = counted(expected)
"""
"""Counts a folder, so that its counts are cached, and has what the tests below use."""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a folder of files of every kind, over 64 kB long, for which the cache is not asked."""
    folder = tmp_path / "tree"
    kinds = (b"", b"\0\1", b"caf\xff", "wide".encode("utf-16"), "Привет \u0c5c".encode(), b"words\n" * 3000)
    for number in range(120):
        path = folder / f"{number % 7}" / f"{number:03}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(kinds[number % len(kinds)] and kinds[number % len(kinds)] + b"%d" % number)
    (folder / "link").symlink_to("0")
    (folder / ".hidden").write_text("hidden")
    (folder / "ends-in-\udcff").write_bytes(b"a name that is not Unicode")
    (folder / ".gitignore").write_text("3/\n")
    return folder


def told(tmp_path: Path, environment: dict[str, str], program: str) -> str:
    """Run a program after ``PROGRAM``; return what it writes."""
    command = [sys.executable, "-c", PROGRAM + program]
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    return ended.stdout + ended.stderr


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    "meanwhile",
    [
        "",
        "os.kill(prefetch._pid, signal.SIGKILL)",
        "os.kill(prefetch._pid, signal.SIGSTOP)",
        pytest.param("time.sleep(0.5)", marks=pytest.mark.exhaustive),
    ],
)
@pytest.mark.parametrize("when", ["before it answers", "between its answers"])
def test_whatever_becomes_of_it(tmp_path: Path, environment: dict[str, str], meanwhile: str, when: str) -> None:
    """Files and counts are the same whether it answers, is killed or is stopped, and nothing of it is left."""
    early, late = (meanwhile, "") if when == "before it answers" else ("", meanwhile)
    program = f"""
descriptors = os.listdir("/proc/self/fd")
prefetch = Prefetch(lambda: Wanted(("tree",), rules))
{early}
found = prefetch.found(["tree"], rules)
{late}
tally = counted(expected if found is None else found, prefetch)
prefetch.dismiss()
try:
    os.kill(prefetch._pid, 0)
except ProcessLookupError:
    print(found in (None, expected), tally == whole, descriptors == os.listdir("/proc/self/fd"))
"""

    assert "True True True\n" == told(tmp_path, environment, program)


@pytest.mark.usefixtures("tree")
def test_it_answers_for_what_it_was_started_for(tmp_path: Path, environment: dict[str, str]) -> None:
    """For other paths or rules, and when asked again, there is no answer; neither if nothing can be predicted."""
    program = """
def asked(predict, *questions):
    prefetch = Prefetch(predict)
    answers = [prefetch.found(*each) == expected for each in questions]
    prefetch.dismiss()
    return *answers, prefetch.is_of_use

wanted = lambda: Wanted(("tree",), rules)
print(
    asked(wanted, (["tree"], rules), (["tree"], rules)),
    asked(wanted, (["./tree"], rules)),
    asked(wanted, (["tree", "tree"], rules)),
    asked(wanted, (["tree"], Rules(hidden=True)), (["tree"], rules)),
    asked(lambda: None, (["tree"], rules)),
    asked(lambda: 1 / 0, (["tree"], rules)),
    asked(lambda: Wanted(("nowhere",), rules), (["nowhere"], rules)),
)
"""
    expected = "(True, False, True) (False, False) (False, False) (False, False, False)" + " (False, False)" * 3 + "\n"

    assert expected == told(tmp_path, environment, program)


@pytest.mark.usefixtures("tree")
def test_what_is_to_be_warned_of_is_found_again(tmp_path: Path, environment: dict[str, str]) -> None:
    """There is no answer about files that cannot be read, and no counts from a cache that is not trusted."""
    program = """
os.mkdir("tree/git"), Path("tree/git/.git").write_text("damaged")
broken = Prefetch(lambda: Wanted(("tree",), rules))
print(broken.found(["tree"], rules))
Path("tree/git/.git").unlink()
os.chmod(cache_folder(), 0o777)
prefetch = Prefetch(lambda: Wanted(("tree",), rules))
found = prefetch.found(["tree"], rules)
files = CachedFiles(cache(), rules, 0)
print(found == expected, [one for one in prefetch.cached(files, rules).values() if one and one.bytes])
"""
    lines = told(tmp_path, environment, program).splitlines()
    place = f"{environment['XDG_CACHE_HOME']}/gpt41calc/counts-v2"
    expected = ["None", f"the cache {place} is not used: others may write to it", "True []"]

    assert expected == lines


@pytest.mark.usefixtures("tree")
def test_what_the_system_refuses_to_two_processes(tmp_path: Path, environment: dict[str, str]) -> None:
    """There is no answer if git could not be started, since the files that it ignores are then not known."""
    program = """
import resource, subprocess

def limited():
    import gpt41calc.sources.walk
    resource.setrlimit(resource.RLIMIT_NOFILE, (8, 8))
    return Wanted(("tree",), rules)

print(Prefetch(limited).found(["tree"], rules))
"""

    assert "None\n" == told(tmp_path, environment, program)


@pytest.mark.usefixtures("tree")
def test_a_file_that_changes_meanwhile(tmp_path: Path, environment: dict[str, str]) -> None:
    """It is counted as it was at some moment of the run, and the next run counts what it is now."""
    program = """
path = Path("tree/5/005.txt")
prefetch = Prefetch(lambda: Wanted(("tree",), rules))
found = prefetch.found(["tree"], rules)
path.write_text("other words " * 5000)
one = lambda tally: next(each for each in tally.counted if each.path == str(path)).bytes
meanwhile, before = one(counted(found, prefetch)), one(whole)
print(meanwhile in (before, 60_000), one(counted(found)))
prefetch.dismiss()
"""

    assert "True 60000\n" == told(tmp_path, environment, program)


@pytest.fixture
def later(tmp_path: Path, environment: dict[str, str]) -> dict[str, str]:
    """Return an environment in which no file is freshly written, and a core is idle."""
    clock = tmp_path / "clock"
    clock.mkdir()
    idle = "import gpt41calc.counting.prefetch as prefetch\nprefetch.is_core_idle = lambda: True\n"
    (clock / "sitecustomize.py").write_text(CLOCK + idle)
    return environment | {"PYTHONPATH": str(clock)}


def expected_next(environment: dict[str, str]) -> int:
    """Return the one byte in the run history that is not zero; 0 if all are."""
    history = Path(environment["XDG_CACHE_HOME"], "gpt41calc", "run-history-v1").read_bytes()
    return max(history, default=0)


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    ("words", "project", "noted"),
    [
        (["estimate", "tree", "--json"], "", Expectation.LOOKING_UP),
        pytest.param(
            ["count", "tree", "--hidden", "--exclude=2/", "--max-file-size=1M", "-fjson"],
            "",
            Expectation.LOOKING_UP,
            marks=pytest.mark.exhaustive,
        ),
        pytest.param(
            ["recommend", "tree", "--task", "code"],
            'include = ["*.txt"]\n',
            Expectation.LOOKING_UP,
            marks=pytest.mark.exhaustive,
        ),
        (["check", "tree", "--token-budget", "1k"], "hidden = true\n", Expectation.LOOKING_UP),
        (["count", "tree", "--files-from", "list"], "", Expectation.LOOKING_UP_ALONE),
        pytest.param(["compare", "tree", "."], "", Expectation.LOOKING_UP_ALONE, marks=pytest.mark.exhaustive),
        pytest.param(["pack", "tree", "--tokens", "5k"], "", Expectation.LOOKING_UP, marks=pytest.mark.exhaustive),
        pytest.param(
            ["preflight", "tree", "--usage-tier", "1", "--text", "--follow"],
            "",
            Expectation.LOOKING_UP,
            marks=pytest.mark.exhaustive,
        ),
        pytest.param(["tree", "--no-gitignore", "-q"], "", Expectation.LOOKING_UP, marks=pytest.mark.exhaustive),
    ],
)
def test_every_run_says_the_same(
    spawn: Spawn, later: dict[str, str], tmp_path: Path, words: list[str], project: str, noted: Expectation
) -> None:
    """A first run, later ones and one without the cache report the same; if a prefetch is of no use, that is noted."""
    (tmp_path / "list").write_text("tree/1\n")
    (tmp_path / "gpt41calc.toml").write_text(project)
    runs = [spawn(*words, env=later, fresh=True) for _ in range(2)]
    actual = expected_next(later)
    runs.append(spawn(*words, "--no-cache", env=later, fresh=True))

    assert ([runs[0]] * 3, noted) == (runs, actual)


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    ("most", "values"),
    [
        (resource.RLIMIT_NOFILE, (6, 9, 13)),
        pytest.param(resource.RLIMIT_NOFILE, range(4, 24), marks=pytest.mark.exhaustive),
        pytest.param(resource.RLIMIT_AS, range(100 << 20, 900 << 20, 40 << 20), marks=pytest.mark.exhaustive),
    ],
)
def test_limits(spawn: Spawn, later: dict[str, str], most: int, values: range) -> None:
    """A run that ends well under a limit ends well with a prefetch, too."""

    def run(value: int | None, expected: Expectation) -> Outcome:
        history = Path(later["XDG_CACHE_HOME"], "gpt41calc", "run-history-v1")
        if history.exists():
            history.write_bytes(bytes([expected]) * (1 << 16))
        limits: dict[str, Callable[[], None]] = {}
        if value is not None:
            limits["preexec_fn"] = lambda: resource.setrlimit(most, (value, value))
        return spawn("count", "tree", env=later, fresh=True, **limits)

    run(None, Expectation.COUNTING)
    expected = [run(value, Expectation.LOOKING_UP_ALONE) for value in values]
    actual = [run(value, Expectation.LOOKING_UP) for value in values]

    assert expected == actual


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(("sent", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_no_process_is_left(later: dict[str, str], tmp_path: Path, sent: signal.Signals, status: int) -> None:
    """However a run ends, the prefetch ends with it, and the git that it waits for."""
    command = [sys.executable, "-m", "gpt41calc", "count", "-q", "tree"]
    subprocess.run(command, cwd=tmp_path, env=later, check=True, capture_output=True)
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nsleep 60\n")
    slow.chmod(0o755)
    # Where an interrupt is lost, as in the import of a module, the run goes on to its end.
    around = later | {"PATH": f"{slow.parent}:{later['PATH']}", "GPT41CALC_GIT_TIMEOUT": "2"}
    process = subprocess.Popen(command, cwd=tmp_path, env=around, start_new_session=True, stderr=subprocess.DEVNULL)
    while len(processes_of(process.pid)) < 3 and process.poll() is None:  # the run, the prefetch, and git
        time.sleep(0.02)
    time.sleep(0.5)
    process.send_signal(sent)
    ended = process.wait(20)
    until = time.monotonic() + 10
    while processes_of(process.pid) and time.monotonic() < until:
        time.sleep(0.02)

    assert (status, []) == (ended, processes_of(process.pid))


def processes_of(session: int) -> list[int]:
    """Return the processes of a session that have not ended."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if folder.name.isdecimal() and int(fields[3]) == session and fields[0] not in "ZX":
            found.append(int(folder.name))
    return found
