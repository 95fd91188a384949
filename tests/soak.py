"""Run the program thousands of times while signals and limits get in its way: ``python -m tests.soak --runs N``.

Every run is the program on input whose counts are known (they are tiktoken's),
under a disturbance drawn at random: SIGINT, SIGTERM, SIGHUP or SIGKILL at a
random moment, workers that are killed or stopped, few file descriptors, no further
processes, little address space, no ``/proc``, no ``/dev/shm``. Whatever happens, these hold:

- Exit status 1 comes from a broken budget only, and 0 only with the right answer.
- Whatever else ends the run has a documented status, or is the signal that was sent.
- Nothing takes longer than 10 s, no process outlives the run by more than a moment,
  and no temporary file is left.

The interpreter itself may fail before the first line of gpt41calc is reached
(it has its own statuses, 1 among them). Such a run is counted apart.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, os.path.dirname(__file__))  # tests are no package
from processes import started_by

__all__ = ["Report", "main", "soak"]

_MOST_SECONDS = 10.0
"""A run that takes longer hangs."""

_MOMENT_SECONDS = 1.0
"""How long a process may outlive the one that started it."""

_MIB = 1 << 20

_LAUNCHER = "import os, sys; from gpt41calc.__main__ import run; os.write(int(sys.argv.pop(1)), b'.'); run()"
"""What the console script does, and a byte when the first line of gpt41calc has been reached."""

_NOBODY = 65_534
"""Number of the user for whom the limit on processes is counted: it does not hold for root."""

_PR_CAPBSET_DROP, _CAP_SYS_ADMIN, _CAP_SYS_RESOURCE = 24, 21, 24
"""From ``linux/prctl.h`` and ``linux/capability.h``."""

_DOCUMENTED = frozenset({2, 3, 70, 74, 130})
"""Statuses for runs that did not get to their answer (README, "Exit codes")."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Case:
    """A command line whose answer is known."""

    arguments: tuple[str, ...]
    """Words of the command line, in the folder of the soak."""

    answer: bytes
    """What it writes if nothing gets in its way."""

    status: int = 0
    """How it then ends."""

    report: str = ""
    """File that it writes; empty if it writes on standard output."""


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What gets in the way of a run."""

    name: str
    """What it is, for the report."""

    limit: tuple[int, int] | None = None
    """A limit and its value, as of ``setrlimit``."""

    hidden: str = ""
    """Folder that an empty one is mounted over; empty if none is."""

    signals: tuple[tuple[float, signal.Signals], ...] = ()
    """Seconds to wait, and the signal to send then, one after the other."""

    at_workers: tuple[tuple[float, signal.Signals], ...] = ()
    """The same for a process that the run has started."""


@dataclass(slots=True)
class Report:
    """What came of the runs."""

    runs: int = 0
    """How many there were."""

    unreached: int = 0
    """How many of them ended before the first line of gpt41calc."""

    endings: Counter[str] = field(default_factory=Counter)
    """How often each disturbance led to each status."""

    failures: list[str] = field(default_factory=list)
    """A sentence for every promise that did not hold."""

    slowest: float = 0.0
    """Seconds that the longest run took, from its start or the last signal on."""


def soak(runs: int, seed: int, folder: Path, *, tell: Callable[[str], None] = lambda _text: None) -> Report:
    """Run the program so many times in a folder that is empty, and report.

    Args:
        runs: how many times.
        seed: of the disturbances; the moments at which signals arrive are the machine's all the same.
        folder: where inputs, caches and reports are put.
        tell: is told of every failure, and of the progress.
    """
    dice = random.Random(seed)  # noqa: S311 - no secret
    cases = _prepare(folder)
    report = Report()
    for number in range(runs):
        case, disturbance = dice.choice(cases), _disturbance(dice)
        for failure in _run(folder, number, case, disturbance, report):
            sentence = f"run {number}, {disturbance}, {' '.join(case.arguments)}: {failure}"
            report.failures.append(sentence)
            tell(sentence)
        if number % 500 == 499:
            tell(f"{number + 1:,} runs, {len(report.failures)} failures")
    return report


_LONG_BYTES = 16 << 20
"""A text so long that several processes count its pieces."""


def _prepare(folder: Path) -> list[Case]:
    """Write the inputs, and return the cases with the answers that follow from tiktoken's counts."""
    import tiktoken

    from gpt41calc.tokenizer.vocabulary import VOCABULARIES

    vocabulary = VOCABULARIES["o200k_base"]
    encoding = tiktoken.Encoding(
        vocabulary.name, pat_str=vocabulary.pattern, mergeable_ranks=vocabulary.ranks(), special_tokens={}
    )
    dice = random.Random(0)  # noqa: S311 - no secret
    words = [line.split()[0] for line in Path(__file__).read_text(encoding="utf-8").splitlines() if line.strip()]
    totals = {}
    for tree, files, lines in (("small", 8, 40), ("large", 60, 6000)):
        totals[tree] = 0
        for number in range(files):
            text = "\n".join(" ".join(dice.choices(words, k=9)) for _ in range(lines)) + "\n"
            path = folder / "in" / tree / f"{number:02}" / "text.txt"
            path.parent.mkdir(parents=True)
            path.write_text(text, encoding="utf-8")
            totals[tree] += len(encoding.encode_ordinary(text))
    for command in (("init", "-q"), ("add", ".")):  # half of the runs ask git
        subprocess.run(["git", *command], cwd=folder / "in" / "large", check=True, capture_output=True)  # noqa: S607 - the git of this machine
    one = folder / "in" / "large" / "00" / "text.txt"
    alone = len(encoding.encode_ordinary(one.read_text(encoding="utf-8")))
    block = one.read_bytes()
    copies = 1 + _LONG_BYTES // len(block)
    (folder / "in" / "long.txt").write_bytes(block * copies)
    long = f"{alone * copies}\n".encode()  # cut between a newline and a word: the counts add up
    small, large = f"{totals['small']}\n".encode(), f"{totals['large']}\n".encode()
    return [
        Case(("count", "-q", "in/small"), small),
        Case(("count", "-q", "in/large"), large),
        Case(("count", "-q", "--no-cache", "in/small"), small),
        Case(("count", "-q", "--no-cache", "in/large"), large),
        Case(("count", "-q", "--no-cache", "in/large/00/text.txt"), f"{alone}\n".encode()),
        Case(("count", "-q", "in/long.txt"), long),
        Case(("count", "-q", "--no-cache", "in/long.txt"), long),
        Case(("count", "-q", "in/large", "-o", "out/report.txt"), large, report="out/report.txt"),
        Case(("check", "-q", "in/large", "--token-budget", str(totals["large"])), b""),
        Case(("check", "-q", "--no-cache", "in/large", "--token-budget", str(totals["large"])), b""),
        Case(("check", "-q", "in/large", "--token-budget", str(totals["large"] - 1)), b"", status=1),
        Case(("check", "-q", "in/small", "--token-budget", str(totals["small"])), b""),
        Case(("--version",), _version()),
    ]


