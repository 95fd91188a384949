"""Handle the signals that end a run."""

from __future__ import annotations

import os
import signal
import sys
import time
from types import FrameType
from typing import TYPE_CHECKING, Any, Self

from .errors import ExitCode

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

__all__ = ["Interruption"]

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")

_CLEANING_UP_SECONDS = 0.5
"""Time in which a second signal does not stop the clean-up."""


class Interruption:
    """Turns SIGINT, SIGTERM and SIGHUP into a KeyboardInterrupt, inside a ``with`` block.

    A signal that is ignored stays ignored, as ``nohup`` and background jobs of a shell require. The exception can be
    lost in a destructor, in a callback of an import, or in native code that replaces it, so ``arrived`` also records
    the signal, and Python does not print that it ignored the exception.
    """

    arrived = False
    """Whether such a signal was received."""

    def __enter__(self) -> Self:
        self._before: dict[int, Any] = {}
        self._first_seconds = 0.0
        self._unraisable_before = sys.unraisablehook
        sys.unraisablehook = self._unraisable
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
        sys.unraisablehook = self._unraisable_before

    def _unraisable(self, lost: UnraisableHookArgs) -> None:
        if not (self.arrived and issubclass(lost.exc_type, KeyboardInterrupt)):
            self._unraisable_before(lost)

    def _interrupt(self, _signum: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if not self.arrived:
            self.arrived, self._first_seconds = True, now
            raise KeyboardInterrupt
        if now - self._first_seconds > _CLEANING_UP_SECONDS:  # the first was lost, or cleaning up hangs
            os._exit(ExitCode.INTERRUPTED)
