"""A long text has the count of tiktoken, however many processes count its pieces, and whatever happens to them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Spawn
from processes import started_by
from reference import o200k

from gpt41calc.commands.estimate.claude_ratio import MOST_BYTES
from gpt41calc.counting import piece_workers
from gpt41calc.counting.piece_workers import COUNTED_ALONE_BYTES, PieceWorkers
from gpt41calc.tokenizer.engines import tokenizer

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="a process is copied on Linux only")

two_cores = pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="with one core, nobody counts beside this process")

LONG_BYTES = COUNTED_ALONE_BYTES + (2 << 20)
"""Of a text that is just long enough for others to take part."""

LINES = [f"Line {number} of “prose”, and what's more: naïve café № {number * 7919}.\n" for number in range(5000)]


@pytest.fixture(scope="module")
def text() -> bytes:
    """Return 24 MB of text."""
    return "".join(LINES).encode() * 72


@pytest.fixture(scope="module")
def tokens(text: bytes) -> int:
    """Return how many tokens it has, by one process."""
    counter = tokenizer("o200k_base", short=False)
    assert len(o200k().encode_ordinary("".join(LINES))) == counter.count("".join(LINES))
    return counter.count(text)


RANDOM_TEXTS = """
import random, sys
sys.path.insert(0, {tests!r})
from reference import o200k
from gpt41calc.counting import fork, piece_workers, shared_work
from gpt41calc.counting.piece_workers import PieceWorkers
from gpt41calc.tokenizer.engines import tokenizer
from tokenizer.test_chunks import BITS

fork.usable_cores = shared_work.usable_cores = lambda: 4
piece_workers.COUNTED_ALONE_BYTES, piece_workers._BYTES_PER_WORKER = 500, 1000
piece_workers._PIECE_BYTES, piece_workers._LONGEST_PIECE_BYTES = 100, 400
made = 0
began = shared_work.SharedWork._start
def start(work):
    global made
    made += 1
    began(work)
shared_work.SharedWork._start = start

dice = random.Random(7)
engines = {{"fast": tokenizer("o200k_base", short=False), "cl100k_base": tokenizer("cl100k_base", short=False)}}
for number in range({texts}):
    bits = dice.choices(BITS, k=12) if number % 2 else BITS
    text = "".join(dice.choices(bits, k=dice.randrange(6000))).encode()
    ends = sorted(dice.sample(range(len(text) + 1), min(len(text), dice.randrange(20))))
    blocks = [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)])]
    found = PieceWorkers().count(blocks, engines)
    whole = len(o200k().encode_ordinary(text.decode()))
    expected = {{"fast": whole, "cl100k_base": engines["cl100k_base"].count(text)}}
    assert expected == found, (text, expected, found)
print(made)
"""


@linux_only
@pytest.mark.parametrize("texts", [8, pytest.param(40, marks=pytest.mark.exhaustive)])
def test_pieces_that_others_count_add_up_to_the_whole(texts: int) -> None:
    """Random text of every kind of neighbours, in random blocks, in very short pieces and four processes."""
    program = RANDOM_TEXTS.format(tests=str(Path(__file__).parent.parent), texts=texts)
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (0, "") == (ended.returncode, ended.stderr)
    assert int(ended.stdout) > texts


def alone() -> None:
    """Give a process one core."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


@linux_only
@pytest.mark.parametrize(
    "words",
    [
        ("count", "-q"),
        pytest.param(("estimate", "--json"), marks=pytest.mark.exhaustive),
        pytest.param(("count", "--json", "-m", "claude-opus-4-5"), marks=pytest.mark.exhaustive),
    ],
)
def test_all_cores_say_what_one_says(spawn: Spawn, tmp_path: Path, text: bytes, words: tuple[str, ...]) -> None:
    """Piped in, and as a file that is named, with bytes that are no text in it."""
    path = tmp_path / "long.txt"
    path.write_bytes(text[:5_000_000] + b"\xff\xc3" + text[5_000_000:20_000_000] + b"\xe2\x82")
    for given in ((), ("long.txt", "--no-cache")):
        with path.open("rb") as file:
            expected = spawn(*words, *given, stdin=file.fileno(), preexec_fn=alone)
        with path.open("rb") as file:
            actual = spawn(*words, *given, stdin=file.fileno())

        assert expected == actual
        assert expected.status == 0


