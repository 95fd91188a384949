"""Find the number of cores that this process may use, which can be fewer than the machine has."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

__all__ = ["is_core_idle", "quota_in_cores", "usable_cores"]


@cache
def usable_cores() -> int:
    """Return the number of cores that this process may use, at least 1.

    A container may be limited to two of 64 cores by an affinity mask, which Python takes into account, or by a quota of
    processor time, which it does not.
    """
    allowed = _allowed_cores()
    return max(1, min(allowed, math.ceil(quota_in_cores(default=allowed))))


def is_core_idle(load: Path = Path("/proc/loadavg")) -> bool:
    """Return whether a core of the machine has nothing to do at this moment; True if the system does not tell.

    Args:
        load: the file with the number of processes that run or wait for a core, see ``man 5 proc_loadavg``.
    """
    with suppress(OSError, ValueError, IndexError):
        running, _, _ = load.read_text(encoding="ascii").split()[3].partition("/")
        return int(running) < (os.cpu_count() or 1)
    return True


def _allowed_cores() -> int:
    if hasattr(os, "process_cpu_count"):  # Python 3.13, with PYTHON_CPU_COUNT
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def quota_in_cores(
    default: float, groups: Path = Path("/proc/self/cgroup"), mounted: Path = Path("/sys/fs/cgroup")
) -> float:
    """Return the seconds of processor time per second that the control groups of this process allow.

    Args:
        default: the result if they set no limit.
        groups: the file that lists the control groups of this process, as ``man 7 cgroups`` describes it.
        mounted: the folder where control groups are mounted.
    """
    return min(_quotas(groups, mounted), default=default) if sys.platform == "linux" else default


def _quotas(groups: Path, mounted: Path) -> Iterator[float]:
    """Yield the quota of every control group of this process, and of the groups that contain them."""
    with suppress(OSError, ValueError):
        for line in groups.read_text(encoding="utf-8").splitlines():
            _, controllers, path = line.split(":", 2)
            if not controllers:  # version 2
                for folder in _upwards(mounted, path):
                    with suppress(OSError, ValueError):
                        quota, period = (folder / "cpu.max").read_text(encoding="utf-8").split()
                        yield int(quota) / int(period)  # no quota: "max", which is not a number
            elif "cpu" in controllers.split(","):
                for folder in _upwards(mounted / controllers, path):
                    with suppress(OSError, ValueError):
                        quota_us = int((folder / "cpu.cfs_quota_us").read_text(encoding="utf-8"))
                        period_us = int((folder / "cpu.cfs_period_us").read_text(encoding="utf-8"))
                        if quota_us > 0:  # no quota: -1
                            yield quota_us / period_us


def _upwards(root: Path, path: str) -> Iterator[Path]:
    """Yield the folder of a control group, then its parents up to the root: in a container, only the group itself."""
    folder = root / path.strip("/")
    while folder != root:
        yield folder
        folder = folder.parent
    yield root
