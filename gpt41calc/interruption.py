"""Signals that end a run, and how they end it."""

from __future__ import annotations

import os
import signal
import time
from types import FrameType
from typing import Any, Self

from .errors import ExitCode

__all__ = ["Interruption"]

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")

_CLEANING_UP_SECONDS = 0.5
"""How long what is to be cleaned up is protected from a second signal."""


class Interruption:
    """Turns SIGINT, SIGTERM and SIGHUP into a KeyboardInterrupt, inside a ``with`` block.

    What is ignored stays ignored: ``nohup`` and the background of a shell mean it. An
    exception can be lost (in a destructor, or in native code that makes another of it),
    so ``arrived`` tells of it as well.
    """

    arrived = False
    """Whether there was such a signal."""

    def __enter__(self) -> Self:
        self._before: dict[int, Any] = {}
        self._first_seconds = 0.0
        for name in _NAMES:
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is None or signal.getsignal(number) == signal.SIG_IGN:
                continue
            try:
                self._before[number] = signal.signal(number, self._interrupt)
            except ValueError:  # only the main thread may
                break
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _interrupt(self, _signum: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if not self.arrived:
            self.arrived, self._first_seconds = True, now
            raise KeyboardInterrupt
        if now - self._first_seconds > _CLEANING_UP_SECONDS:  # the first was lost, or cleaning up hangs
            os._exit(ExitCode.INTERRUPTED)
