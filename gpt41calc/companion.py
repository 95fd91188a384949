"""A second process that counts beside this one.

Loading a vocabulary takes 0.25 to 0.4 s and counting holds the interpreter's
lock, so a second thread would wait for the first. A second *process* can be
started as soon as somebody names a folder: it loads the vocabulary while this
one still imports Typer, reads the price table and lists the files. Then both
take batches of files from one queue until it is empty.

It can only ever save time: what it does not deliver is counted here.
"""

from __future__ import annotations

import marshal
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .sources.nouns import Source
    from .surveyor import Outcome, RecallContent, Surveyor

__all__ = ["Companion", "serve"]

_BATCHES = 256
"""As many as one byte can number; so a read of the queue cannot take half a number."""

_FEWEST_SOURCES = 64
"""Fewer are not worth the asking."""

_ENOUGH_CORES = 2

_MANY_SOURCES = 10_000
"""So many are surely worth a second vocabulary; of fewer it is seen how long they take."""

_WORTH_JOINING_SECONDS = 1.0

_GLANCE_SECONDS = 0.01


class Companion:
    """The process, seen from the one that started it."""

    def __init__(self) -> None:
        """Start it, at a cost of 2 ms.

        Raises:
            OSError: the system has no process, pipe or temporary file to give.
        """
        import tempfile

        # A file, not a pipe: a job may be larger than what a pipe holds while nobody reads.
        self._job = tempfile.TemporaryFile()  # noqa: SIM115 - open until the companion is dismissed
        self._queue, fill = os.pipe()
        self._fill = open(fill, "wb")  # noqa: SIM115 - the same
        program = "import sys; from gpt41calc.companion import serve; serve(*map(int, sys.argv[1:]))"
        read, write = os.pipe()
        self._results = open(read, "rb")  # noqa: SIM115 - the same
        shared = (self._queue, self._job.fileno(), write)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", program, *map(str, shared)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=shared,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        os.close(write)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @classmethod
    def start(cls) -> Companion | None:
        """Return a companion, or none where there is no core for it or no way to share a pipe."""
        if sys.platform == "win32" or getattr(sys, "frozen", False) or not sys.executable:
            return None
        if _cores() < _ENOUGH_CORES:
            return None
        with suppress(OSError):
            return cls()
        return None

    def share(
        self,
        waiting: Sequence[Source],
        surveyor: Surveyor,
        cache_folder: Path | None,
        observe: Callable[[int], None],
    ) -> Iterator[tuple[Source, Outcome]]:
        """Count sources together; yield what comes of each, in any order.

        Args:
            waiting: the sources.
            surveyor: counts here, and says how to count there.
            cache_folder: where counts of earlier runs are; none: they are not used.
            observe: told how many are done or in hand.
        """
        both = [one for one in waiting if not one.named]
        # What is named may be a pipe that only this process holds; and there are few of those.
        here = [one for one in waiting if one.named or len(both) < _FEWEST_SOURCES]
        for source in here:
            yield source, surveyor.count(source)
        if len(here) == len(waiting):
            return
        batches = _divided(both)
        self._give((surveyor.manner, [(one.name, one.path) for one in both], cache_folder and str(cache_folder)))
        left = dict(enumerate(batches))
        if len(both) < _MANY_SOURCES:
            self._wait_until_worth_joining()
        while taken := os.read(self._queue, 1):
            observe(len(here) + sum(map(len, batches[: taken[0]])))
            for source in left.pop(taken[0]):
                yield source, surveyor.count(source)
        for number, packed in self._delivered():
            for source, outcome in zip(left.pop(number), packed, strict=True):
                yield source, surveyor.unpacked(source, outcome)
        for batch in left.values():  # the other process has died over these, or was never there
            for source in batch:
                yield source, surveyor.count(source)

    def _give(self, job: Any) -> None:
        """Hand over the job, then the numbers of its batches, which only now can be taken."""
        marshal.dump(job, self._job)
        self._job.flush()
        with self._fill as queue:
            queue.write(bytes(range(_BATCHES)))

    def _wait_until_worth_joining(self) -> None:
        """Wait while the other process is expected to be done sooner than this one has loaded its vocabulary."""
        asked = began = time.monotonic()
        while (left := self._batches_left()) and not select.select([self._results], [], [], _GLANCE_SECONDS)[0]:
            now = time.monotonic()
            if left == _BATCHES:
                began = now
            taken = _BATCHES - left
            if (now - began) * left > _WORTH_JOINING_SECONDS * taken and now - asked > _WORTH_JOINING_SECONDS / 2:
                return

    def _batches_left(self) -> int:
        import fcntl
        import termios

        return int.from_bytes(fcntl.ioctl(self._queue, termios.FIONREAD, bytes(4)), sys.byteorder)

    def _delivered(self) -> list[tuple[int, list[Any]]]:
        """Return the batches that were counted there, with their numbers."""
        try:
            return list(marshal.loads(self._results.read()))  # noqa: S302 - from a process of our own
        except (EOFError, ValueError, TypeError):
            return []

    def dismiss(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.wait()
        for file in (self._fill, self._results, self._job):
            file.close()
        os.close(self._queue)


def serve(queue: int, job: int, results: int) -> None:
    """Count beside the process that started this one.

    Args:
        queue: descriptor from which the number of a batch is read, a byte each, until none is left.
        job: descriptor of the file that holds the job once there is a first number.
        results: descriptor to which everything is written when there is no batch left.
    """
    from .sources.nouns import Rules, Source
    from .surveyor import Surveyor
    from .tokenizer.engines import tokenizer
    from .tokenizer.vocabulary import DEFAULT_ENCODING

    tokenizer(DEFAULT_ENCODING, short=False).count(b"loads the vocabulary")
    taken = os.read(queue, 1)
    if not taken:
        return
    with open(job, "rb") as file:
        file.seek(0)
        (encodings, rules), sources, cache_folder = marshal.load(file)  # noqa: S302 - the same
    recall = _recall_content(cache_folder) if cache_folder else None
    surveyor = Surveyor({name: tokenizer(name, short=False) for name in encodings}, Rules(*rules), recall)
    batches = _divided([Source(name, path, named=False) for name, path in sources])
    done = []
    parent = os.getppid()
    while taken and os.getppid() == parent:
        done.append((taken[0], [surveyor.count(source).packed() for source in batches[taken[0]]]))
        taken = os.read(queue, 1)
    with open(results, "wb") as file:
        marshal.dump(done, file)


def _divided(sources: list[Source]) -> list[list[Source]]:
    """Divide sources into batches, the same on both sides."""
    bounds = [len(sources) * number // _BATCHES for number in range(_BATCHES + 1)]
    return [sources[start:end] for start, end in pairwise(bounds)]


def _recall_content(folder: str) -> RecallContent:
    from .tokenizer.cache import CountCache

    return CountCache(Path(folder), lambda _warning: None).recall_content


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
