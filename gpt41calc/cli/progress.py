"""A progress bar on standard error, where somebody waits for it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..counting.count import Observer

__all__ = ["progress"]

_PATIENCE_SECONDS = 1.0
"""Work that is done sooner shows no bar."""


@contextmanager
def progress(total: int) -> Iterator[Observer]:
    """Draw a bar on standard error once the work has taken a second."""
    bar = _Bar(total)
    try:
        yield bar.observe
    finally:
        bar.close()


class _Bar:
    """A bar that is only drawn, and rich only imported, if it is worth it."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._since = time.monotonic()
        self._advance: Observer | None = None
        self._shown = ExitStack()

    def observe(self, done: int) -> None:
        if self._advance is None:
            if time.monotonic() - self._since < _PATIENCE_SECONDS:
                return
            self._advance = self._draw()
        self._advance(done)

    def _draw(self) -> Observer:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        bar = Progress(
            TextColumn("counting"),
            BarColumn(),
            MofNCompleteColumn(),
            console=Console(stderr=True, markup=False, emoji=False, highlight=False),
            transient=True,
        )
        task = bar.add_task("counting", total=self._total)
        self._shown.enter_context(bar)
        return lambda done: bar.update(task, completed=done)

    def close(self) -> None:
        """Take the bar away again, if there is one."""
        self._shown.close()
