"""Processes that count while this one does everything else.

Loading a vocabulary takes 0.25 to 0.4 s and holds the interpreter's lock, and
so does counting: a second thread would wait for the first. A *process* can be
started as soon as somebody names a folder: it loads the vocabulary while this
one still imports Typer, reads the price table and lists the files. Once it
knows what to count, it divides itself into as many processes as there are
cores, which share the vocabulary; they take batch after batch from a queue.

It can only ever save time: what is not delivered is counted here. Without it, cold runs take 66 % longer (Django) and
70 % longer (a tree of 200 MB of text), on 2 cores (``python -m benchmarks.tricks``, 2026-11-26, as all such figures).
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .cores import usable_cores
from .delivery import SILENT_SECONDS, received
from .fork import are_possible, can_fork, end_group, start_forked
from .serve import divided, serve

if TYPE_CHECKING:
    from ..sources.source import Source
    from .counter import Outcome, SourceCounter
    from .piece_workers import PieceWorkers

__all__ = ["WorkerPool", "is_possible"]

_BYTES_PER_WORKER = 30_000_000
"""There is another process for every so many bytes, up to the number of cores, and at least two. Each takes 50 MB for
the words that it has met."""

_MANY_SOURCES = 10_000
"""So many are surely worth a second vocabulary, where a process cannot divide itself."""


class WorkerPool:
    """The processes, seen from the one that starts them: at once, or when there is something to do."""

    pid: int | None = None
    """The number of the first of them, and of their group, once there is one."""

    _pieces: PieceWorkers | None = None

    @property
    def pieces(self) -> PieceWorkers:
        """Other processes, for a text so long that it is worth several."""
        if self._pieces is None:
            from .piece_workers import PieceWorkers

            self._pieces = PieceWorkers()
        return self._pieces

    def start(self) -> None:
        """Start the first, at a cost of 1 ms, if there is a core for it and a way to share a pipe."""
        if self.pid is None and is_possible():
            with suppress(OSError):
                self.start_as(forks=can_fork())

    def start_as(self, *, forks: bool) -> None:
        """Start the first by a fork or as a new process.

        Args:
            forks: whether it is forked from this process: it is then ready 60 ms earlier than one that is started
                anew, and can fork others. Elsewhere than on Linux, libraries of the system do not survive a fork.

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
            self._begin(max(_FEWEST_WORKERS, usable_cores()) if forks else 1)
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
                start_forked(lambda: serve(*shared[1:]), shared, lifeline=self._lifeline)
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
            observe: called with the number of sources that are done.
        """
        there = [one for one in waiting if not one.named]
        if there:
            self.start()
        # What is named may be a pipe that only this process holds.
        here = [one for one in waiting if one.named or self.pid is None]
        left = dict(enumerate(divided(there))) if self.pid is not None else {}
        folder = cache_folder and str(cache_folder)
        job = (source_counter.settings, [(one.path, one.root) for one in there], folder, _workers_for(there))
        is_handed_over = bool(left) and self._hand_over(job, len(left))
        done = 0
        for source in here:
            yield source, source_counter.count(source)
            done += 1
            observe(done)
        long: list[Source] = []
        for number, outcomes in self._delivered(len(left)) if is_handed_over else ():
            for source, outcome in zip(left.pop(number), outcomes, strict=True):
                if outcome is None:
                    long.append(source)
                else:
                    yield source, source_counter.unpacked(source, outcome)
                    done += 1
            observe(done)
        for source in chain(long, *left.values()):  # who had taken the others has died, or was never there
            yield source, source_counter.count(source)
            done += 1
            observe(done)

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
        if self._pieces is not None:
            self._pieces.dismiss()
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
    program = "import sys; from gpt41calc.counting.serve import serve_alone; serve_alone(*map(int, sys.argv[1:]))"
    for descriptor in shared:
        os.set_inheritable(descriptor, True)  # noqa: FBT003 - it takes no names
    return os.posix_spawn(
        sys.executable,
        [sys.executable, "-P", "-c", program, *map(str, shared)],
        {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        file_actions=[(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in (0, 1, 2)],
        setpgroup=0,
    )


def _workers_for(sources: Sequence[Source]) -> int:
    """Return how many processes are to count some files: by their length, if there are cores for more than two."""
    cores, workers = usable_cores(), _FEWEST_WORKERS
    if cores <= workers:
        return workers
    total_bytes = 0
    for source in sources:
        with suppress(OSError):
            total_bytes += os.lstat(source.path or "").st_size
        workers = max(_FEWEST_WORKERS, total_bytes // _BYTES_PER_WORKER)
        if workers >= cores:
            return cores
    return workers


_FEWEST_WORKERS = 2


def is_possible() -> bool:
    """Say whether there is a core for a worker, and a way to share a pipe."""
    return sys.platform != "win32" and not getattr(sys, "frozen", False) and bool(sys.executable) and are_possible()
