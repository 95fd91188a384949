"""Copies of this process, in which something is done while this one goes on (Linux)."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Collection
from contextlib import suppress

__all__ = ["are_possible", "cores", "end_group", "in_a_copy"]

_ENOUGH_CORES = 2


def are_possible() -> bool:
    """Say whether there is a core for a second process, and only one thread: a copy would have no other."""
    threading = sys.modules.get("threading")
    return cores() >= _ENOUGH_CORES and not (threading and threading.active_count() > 1)


def in_a_copy(work: Callable[[], object], kept: Collection[int], *, leads: bool = False) -> int:
    """Do something in a copy of this process, which ends with it; return the number of the process.

    Args:
        work: what to do; if it fails, nobody is told.
        kept: descriptors that the copy needs. It lets go of all others: a pipe
            that it held open would never end for who reads it.
        leads: whether it is the first of a group, with which the copies that it makes are ended, too.
    """
    if pid := os.fork():
        if leads:
            _lead(pid)
        return pid
    try:
        if leads:
            _lead(0)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        for descriptor in {int(name) for name in os.listdir("/proc/self/fd")}.difference(kept, (0, 1, 2)):
            with suppress(OSError):
                os.close(descriptor)
        work()
    finally:
        os._exit(0)


def _lead(process: int) -> None:
    """Make a process the first of a group; it does so itself as well, as nobody knows who comes first."""
    with suppress(OSError):
        os.setpgid(process, process)


def end_group(process: int) -> None:
    """End a process of ours and its copies, whatever they do."""
    with suppress(OSError):
        os.killpg(process, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(process, 0)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