def counting(text: bytes, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start to count a text, and wait with the second half of it until others take part."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gpt41calc", "count", "-q"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdin is not None
    process.stdin.write(text[: len(text) // 2])
    process.stdin.flush()
    while not started_by(process.pid) and process.poll() is None:
        time.sleep(0.01)
    return process


@linux_only
@two_cores
@pytest.mark.parametrize("sent", [signal.SIGKILL, pytest.param(signal.SIGSTOP, marks=pytest.mark.exhaustive)])
def test_who_dies_or_stalls_costs_only_time(
    text: bytes, tokens: int, environment: dict[str, str], sent: signal.Signals
) -> None:
    """What it had taken is counted by the process that handed it over, and nobody is left."""
    with counting(text, environment) as process:
        for worker in started_by(process.pid):
            os.kill(worker, sent)
        stdout, stderr = process.communicate(text[len(text) // 2 :], timeout=60)

    assert (0, f"{tokens}\n".encode(), b"") == (process.returncode, stdout, stderr)
    assert [] == started_by(process.pid)


@linux_only
@two_cores
@pytest.mark.parametrize(
    "sent",
    [
        signal.SIGINT,
        signal.SIGKILL,
        *(pytest.param(each, marks=pytest.mark.exhaustive) for each in (signal.SIGTERM, signal.SIGHUP)),
    ],
)
def test_nobody_outlives_the_run(text: bytes, environment: dict[str, str], sent: signal.Signals) -> None:
    """However it is ended while others count for it."""
    with counting(text, environment) as process:
        process.send_signal(sent)
        status = process.wait(10)
    end = time.monotonic() + 1
    while started_by(process.pid) and time.monotonic() < end:
        time.sleep(0.01)

    assert (-9 if sent == signal.SIGKILL else 130) == status
    assert [] == started_by(process.pid)


@linux_only
@pytest.mark.parametrize("which", ["RLIMIT_NPROC", "RLIMIT_NOFILE", "RLIMIT_AS"])
def test_where_there_is_nothing_to_be_had(spawn: Spawn, tmp_path: Path, text: bytes, which: str) -> None:
    """Without another process, more descriptors or more memory, this process counts alone, or says why it cannot."""
    path = tmp_path / "long.txt"
    path.write_bytes(text[:LONG_BYTES])

    def limit() -> None:
        import resource

        value = {"RLIMIT_NPROC": 1, "RLIMIT_NOFILE": 8, "RLIMIT_AS": 900 << 20}[which]
        resource.setrlimit(getattr(resource, which), (value, value))

    with path.open("rb") as file:
        ended = spawn("count", "-q", stdin=file.fileno(), preexec_fn=limit)

    assert (0, f"{tokenizer('o200k_base', short=False).count(text[:LONG_BYTES])}\n") == (ended.status, ended.stdout)


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Fail if another process is to be started."""

    def fail(*_: object) -> None:
        pytest.fail("a process was started")

    monkeypatch.setattr(piece_workers, "SharedWork", fail)
    return fail


@pytest.mark.usefixtures("nobody")
def test_short_input_starts_nobody() -> None:
    """What ends before it is known to be long is counted by this process alone."""

    class Bytes:
        identity = "bytes"

        def count(self, text: str | bytes) -> int:
            return len(text)

    def blocks() -> Iterator[bytes]:
        for _ in range(COUNTED_ALONE_BYTES >> 12):
            yield b"four words, a line\n\n" * 204 + b"and a few more\n\n"

    expected = {"o200k_base": COUNTED_ALONE_BYTES}
    actual = PieceWorkers().count(blocks(), {"o200k_base": Bytes()})

    assert expected == actual


def test_who_counts_first_bytes_only_is_not_divided() -> None:
    """A counter that stops after some bytes has stopped before the first piece is handed over."""
    assert MOST_BYTES < COUNTED_ALONE_BYTES


@linux_only
@two_cores
def test_a_long_file_of_a_folder_is_divided(
    tmp_path: Path, text: bytes, tokens: int, environment: dict[str, str]
) -> None:
    """The process that counts files leaves it to the one that started it; the total is that of both."""
    (tmp_path / "short.txt").write_text("hello world\n" * 30_000)
    (tmp_path / "long.txt").write_bytes(text)
    program = (
        "import gpt41calc.counting.serve as serve, gpt41calc.counting.piece_workers as piece_workers, sys\n"
        "from gpt41calc.__main__ import run\n"
        "serve._LONG_BYTES = 10_000_000\n"
        "count = piece_workers.PieceWorkers.count\n"
        "def told(*given):\n    print('divided', file=sys.stderr)\n    return count(*given)\n"
        "piece_workers.PieceWorkers.count = told\n"
        "run()\n"
    )
    command = [sys.executable, "-c", program, "count", "-q", "--no-cache", str(tmp_path)]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert (0, f"{tokens + 90_000}\n", "divided\n") == (ended.returncode, ended.stdout, ended.stderr)