def _version() -> bytes:
    from gpt41calc import __version__

    return f"gpt41calc {__version__}\n".encode()


def _disturbance(dice: random.Random) -> Disturbance:
    """Draw what gets in the way of a run: a limit or a missing folder, signals, or both."""
    signals: tuple[tuple[float, signal.Signals], ...] = ()
    if dice.random() < 0.5:
        signals = tuple(
            (dice.uniform(0, 0.9) if not at else dice.uniform(0, 0.05), dice.choice(_SIGNALS))
            for at in range(dice.choice((1, 1, 2)))
        )
    if not signals and dice.random() < 0.1:
        sent = dice.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGSTOP])
        return Disturbance(f"worker gets {sent.name}", at_workers=((dice.uniform(0, 0.6), sent),))
    kinds = ["none", "descriptors", "processes", "memory", "no /proc", "no /dev/shm"]
    kind = dice.choice(kinds) if not signals else dice.choice(["none"] * 4 + kinds)
    if kind == "descriptors":
        return Disturbance(kind, (resource.RLIMIT_NOFILE, dice.randint(4, 20)), signals=signals)
    if kind == "processes":
        return Disturbance(kind, (resource.RLIMIT_NPROC, dice.randint(1, 3)), signals=signals)
    if kind == "memory":
        which = dice.choice((resource.RLIMIT_AS, resource.RLIMIT_AS, resource.RLIMIT_DATA))
        return Disturbance(kind, (which, dice.randint(20, 1000) * _MIB), signals=signals)
    if kind.startswith("no ") and _may_mount():
        return Disturbance(kind, hidden=kind.removeprefix("no "), signals=signals)
    return Disturbance("none", signals=signals)


