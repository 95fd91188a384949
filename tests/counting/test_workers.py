"""Two processes count what one would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import Spawn

from gpt41calc.cli.argv import names_a_folder
from gpt41calc.counting.cache import CountCache
from gpt41calc.counting.count import count_all
from gpt41calc.counting.file_systems import FileSystems
from gpt41calc.counting.workers import WorkerPool
from gpt41calc.sources.find import gather
from gpt41calc.sources.source import Rules, Source
from gpt41calc.tally import Skipped, Tally
from gpt41calc.tokenizer.engines import tokenizer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pipe can be shared")

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="a process is copied on Linux only")

ENCODINGS = ("o200k_base", "cl100k_base")


@pytest.fixture
def workers() -> Iterator[WorkerPool]:
    """Return a worker pool, whatever the number of cores."""
    started = WorkerPool()
    started.start_as(forks=False)  # the threads of the test runner would not be in a copy
    yield started
    started.dismiss()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with more files than there are batches, of every kind."""
    made = tmp_path / "folder"
    made.mkdir()
    kinds = (b"", b"\0\1", b"caf\xff", "\ufeffmark".encode(), "wide".encode("utf-16"), "Привет \u0c5c/c".encode())
    for number in range(400):
        (made / f"{number:03}.txt").write_bytes(kinds[number % len(kinds)] or b"text %d\n" % number * number)
    (made / "ends-in-\udcff").write_bytes(b"a name that is not Unicode")
    return made


def counted(found: list[Source | Skipped], workers: WorkerPool | None, cache: CountCache | None = None) -> Tally:
    """Count what was found in both encodings."""
    tokenizers = {name: tokenizer(name, short=False) for name in ENCODINGS}
    return count_all(found, tokenizers, Rules(), workers=workers, cache=cache)


def test_two_count_what_one_counts(folder: Path, workers: WorkerPool) -> None:
    """The tally is the same to the last file, in the same order."""
    found = gather([str(folder), str(folder / "001.txt")], Rules())
    expected = counted(found, None)
    actual = counted(found, workers)

    assert expected == actual


def test_a_second_job_is_counted_here(folder: Path, workers: WorkerPool) -> None:
    """The workers take one job; what is asked after it is counted without them."""
    found = gather([str(folder)], Rules())
    once = counted(found, workers)

    assert once == counted(found, workers)


@linux_only
@pytest.mark.parametrize("counters", [2, *(pytest.param(many, marks=pytest.mark.exhaustive) for many in (4, 7))])
def test_copies_count_what_one_counts(folder: Path, counters: int) -> None:
    """A worker pool that divides itself finds the same, and does not end what the process was about to do."""
    program = f"""if True:
        import gpt41calc.counting.workers
        from gpt41calc.counting.workers import WorkerPool
        gpt41calc.counting.workers.usable_cores = lambda: {counters}
        from gpt41calc.sources.find import gather
        from gpt41calc.sources.source import Rules
        from gpt41calc.counting.count import count_all
        from gpt41calc.tokenizer.engines import tokenizer

        workers = WorkerPool()
        workers.start_as(forks=True)
        tokenizers = {{name: tokenizer(name, short=False) for name in {ENCODINGS!r}}}
        found = gather([{str(folder)!r}], Rules())
        tallies = [count_all(found, tokenizers, Rules(), workers=each) for each in (None, workers)]
        workers.dismiss()
        print(tallies[0] == tallies[1], tallies[0].files)
    """
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    expected = ("True 334\n", "")
    actual = (ended.stdout, ended.stderr)

    assert expected == actual


def test_more_than_the_history_expects(folder: Path, spawn: Spawn) -> None:
    """A first run, a second over the same files and a third over others tell the numbers of each."""
    long_ago = time.time() - 3600

    def tokens() -> int:
        return int(spawn("count", "-q", str(folder)).stdout)

    for path in folder.iterdir():
        os.utime(path, (long_ago, long_ago))
    first, second = tokens(), tokens()
    for number in range(300):
        (folder / f"new{number}.txt").write_text("hello world\n" * 100)
    expected = (first, first + 300 * 300)
    actual = (second, tokens())

    assert expected == actual


