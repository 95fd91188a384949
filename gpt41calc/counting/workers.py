"""Worker processes that count in parallel with the rest of the program.

Loading a vocabulary takes 0.25 to 0.4 s and holds the interpreter's lock, and so does counting: a second thread would
wait for the first. A *process* can be started as soon as a folder is named: it loads the vocabulary while this one
still imports Typer, reads the price table and lists the files. When it gets its work, it forks into one process for
every 30 MB of text, at least two and at most as many as there are cores, which share the vocabulary and take batch
after batch from a queue.

Workers can only save time: a batch that is not delivered is counted here. Without them, cold runs take 44 % longer
(Django) and 68 % longer (a tree of 401 MB of text), on 2 cores (``python -m benchmarks.tricks``, 2026-11-27, as all
such figures).
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
    from .prefetch import Prefetch

__all__ = ["WorkerPool", "is_possible"]

_BYTES_PER_WORKER = 30_000_000
"""One process for every this many bytes, up to the number of cores, and at least two. Each takes 50 MB for the words
that it has counted.
"""

_MANY_SOURCES = 10_000
"""This many sources are certainly worth a second vocabulary, where a process cannot fork."""


class WorkerPool:
    """The worker processes, as seen from the process that starts them, at once or when there is work."""

    pid: int | None = None
    """Id of the first worker process, and of their process group. None if it is not started."""

    prefetch: Prefetch | None = None
    """A process that finds files and looks up their cached counts. None if it was not started."""

    _pieces: PieceWorkers | None = None

    _has_job = False
    """Whether the workers were given their sources: they take them once, and then the queue is closed."""

    @property
    def pieces(self) -> PieceWorkers:
        """The workers for a single text that is long enough for several processes."""
        if self._pieces is None:
            from .piece_workers import PieceWorkers

            self._pieces = PieceWorkers()
        return self._pieces

    def start(self) -> None:
        """Start the first process, which takes 1 ms, if there is a core for it and pipes can be shared."""
        if self.pid is None and is_possible():
            with suppress(OSError):
                self.start_as(forks=can_fork())

    def start_as(self, *, forks: bool) -> None:
        """Start the first process, by a fork or as a new process.

        Args:
            forks: whether to fork this process: the worker is then ready 60 ms earlier than one that is started
                anew, and can fork others. Outside Linux, system libraries do not survive a fork.

        Raises:
            OSError: the system refuses a process, pipe or file.
        """
        self._forks = forks
        self._descriptors: list[int] = []
        self._results: list[int] = []
        self._processes: list[int] = []
        try:
            # A file, not a pipe: a job may be larger than the capacity of a pipe, and nobody reads it yet.
            self._job = _nameless_file()
            self._descriptors.append(self._job)
            self._queue, self._fill = self._pipe()
            # Nothing is written to this pipe: it closes when this process ends, and then the workers end, too.
            self._lifeline, _ = self._pipe()
            self._begin(max(_FEWEST_WORKERS, usable_cores()) if forks else 1)
        except OSError:
            self._close()
            raise
        self.pid = self._processes[0]

    def _pipe(self) -> tuple[int, int]:
        """Return both ends of a pipe that stays open until the workers are dismissed."""
        ends = os.pipe()
        self._descriptors += ends
        return ends

    def _begin(self, counters: int) -> None:
        """Start a process that may fork into as many processes as given."""
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
        """Let the workers count sources; yield each result, in any order.

        Args:
            waiting: the sources to count.
            source_counter: counts what the workers cannot, and has the settings for the workers.
            cache_folder: the folder of cached counts; None if they are not used.
            observe: called with the number of finished sources.
        """
        there = [one for one in waiting if not one.named]
        if there:
            self.start()
        # A named source may be a pipe that only this process has open.
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
        for source in chain(long, *left.values()):  # the worker that had taken the others has died, or never started
            yield source, source_counter.count(source)
            done += 1
            observe(done)

    def _hand_over(self, job: Any, batches: int) -> bool:
        """Send the workers their sources; return whether there was room for them, and no job before."""
        if self._has_job:
            return False
        raw = marshal.dumps(job)
        try:
            if os.pwrite(self._job, raw, 0) < len(raw):
                return False
            if not self._forks and len(job[1]) >= _MANY_SOURCES:
                self._begin(1)
        except OSError:
            return False
        self._has_job = True
        os.write(self._fill, bytes(range(batches)))
        self._descriptors.remove(self._fill)
        os.close(self._fill)
        return True

    def _delivered(self, batches: int) -> Iterator[tuple[int, list[Any]]]:
        """Yield batches with their numbers as they arrive; fewer than expected if no worker delivers any more."""
        for message in received(self._results, SILENT_SECONDS):
            yield marshal.loads(message)  # noqa: S302 - from a process of our own
            batches -= 1
            if not batches:
                return

    def dismiss(self) -> None:
        """End the workers, whatever they are doing."""
        if self.prefetch is not None:
            self.prefetch.dismiss()
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
    """Return the descriptor of a temporary file, which is deleted when it is closed."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("gpt41calc")
    import tempfile

    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _spawned(*shared: int) -> int:
    """Start a new worker process and return its id."""
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
    """Return the number of processes for some files, depending on their length if there are more than two cores."""
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
    """Return whether there is a core for a worker, and pipes can be shared."""
    return sys.platform != "win32" and not getattr(sys, "frozen", False) and bool(sys.executable) and are_possible()
