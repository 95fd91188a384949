"""Signals, refusals of the system and libraries that end the process: none of them is a verdict, nobody is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import Spawn
from processes import started_by

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="limits and /proc of Linux")

ENDING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Return a folder that takes some seconds to count."""
    folder = tmp_path / "large"
    folder.mkdir()
    for number in range(32):
        (folder / f"{number}.txt").write_text("".join(f"word {at * number} of many\n" for at in range(30_000)))
        for copy in range(12):  # 200 MB
            os.link(folder / f"{number}.txt", folder / f"{number}-{copy}.txt")
    return folder


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a folder that a vocabulary has to be loaded for."""
    folder = tmp_path / "small"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number}.txt").write_text(f"word {number}\n" * 2000)
    return folder


@contextmanager
def counting(folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Start to count a folder, and wait until others help."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gpt41calc", "count", "-q", "--no-cache", str(folder)],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: [signal.signal(number, signal.SIG_DFL) for number in ENDING],  # noqa: PLW1509
    )
    with process:
        while not started_by(process.pid) and process.poll() is None:
            time.sleep(0.01)
        yield process


def left(process: int) -> list[int]:
    """Return who is still there some seconds after a process has ended that had started them."""
    end = time.monotonic() + 5
    while (found := started_by(process)) and time.monotonic() < end:
        time.sleep(0.01)
    return found


@linux_only
@pytest.mark.parametrize("number", [*ENDING, signal.SIGKILL])
@pytest.mark.parametrize(
    "after_seconds", [0.2, *(pytest.param(seconds, marks=pytest.mark.exhaustive) for seconds in (0.0, 0.5))]
)
def test_nobody_outlives_the_run(
    large: Path, environment: dict[str, str], number: signal.Signals, after_seconds: float
) -> None:
    """However it is ended, and whatever its workers do: they load a vocabulary or count in native code."""
    with counting(large, environment) as process:
        time.sleep(after_seconds)
        process.send_signal(number)
        _, stderr = process.communicate(timeout=10)

    assert (-9 if number == signal.SIGKILL else 130, b"") == (process.returncode, stderr.strip())
    assert [] == left(process.pid)


@linux_only
@pytest.mark.exhaustive
def test_a_worker_that_stalls_costs_only_time(small: Path, environment: dict[str, str], spawn: Spawn) -> None:
    """The run does not wait for it for ever, but counts itself."""
    expected = spawn("count", "-q", "--no-cache", str(small)).stdout
    with counting(small, environment) as process:
        for worker in started_by(process.pid):
            os.kill(worker, signal.SIGSTOP)
        stdout, stderr = process.communicate(timeout=30)

    assert (0, expected, b"") == (process.returncode, stdout.decode(), stderr)
    assert [] == left(process.pid)


@pytest.mark.parametrize(
    "number", [signal.SIGHUP, *(pytest.param(each, marks=pytest.mark.exhaustive) for each in ENDING[:2])]
)
def test_what_is_ignored_stays_ignored(
    small: Path, spawn: Spawn, environment: dict[str, str], number: signal.Signals
) -> None:
    """``nohup`` and the background of a shell mean what they say."""
    expected = spawn("count", "-q", "--no-cache", str(small)).stdout
    process = subprocess.Popen(
        [sys.executable, "-m", "gpt41calc", "count", "-q", "--no-cache", str(small)],
        env=environment,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(number, signal.SIG_IGN),  # noqa: PLW1509 - there are no threads
    )
    with process:
        for _ in range(20):
            time.sleep(0.02)
            process.send_signal(number)
        stdout, _ = process.communicate(timeout=30)

    assert (0, expected) == (process.returncode, stdout.decode())


LOST = """
import os, signal, sys
import gpt41calc.boundary as boundary
from gpt41calc.errors import ExitCode

class Destructor:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        for _ in range(1000):
            pass

def run(words, workers):
    Destructor()  # what is raised there is lost
    print("went on", flush=True)
    return ExitCode.OVER_BUDGET

boundary._run = run
sys.exit(boundary.main(["check"]))
"""


def test_an_interruption_that_is_lost_is_none_the_less_one(tmp_path: Path, environment: dict[str, str]) -> None:
    """Where an exception cannot be raised, the status tells of it, and no text of Python's."""
    script = tmp_path / "lost.py"
    script.write_text(LOST)
    ended = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, check=False)

    assert (130, b"went on\n", b"") == (ended.returncode, ended.stdout, ended.stderr)


HANGING = """
import sys, time
import gpt41calc.boundary as boundary

def run(words, workers):
    try:
        print("running", flush=True)
        time.sleep(60)
    except KeyboardInterrupt:
        print("cleaning up", flush=True)
        time.sleep(60)

boundary._run = run
sys.exit(boundary.main(["check"]))
"""


