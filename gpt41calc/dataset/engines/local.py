"""Processes of this machine."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from threading import Thread
from types import ModuleType

from ...tally import Skipped
from ..job import Counted, Job, Lost
from ..units import Unit

__all__ = ["LocalEngine"]

_MOST_BROKEN_POOLS = 3
"""After so many, each unit that is left gets a process of its own: then only the guilty ones are lost."""


class LocalEngine:
    """Counts in so many processes; in this one if one is enough."""

    def __init__(self, workers: int) -> None:
        """Start nothing yet.

        Args:
            workers: how many processes, at least one.
        """
        self.workers = workers
        """How many processes count."""

    def run(self, job: Job, units: Sequence[Unit]) -> Iterator[Counted | Lost]:
        """Yield one result a unit; a unit whose worker dies is given to another."""
        if self.workers == 1 or len(units) == 1:
            yield from map(job.count, units)
            return
        left = {unit.key: unit for unit in units}
        for _ in range(_MOST_BROKEN_POOLS):
            for result in _pooled(job, list(left.values()), min(self.workers, len(left))):
                del left[result.key]
                yield result
            if not left:
                return
        for unit in left.values():
            alone = list(_pooled(job, [unit], 1))
            name = unit.parts[0].name
            yield alone[0] if alone else Lost(unit.key, (Skipped(name, _KILLED, expected=False),))


_KILLED = "its worker was ended each time: by the system, for lack of memory, or by a defect"


def _pooled(job: Job, units: Sequence[Unit], workers: int) -> Iterator[Counted | Lost]:
    """Yield results until the pool breaks: what was not yielded then has to be done again."""
    # A copy of this process would have the locks of pyarrow's threads without the threads.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(job, os.getpid()))
    try:
        with _without_main():
            futures: set[Future[Counted | Lost]] = {pool.submit(_count, unit) for unit in units}
        while futures:
            done, futures = wait(futures, return_when=FIRST_COMPLETED)
            for future in done:
                with suppress(BrokenProcessPool):
                    yield future.result()
    except BrokenProcessPool:
        pass
    finally:
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 - nothing else ends what hangs
            process.terminate()
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _without_main() -> Iterator[None]:
    """Start processes that do not import what this one was started with: a script of any kind, or standard input."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


_job: Job | None = None


def _begin(job: Job, parent: int) -> None:
    """Prepare a worker: an interrupt is the parent's to handle, and without a parent there is nothing to do."""
    global _job  # noqa: PLW0603 - a worker has one job
    _job = job
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End as soon as the parent is gone."""
    process = multiprocessing.parent_process()
    if process is not None:
        process.join()
    elif os.getppid() == parent:
        return
    os._exit(0)


def _count(unit: Unit) -> Counted | Lost:
    if _job is None:
        raise RuntimeError("a worker without a job")
    return _job.count(unit)
