"""Run a process to its end and measure what it took."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Spent", "run"]


@dataclass(frozen=True)
class Spent:
    """What a process took."""

    seconds: float
    """From its start to its end."""

    cpu_seconds: float
    """Seconds of the processors, of all its processes together."""

    peak_bytes: int
    """The most memory it held."""


def run(
    *words: str | Path, stdin: Path | None = None, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Spent:
    """Run a process to its end and measure it.

    Args:
        words: the command line.
        stdin: the file on its standard input; None: there is nothing to read.
        env: variables beside those of this process.
        cwd: its folder; None: this one.

    Raises:
        RuntimeError: it did not end with 0.
    """
    with open(stdin or os.devnull, "rb") as given:
        started = time.perf_counter()
        child = subprocess.Popen(
            [str(word) for word in words],
            stdin=given,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | (env or {}),
            cwd=cwd,
        )
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        message = f"{words} ended with {child.returncode}"
        raise RuntimeError(message)
    unit = 1 if sys.platform == "darwin" else 1024
    return Spent(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)