def test_a_second_interruption_ends_what_hangs(tmp_path: Path, environment: dict[str, str]) -> None:
    """Where cleaning up does not come to an end, pressing Ctrl-C again helps; two at once are one."""
    script = tmp_path / "hanging.py"
    script.write_text(HANGING)
    process = subprocess.Popen([sys.executable, str(script)], env=environment, stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        assert b"running\n" == process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        assert b"cleaning up\n" == process.stdout.readline()
        time.sleep(0.7)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)

        assert 130 == process.wait(10)


ALONE = """
import sys, time
from gpt41calc.counting.workers import WorkerPool
WorkerPool().start_as(forks=False)
print("started", flush=True)
time.sleep(60)
"""


@linux_only
def test_a_worker_that_is_no_copy_ends_with_its_parent(tmp_path: Path, environment: dict[str, str]) -> None:
    """As they are on macOS."""
    script = tmp_path / "alone.py"
    script.write_text(ALONE)
    process = subprocess.Popen(
        [sys.executable, str(script)], env=environment, stdout=subprocess.PIPE, start_new_session=True
    )
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        workers = started_by(process.pid)
        process.kill()

    assert 1 == len(workers)
    assert [] == left(process.pid)


# -- What is no verdict


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        ("raise SystemExit(1)", 70),
        ("return 1", 70),
        ("return ExitCode.OVER_BUDGET", 1),
        ("raise MemoryError", 3),
        ("raise OSError(errno.EMFILE, 'Too many open files')", 3),
        ("raise UsageError('x') from OSError(errno.ENFILE, 'Too many open files')", 3),
        ("NativeExits.become_internal_errors(); ctypes.CDLL(None).exit(1)", 70),
    ],
)
def test_only_a_verdict_is_status_1(tmp_path: Path, environment: dict[str, str], ending: str, status: int) -> None:
    """Whatever else ends the run, in Python or in a library, has another status."""
    script = tmp_path / "ending.py"
    script.write_text(
        "import ctypes, errno, sys\n"
        "import gpt41calc.boundary as boundary\n"
        "from gpt41calc.errors import ExitCode, UsageError\n"
        "from gpt41calc.resources import NativeExits\n"
        "from gpt41calc.__main__ import run\n"
        f"def broken(words, workers):\n    {ending}\n"
        "boundary._run = broken\n"
        "sys.argv[1:] = ['check']\n"
        "run()\n"
    )
    ended = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, check=False)

    assert (status, b"") == (ended.returncode, ended.stdout)
    assert b"Traceback" not in ended.stderr


@pytest.mark.parametrize("error", ["MemoryError", "OSError(24, 'Too many open files')", "ImportError('x')"])
def test_what_cannot_be_imported_is_no_verdict(tmp_path: Path, environment: dict[str, str], error: str) -> None:
    """From the first line on: not even the boundary need be there."""
    script = tmp_path / "no_import.py"
    script.write_text(
        "import sys\n"
        "from gpt41calc.__main__ import run\n"
        "class Refuses:\n"
        "    def find_spec(self, name, *_):\n"
        f"        if name == 'gpt41calc.boundary': raise {error}\n"
        "sys.meta_path.insert(0, Refuses())\n"
        "run()\n"
    )
    ended = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, check=False)

    assert (70 if "Import" in error else 3) == ended.returncode
    assert ended.stderr.startswith(b"gpt41calc: error: ")


def limited(which: str, value: int) -> Callable[[], None]:
    """Return what a child does to start with a limit."""

    def limit() -> None:
        import resource

        resource.setrlimit(getattr(resource, which), (value, value))

    return limit


@linux_only
@pytest.mark.parametrize("which", ["RLIMIT_AS", "RLIMIT_DATA"])
@pytest.mark.parametrize(
    "mib", [60, 200, *(pytest.param(mib, marks=pytest.mark.exhaustive) for mib in (140, 300, 600))]
)
def test_little_memory(spawn: Spawn, small: Path, which: str, mib: int) -> None:
    """The right number, or 3 and why: numpy, which would end the process with 1, is not loaded where it may."""
    words = ("count", "-q", "--no-cache", str(small))
    expected = spawn(*words).stdout
    ended = spawn(*words, preexec_fn=limited(which, mib << 20))

    assert ended.status in {0, 3}
    assert ended.stdout == expected if ended.status == 0 else "gpt41calc: " in ended.stderr


@linux_only
@pytest.mark.parametrize(
    "descriptors",
    [pytest.param(most, marks=[] if most in {6, 9, 12} else pytest.mark.exhaustive) for most in range(5, 16)],
)
def test_few_descriptors(spawn: Spawn, small: Path, descriptors: int) -> None:
    """The right verdict, or 3 and why; Python itself needs some to start."""
    words = ("check", "-q", "--no-cache", str(small), "--token-budget", "1000000")
    ended = spawn(*words, preexec_fn=limited("RLIMIT_NOFILE", descriptors))

    assert ended.status in {0, 3}
    assert ended.status == 0 or "gpt41calc: " in ended.stderr
