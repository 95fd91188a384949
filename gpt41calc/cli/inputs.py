"""Count the inputs of a command, with a progress bar where somebody waits for it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from ..errors import UsageError
from . import resolve
from .options import Delivery, Inputs
from .process import Process

if TYPE_CHECKING:
    from ..counting.cache import CountCache
    from ..counting.count import Observer
    from ..sources.source import Rules, Source
    from ..tally import Skipped, Tally

__all__ = ["count_found", "count_inputs", "find", "open_cache", "progress", "require_file_name"]

_PATIENCE_SECONDS = 1.0
"""Work that is done sooner shows no bar."""


def count_inputs(inputs: Inputs, encodings: Iterable[str], output: Delivery, process: Process) -> Tally:
    """Find, read and count what was asked for, in every encoding that is needed.

    Raises:
        UsageError: a path does not exist, or the options contradict each other.
        VocabularyError: a vocabulary is missing or altered.
    """
    require_file_name(output)
    rules = resolve.rules(inputs)
    found = find(inputs, rules, process)
    return count_found(found, encodings, rules, output, process, remembers=not inputs.no_cache)


def find(inputs: Inputs, rules: Rules, process: Process) -> list[Source | Skipped]:
    """Find what was asked for.

    Raises:
        UsageError: a path does not exist, or the options contradict each other.
    """
    from ..sources.find import gather

    return gather(resolve.paths(inputs, process), rules)


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
    from ..counting.count import is_short, survey
    from ..tokenizer.engines import tokenizer

    short = is_short(found)
    # Of many files, few may have changed since they were counted.
    tokenizers = {encoding: tokenizer(encoding, short=short or remembers) for encoding in encodings}
    cache = open_cache(process) if remembers and not short else None
    with progress(len(found), output, process) as observe:
        tally = survey(found, tokenizers, rules, cache=cache, companion=process.companion, observe=observe)
    if cache is not None:
        cache.close()
    return tally


def open_cache(process: Process) -> CountCache:
    """Open the counts of earlier runs."""
    from ..counting.cache import CountCache
    from ..locations import cache_folder

    return CountCache(cache_folder(), process.warn)


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