@pytest.fixture
def hour_later(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an hour pass in this process and in those that it starts, so that no file is freshly written."""
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 3600 * 10**9)
    clock = tmp_path_factory.mktemp("clock")
    (clock / "sitecustomize.py").write_text(
        "import time\nnow = time.time_ns\ntime.time_ns = lambda: now() + 3600_000_000_000\n"
    )
    monkeypatch.syspath_prepend(str(clock))


@pytest.mark.usefixtures("hour_later")
def test_what_the_other_counted_is_remembered(folder: Path, tmp_path: Path, workers: WorkerPool) -> None:
    """A second run with the cache of a shared one reads nothing and says the same."""
    if FileSystems().identity(folder.stat().st_dev, str(folder)) is None:
        pytest.skip("files are not known by what this file system says")
    found = gather([str(folder)], Rules())
    warnings: list[str] = []
    cache = CountCache(tmp_path / "cache", warnings.append)
    first = counted(found, workers, cache)
    cache.close()
    cache = CountCache(tmp_path / "cache", warnings.append)
    expected: object = (first, sum(path.stat().st_size > 0 for path in folder.iterdir()), [])
    actual = (counted(found, None, cache), cache.size()[0], warnings)
    cache.close()

    assert expected == actual


def test_many_are_worth_a_second_vocabulary(folder: Path, workers: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where processes cannot be copied, a second one is started for many files; the tally is the same."""
    monkeypatch.setattr("gpt41calc.counting.workers._MANY_SOURCES", 100)
    found = gather([str(folder)], Rules())
    expected = counted(found, None)
    actual = counted(found, workers)

    assert expected == actual


@linux_only
def test_a_counter_that_dies_costs_only_time(tmp_path: Path, environment: dict[str, str], spawn: Spawn) -> None:
    """What one of two copies had taken when it was killed is counted all the same."""
    for number in range(200):
        (tmp_path / f"{number}.txt").write_text(f"{number} words for words\n" * 20_000)
    command = [sys.executable, "-m", "gpt41calc", "count", "-q", "--no-cache", str(tmp_path)]
    whole = spawn("count", "-q", "--no-cache", str(tmp_path)).stdout
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True)
    copies: list[int] = []
    while len(copies) < 2 and process.poll() is None:
        copies = [pid for pid in _running_in(process.pid) if pid != process.pid]
    with suppress(ProcessLookupError):  # on a fast machine it may have ended just now
        os.kill(max(copies), signal.SIGKILL)
    told = process.communicate()[0]

    assert (whole, 0) == (told, process.returncode)


@pytest.mark.parametrize("after_seconds", [0, pytest.param(0.2, marks=pytest.mark.exhaustive), 0.6])
def test_a_worker_pool_that_dies_costs_only_time(folder: Path, workers: WorkerPool, after_seconds: float) -> None:
    """What it took and did not deliver is counted here, whenever it was killed."""
    found = gather([str(folder)], Rules())
    expected = counted(found, None)
    time.sleep(after_seconds)
    os.kill(workers.pid or 0, signal.SIGKILL)
    actual = counted(found, workers)

    assert expected == actual


def test_progress_is_told_and_never_falls(folder: Path, workers: WorkerPool) -> None:
    """The observer hears of growing numbers, up to no more than there are."""
    found = gather([str(folder)], Rules())
    told: list[int] = []
    count_all(found, {"o200k_base": tokenizer("o200k_base")}, Rules(), workers=workers, observe=told.append)

    assert (sorted(told), True) == (told, max(told, default=0) <= len(found))


def test_a_named_pipe_is_read_here(folder: Path, workers: WorkerPool) -> None:
    """A pipe that only this process holds is counted beside a folder that is shared."""
    read, write = os.pipe()
    os.write(write, b"hello world")
    os.close(write)
    found = [*gather([str(folder)], Rules()), Source("pipe", f"/dev/fd/{read}", named=True)]
    expected = 2
    actual = next(one for one in counted(found, workers).counted if one.path == "pipe").tokens["o200k_base"]
    os.close(read)

    assert expected == actual


@linux_only
@pytest.mark.parametrize("after_seconds", [0.1, pytest.param(0.3, marks=pytest.mark.exhaustive), 0.45])
def test_an_interrupted_run_leaves_nobody_behind(
    folder: Path, environment: dict[str, str], after_seconds: float
) -> None:
    """After Ctrl-C the status is 130 and no process of the session is left, however far the run had come."""
    command = [sys.executable, "-m", "gpt41calc", "estimate", "--no-cache", str(folder)]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    time.sleep(after_seconds)
    os.kill(process.pid, signal.SIGINT)
    process.communicate()
    time.sleep(0.1)  # who is killed is not gone at once
    expected: object = (True, [])
    actual = (process.returncode in {130, 0, -signal.SIGINT}, _running_in(process.pid))

    assert expected == actual


def _running_in(session: int) -> list[int]:
    """Return the processes of a session, but for those that have ended and nobody has asked after."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _parent, _group, its_session = status.read_text().rpartition(")")[2].split()[:4]
            if int(its_session) == session and state != "Z":
                found.append(int(status.parent.name))
    return found


def test_only_a_folder_is_worth_a_worker_pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files, other commands and help start none."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    expected = [True, True, True, False, False, False, False]
    words = (
        ["folder"],
        ["count", "-q", "folder"],
        ["file", "folder"],
        ["file"],
        ["models", "folder"],
        ["folder", "--help"],
        ["--version"],
    )
    actual = [names_a_folder(each) for each in words]

    assert expected == actual


def test_no_room_for_a_job(folder: Path, spawn: Spawn) -> None:
    """Where nothing can be handed over, all is counted here."""

    def without_room() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 13, 1 << 13))

    words = ("count", "-q", "--no-cache", str(folder))
    expected = spawn(*words)
    actual = spawn(*words, preexec_fn=without_room)

    assert expected == actual
