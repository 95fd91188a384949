"""Count the inputs of a command, with a progress bar where somebody waits for it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from ..errors import UsageError
from . import settings
from .options import Delivery, Inputs
from .process import Process

if TYPE_CHECKING:
    from ..sources.nouns import Rules, Source
    from ..survey import Observer
    from ..tally import Skipped, Tally
    from ..tokenizer.cache import CountCache

__all__ = ["count_found", "count_inputs", "open_cache", "progress", "require_file_name"]

_PATIENCE_SECONDS = 1.0
"""Work that is done sooner shows no bar."""

_FEW_INPUTS = 16
_SHORT_BYTES = 64 << 10
"""So much is counted sooner by looking tokens up (25 ms) than by loading a vocabulary (250 to 400 ms)."""


def count_inputs(inputs: Inputs, encodings: Iterable[str], output: Delivery, process: Process) -> Tally:
    """Find, read and count what was asked for, in every encoding that is needed.

    Raises:
        UsageError: a path does not exist, or the options contradict each other.
        VocabularyError: a vocabulary is missing or altered.
    """
    from ..sources.arguments import gather

    require_file_name(output)
    rules = settings.rules(inputs)
    found = gather(settings.paths(inputs, process), rules)
    return count_found(found, encodings, rules, output, process, remembers=not inputs.no_cache)


def require_file_name(output: Delivery) -> None:
    """Refuse an empty ``--output`` before anything is counted.

    Raises:
        UsageError: it is empty.
    """
    if output.output == "":
        message = "-o: expected the name of a file"
        raise UsageError(message)


def count_found(
    found: Sequence[Source | Skipped],
    encodings: Iterable[str],
    rules: Rules,
    output: Delivery,
    process: Process,
    *,
    remembers: bool,
) -> Tally:
    """Read and count what was found, in every encoding that is needed.

    Raises:
        VocabularyError: a vocabulary is missing or altered.
    """
    from ..survey import survey
    from ..tokenizer.engines import tokenizer

    short = _is_short(found)
    tokenizers = {encoding: tokenizer(encoding, short=short) for encoding in encodings}
    cache = open_cache(process) if remembers and not short else None
    companion = None if short else process.companion
    with progress(len(found), output, process) as observe:
        tally = survey(found, tokenizers, rules, cache=cache, companion=companion, observe=observe)
    if cache is not None:
        cache.close()
    return tally


def open_cache(process: Process) -> CountCache:
    """Open the counts of earlier runs."""
    from ..tokenizer.cache import CountCache, cache_folder

    return CountCache(cache_folder(), process.warn)


def _is_short(found: Sequence[Source | Skipped]) -> bool:
    """Say whether there is so little to count that loading a vocabulary would take most of the time.

    How much is in a pipe cannot be known; there, the lookup engine gives way when it becomes too much.
    """
    if len(found) > _FEW_INPUTS:
        return False
    size = 0
    for one in found:
        if one.path is not None:
            with suppress(OSError):
                size += os.stat(one.path).st_size
    return size <= _SHORT_BYTES


@contextmanager
def progress(inputs: int, output: Delivery, process: Process) -> Iterator[Observer]:
    """Draw a bar on standard error once the work has taken a second, if that is a terminal."""
    if output.no_progress or output.quiet or not process.is_terminal(sys.stderr):
        yield lambda _done: None
        return
    bar = _Bar(inputs)
    try:
        yield bar.observe
    finally:
        bar.close()


class _Bar:
    """A bar that is only drawn, and rich only imported, if it is worth it."""

    def __init__(self, inputs: int) -> None:
        self._inputs = inputs
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
        task = bar.add_task("counting", total=self._inputs)
        self._shown.enter_context(bar)
        return lambda done: bar.update(task, completed=done)

    def close(self) -> None:
        """Take the bar away again, if there is one."""
        self._shown.close()
