"""Processes that count while this one does everything else.

Loading a vocabulary takes 0.25 to 0.4 s and holds the interpreter's lock, and
so does counting: a second thread would wait for the first. A *process* can be
started as soon as somebody names a folder: it loads the vocabulary while this
one still imports Typer, reads the price table and lists the files. Once it
knows what to count, it divides itself into as many processes as there are
cores, which share the vocabulary; they take batch after batch from a queue.

It can only ever save time: what is not delivered is counted here.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .delivery import SILENT_SECONDS, AudibleCounter, received, send
from .fork import are_possible, cores, end_group, in_a_copy

if TYPE_CHECKING:
    from ..sources.source import Source
    from .counter import Outcome, RecallContent, SourceCounter

__all__ = ["WorkerPool", "is_possible", "serve"]

_BATCHES = 256
"""So many at most: a batch is known by its number, which is a byte in the queue."""

_MOST_COUNTERS = 4
"""Each keeps the words that it has met: 50 MB of them after 400 MB of text."""

_MANY_SOURCES = 10_000
"""So many are surely worth a second vocabulary, where a process cannot divide itself."""


class WorkerPool:
    """The processes, seen from the one that starts them: at once, or when there is something to do."""

    pid: int | None = None
    """The number of the first of them, and of their group, once there is one."""

    def start(self) -> None:
        """Start the first, at a cost of 1 ms, if there is a core for it and a way to share a pipe."""
        if self.pid is None and is_possible():
            with suppress(OSError):
                self.start_as(forks=sys.platform == "linux")

    def start_as(self, *, forks: bool) -> None:
        """Start the first in one of two ways.

        Args:
            forks: whether it is a copy of this process, which takes 60 ms less to be ready than one of its own, and
                can divide itself; elsewhere than on Linux, libraries of the system do not bear being copied.

        Raises:
            OSError: the system has no process, pipe or file to give.
        """
        self._forks = forks
        self._descriptors: list[int] = []
        self._results: list[int] = []
        self._processes: list[int] = []
        try:
            # A file, not a pipe: a job may be larger than what a pipe holds while nobody reads.
            self._job = _nameless_file()
            self._descriptors.append(self._job)
            self._queue, self._fill = self._pipe()
            # Nothing is ever written to it: it ends with this process, and so do those that hold its other end.
            self._lifeline, _ = self._pipe()
            self._begin(max(2, min(cores(), _MOST_COUNTERS)) if forks else 1)
        except OSError:
            self._close()
            raise
        self.pid = self._processes[0]

    def _pipe(self) -> tuple[int, int]:
        """Return both ends of a pipe that is there until the processes are dismissed."""
        ends = os.pipe()
        self._descriptors += ends
        return ends

    def _begin(self, counters: int) -> None:
        """Start a process that may divide itself into so many."""
        pipes: list[tuple[int, int]] = []
        try:
            for _ in range(counters):
                pipes.append(os.pipe())  # noqa: PERF401 - those that were made are closed if the next cannot be
            writes = [write for _, write in pipes]
            shared = (self._lifeline, self._queue, self._job, *writes)
            process = (
                in_a_copy(lambda: serve(*shared[1:]), shared, lifeline=self._lifeline)
                if self._forks
                else _spawned(*shared)
            )
        except OSError:
            for read, _ in pipes:
                os.close(read)
            raise
        finally:
            for _, write in pipes:
                os.close(write)
        self._results += [read for read, _ in pipes]
        self._descriptors += [read for read, _ in pipes]
        self._processes.append(process)

    def share(
        self,
        waiting: Sequence[Source],
        source_counter: SourceCounter,
        cache_folder: Path | None,
        observe: Callable[[int], None],
    ) -> Iterator[tuple[Source, Outcome]]:
        """Have sources counted; yield what comes of each, in any order.

        Args:
            waiting: the sources.
            source_counter: counts here what cannot be counted there, and says how to count there.
            cache_folder: where counts of earlier runs are; None if they are not used.
            observe: told how many are done.
        """
        there = [one for one in waiting if not one.named]
        if there:
            self.start()
        # What is named may be a pipe that only this process holds.
        here = [one for one in waiting if one.named or self.pid is None]
        for done, source in enumerate(here, 1):
            yield source, source_counter.count(source)
            observe(done)
        if len(here) < len(waiting):
            folder = cache_folder and str(cache_folder)
            batches = _divided(there)
            left = dict(enumerate(batches))
            if self._hand_over((source_counter.manner, [(one.path, one.root) for one in there], folder), len(batches)):
                for number, outcomes in self._delivered(len(batches)):
                    for source, outcome in zip(left.pop(number), outcomes, strict=True):
                        yield source, source_counter.unpacked(source, outcome)
                    observe(len(waiting) - sum(map(len, left.values())))
            for batch in left.values():  # who had taken these has died, or was never there
                yield from ((source, source_counter.count(source)) for source in batch)

    def _hand_over(self, job: Any, batches: int) -> bool:
        """Tell the other processes what there is to count; return whether there was room for that."""
        raw = marshal.dumps(job)
        try:
            if os.pwrite(self._job, raw, 0) < len(raw):
                return False
            if not self._forks and len(job[1]) >= _MANY_SOURCES:
                self._begin(1)
        except OSError:
            return False
        os.write(self._fill, bytes(range(batches)))
        self._descriptors.remove(self._fill)
        os.close(self._fill)
        return True

    def _delivered(self, batches: int) -> Iterator[tuple[int, list[Any]]]:
        """Yield so many batches as they are delivered, with their numbers; fewer if nobody delivers them any more."""
        for message in received(self._results, SILENT_SECONDS):
            yield marshal.loads(message)  # noqa: S302 - from a process of our own
            batches -= 1
            if not batches:
                return

    def dismiss(self) -> None:
        """End them, whatever they do."""
        if self.pid is None:
            return
        for process in self._processes:
            end_group(process)
        self._close()

    def _close(self) -> None:
        while self._descriptors:
            os.close(self._descriptors.pop())


def _nameless_file() -> int:
    """Return the descriptor of a file that is gone when nobody has it open."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("gpt41calc")
    import tempfile

    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _spawned(*shared: int) -> int:
    """Start a process of its own that serves, and return its number."""
    program = "import sys; from gpt41calc.counting.workers import serve_alone; serve_alone(*map(int, sys.argv[1:]))"
    for descriptor in shared:
        os.set_inheritable(descriptor, True)  # noqa: FBT003 - it takes no names
    return os.posix_spawn(
        sys.executable,
        [sys.executable, "-P", "-c", program, *map(str, shared)],
        {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        file_actions=[(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in (0, 1, 2)],
        setpgroup=0,
    )


def serve_alone(lifeline: int, queue: int, job: int, *results: int) -> None:
    """Count for the process that started this one, and end with it: when the pipe ends that it keeps open."""
    from threading import Thread

    def wait() -> None:
        os.read(lifeline, 1)
        os._exit(0)

    Thread(target=wait, daemon=True).start()
    serve(queue, job, *results)


def serve(queue: int, job: int, *results: int) -> None:
    """Count for the process that started this one.

    Args:
        queue: descriptor from which the number of a batch is read, until there is none.
        job: descriptor of the file that says what the batches are, once there is a first number.
        results: descriptors to which batches are written; there is a process for each.
    """
    from ..tokenizer.engines import tokenizer
    from ..tokenizer.vocabulary import DEFAULT_ENCODING

    tokenizer(DEFAULT_ENCODING, short=False).count(b"loads the vocabulary")
    numbers = iter(partial(os.read, queue, 1), b"")
    if not (first := next(numbers, b"")):
        return
    told = marshal.loads(os.pread(job, os.fstat(job).st_size, 0))  # noqa: S302 - from who started this
    for name in told[0][0]:
        tokenizer(name, short=False).count(b"loads the vocabulary")
    others = []
    for result in results[1:]:
        with suppress(OSError):  # where there may be no more processes, fewer count
            others.append(in_a_copy(partial(_count, told, numbers, result), (queue, result)))
        os.close(result)
    _count(told, chain([first], numbers), results[0])
    for process in others:
        os.waitpid(process, 0)


def _count(job: Any, numbers: Iterable[bytes], result: int) -> None:
    """Count the batches of some numbers, and deliver each."""
    from ..sources.folders import OpenFolders
    from ..sources.source import Rules, Source
    from ..tokenizer.engines import tokenizer
    from .counter import SourceCounter

    (encodings, rules), paths, cache_folder = job
    recall = _recall_content(cache_folder) if cache_folder else None
    tokenizers = {name: AudibleCounter(tokenizer(name, short=False), result) for name in encodings}
    manner = Rules(*rules)
    source_counter = SourceCounter(tokenizers, manner, recall, OpenFolders(follow=manner.follow))
    batches = _divided(paths)
    for number in numbers:
        # A name is not needed here.
        sources = [Source("", path, named=False, root=root) for path, root in batches[number[0]]]
        send(result, marshal.dumps((number[0], [source_counter.count(source).packed() for source in sources])))
    os.close(result)


def _divided(sources: list[Any]) -> list[list[Any]]:
    """Divide sources into batches, the same on both sides."""
    batches = min(_BATCHES, len(sources))
    bounds = [len(sources) * number // batches for number in range(batches + 1)]
    return [sources[start:end] for start, end in pairwise(bounds)]


def _recall_content(folder: str) -> RecallContent:
    from .cache import CountCache

    return CountCache(Path(folder), lambda _warning: None).recall_content


def is_possible() -> bool:
    """Say whether there is a core for a worker, and a way to share a pipe."""
    return sys.platform != "win32" and not getattr(sys, "frozen", False) and bool(sys.executable) and are_possible()