def _may_mount() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("unshare") is not None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended."""

    status: int | None
    """Its exit status; negative: the signal that killed it. None if it had not ended after so long."""

    was_reached: bool
    """Whether the first line of gpt41calc was reached."""

    seconds: float
    """How long it took, from its start or the last signal on."""

    stdout: bytes
    """What it wrote on standard output."""

    stderr: bytes
    """What it wrote on standard error."""


def _run(folder: Path, number: int, case: Case, disturbance: Disturbance, report: Report) -> Iterator[str]:
    """Run one case, and yield a sentence for every promise that does not hold."""
    mark = f"{os.getpid()}-{number}"
    temporary = folder / "tmp" / str(number)
    temporary.mkdir(parents=True)
    (folder / "out").mkdir(exist_ok=True)
    ending = _ending(folder, case, disturbance, {"TMPDIR": str(temporary), "GPT41CALC_SOAK": mark})
    report.runs += 1
    report.unreached += not ending.was_reached
    report.endings[f"{disturbance.name}: {ending.status if ending.was_reached else 'not reached'}"] += 1
    report.slowest = max(report.slowest, ending.seconds)
    if ending.status is None:
        yield f"hangs: {ending.stderr!r}"
    elif ending.was_reached:
        yield from _wrong_ending(folder, case, disturbance, ending)
    yield from (f"process {one} is left" for one in _orphans(mark))
    if signal.SIGKILL not in {sent for _, sent in disturbance.signals}:  # who is killed cannot clean up
        left = [*temporary.iterdir(), *(folder / "out").glob(".*"), *(folder / "cache").glob("**/*.tmp")]
        yield from (f"left behind: {path}" for path in left)
    shutil.rmtree(temporary)
    shutil.rmtree(folder / "out")


def _ending(folder: Path, case: Case, disturbance: Disturbance, environment: dict[str, str]) -> Ending:
    """Start one case, get in its way, and wait for its end."""
    reached, first_line = os.pipe()
    command = [sys.executable, "-c", _LAUNCHER, str(first_line), *case.arguments]
    if disturbance.hidden:
        hide = f'mount -t tmpfs none {disturbance.hidden} && exec "$@"'
        command = ["unshare", "-m", "sh", "-c", hide, "sh", *command]
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ} | {
        "HOME": str(folder / "home"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        # The process that is stopped may be git, which is otherwise waited for 30 s; a large repository takes its time.
        "GPT41CALC_GIT_TIMEOUT": "3",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=kept | environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            pass_fds=(first_line,),
            preexec_fn=lambda: _limit(disturbance),  # noqa: PLW1509 - there are no threads
            start_new_session=True,
        )
        os.close(first_line)
        started = _disturbed(process, disturbance)
        status: int | None = None
        try:
            status = process.wait(_MOST_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        seconds = time.monotonic() - started
        stdout.seek(0)
        stderr.seek(0)
        was_reached = bool(os.read(reached, 1))
        os.close(reached)
        return Ending(status, was_reached, seconds, stdout.read(), stderr.read())


def _disturbed(process: subprocess.Popen[bytes], disturbance: Disturbance) -> float:
    """Send the signals of a disturbance; return the time from which on the run is expected to end."""
    started = time.monotonic()
    for seconds, sent in disturbance.signals:
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.send_signal(sent)
        started = time.monotonic()
    for seconds, sent in disturbance.at_workers:
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        for worker in started_by(process.pid)[:1]:
            with suppress(OSError):
                os.kill(worker, sent)
    return started


def _limit(disturbance: Disturbance) -> None:
    """Set the limit of a run, in its process."""
    for number in _SIGNALS[:3]:
        signal.signal(number, signal.SIG_DFL)
    if disturbance.limit is None:
        return
    which, value = disturbance.limit
    if which == resource.RLIMIT_NPROC and os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for capability in (_CAP_SYS_ADMIN, _CAP_SYS_RESOURCE):
            libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
        os.setresuid(_NOBODY, 0, 0)
    resource.setrlimit(which, (value, value))


def _wrong_ending(folder: Path, case: Case, disturbance: Disturbance, ending: Ending) -> Iterator[str]:
    """Yield what is wrong with a status, or with an answer that goes with it."""
    sent = {-number for _, number in disturbance.signals}
    status, said = ending.status, ending.stderr
    if status == case.status:
        answer = (folder / case.report).read_bytes() if case.report else ending.stdout
        if answer != case.answer and status == 0:
            yield f"wrong answer {answer!r}, not {case.answer!r}: {said!r}"
    elif status == 130 and not sent:
        yield f"interrupted by nobody: {said!r}"
    elif status not in _DOCUMENTED | sent:
        yield f"status {status}: {said[-600:]!r}"


def _orphans(mark: str) -> list[int]:
    """Return the processes of a run that are there after a moment."""
    end = time.monotonic() + _MOMENT_SECONDS
    while found := list(_marked(mark)):
        if time.monotonic() > end:
            for one in found:
                with suppress(OSError):
                    os.kill(one, signal.SIGKILL)
            return found
        time.sleep(0.02)
    return []


def _marked(mark: str) -> Iterator[int]:
    wanted = f"GPT41CALC_SOAK={mark}".encode()
    for name in os.listdir("/proc"):
        if name.isdecimal():
            with suppress(OSError):
                if wanted in Path("/proc", name, "environ").read_bytes().split(b"\0"):
                    yield int(name)


def main() -> int:
    """Run the soak from the command line; return 1 if a promise did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000, help="how many runs (default: 10,000)")
    parser.add_argument("--seed", type=int, default=0, help="of the disturbances (default: 0)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gpt41calc-soak-") as folder:
        report = soak(asked.runs, asked.seed, Path(folder), tell=lambda text: print(text, flush=True))
    for ending, times in sorted(report.endings.items()):
        print(f"{times:>7,}  {ending}")
    print(
        f"{report.runs:,} runs, {report.unreached:,} ended before the first line of gpt41calc,"
        f" the longest took {report.slowest:.1f} s, {len(report.failures):,} failures"
    )
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
