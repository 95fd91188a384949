"""A progress bar on standard error."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..counting.count import Observer
    from ..counting.runtime import Unit

__all__ = ["progress", "progress_sentence"]

_PATIENCE_SECONDS = 1.0
"""Work that takes less than this shows no bar."""

_STEP_SECONDS = 0.1
"""Shortest time between two updates of the bar: a file may have a million requests."""


@contextmanager
def progress(total: int, unit: Unit = "files") -> Iterator[Observer]:
    """Show a bar on standard error once the work has taken a second.

    Args:
        total: the amount of work; 0 if it is not known.
        unit: the unit of the amount.
    """
    bar = _Bar(total, unit)
    try:
        yield bar.observe
    finally:
        bar.close()


def progress_sentence(done: int, total: int, unit: Unit, seconds: float) -> str:
    """Return a sentence with the finished amount of some work, its speed, and the remaining time.

    >>> progress_sentence(30_000_000, 120_000_000, "bytes", 2.0)
    '30.0 MB of 120.0 MB, 15.0 MB/s, 6 s left'
    >>> progress_sentence(1200, 0, "files", 1.5)
    '1,200 files, 800 files/s'
    """
    from ..render.numbers import number, size

    rate = done / seconds if seconds > 0 else 0.0
    if unit == "bytes":
        amount = f"{size(done)} of {size(total)}" if total else size(done)
        speed = f"{size(int(rate))}/s"
    else:
        amount = f"{number(done)} of {number(total)} {unit}" if total else f"{number(done)} {unit}"
        speed = f"{number(int(rate))} {unit}/s"
    left = f", {_duration((total - done) / rate)} left" if total > done and rate else ""
    return f"{amount}, {speed}{left}"


def _duration(seconds: float) -> str:
    """Return a duration as text.

    >>> _duration(6.4), _duration(200), _duration(7300)
    ('6 s', '3 min 20 s', '2 h 1 min')
    """
    whole = round(seconds)
    if whole < 60:  # noqa: PLR2004 - a minute
        return f"{whole} s"
    if whole < 3600:  # noqa: PLR2004 - an hour
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


class _Bar:
    """A bar that is drawn, for which rich is imported, only if the work takes long."""

    def __init__(self, total: int, unit: Unit) -> None:
        self._total = total
        self._unit = unit
        self._since = self._shown_seconds = time.monotonic()
        self._advance: Observer | None = None
        self._shown = ExitStack()

    def observe(self, done: int) -> None:
        now = time.monotonic()
        if now - self._shown_seconds < (_PATIENCE_SECONDS if self._advance is None else _STEP_SECONDS):
            return
        self._shown_seconds = now
        if self._advance is None:
            self._advance = self._draw()
        self._advance(done)

    def _draw(self) -> Observer:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        bar = Progress(
            TextColumn("counting"),
            *([BarColumn(bar_width=20)] if self._total else []),
            TextColumn("{task.description}"),
            console=Console(stderr=True, markup=False, emoji=False, highlight=False),
            transient=True,
        )
        task = bar.add_task("", total=self._total or None)
        self._shown.enter_context(bar)

        def advance(done: int) -> None:
            sentence = progress_sentence(done, self._total, self._unit, time.monotonic() - self._since)
            bar.update(task, completed=done, description=sentence)

        return advance

    def close(self) -> None:
        """Remove the bar, if there is one."""
        self._shown.close()
