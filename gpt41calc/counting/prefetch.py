"""A forked process that finds the files of a run and looks up their cached counts.

If the counts are cached, a run spends most of its time importing modules, listing files, and looking up their counts.
The last two do not need the modules, and are begun by another process. Both look up counts, batch after batch from one
queue, as soon as this one has imported what it needs. Without it, second runs take 40 % longer (Django) and 25 % longer
(a tree of 401 MB), and 13 % less processor time (2026-11-27, 2 cores). So it is only started where a core is idle:
beside busy processes, runs took 20 % longer with it.

It can only save time: it is used for exactly the paths and rules that it was started for, and what it does not deliver
is found and looked up here. It reads no input, writes nothing, and warns of nothing: if there is anything to warn of,
it delivers nothing, and this process finds it again.
"""

from __future__ import annotations

import marshal
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from .cores import is_core_idle
from .delivery import SILENT_SECONDS, received, send
from .fork import are_possible, can_fork, end_group, start_forked
from .serve import divided

if TYPE_CHECKING:
    from ..sources.source import Rules, Source
    from ..tally import Skipped
    from .cached_files import CachedFiles
    from .fingerprint import CachedCounts

__all__ = ["Predict", "Prefetch", "Wanted"]

_BATCHES = 32
"""Most batches. Between two batches, each process goes to other folders, which takes 0.05 ms."""

_PIPE_BYTES = 1 << 20
"""Capacity of the pipe for results, in bytes: the list of 7,000 files, so that the process need not wait for this one.
"""


class Wanted(NamedTuple):
    """What a run counts."""

    paths: tuple[str, ...]
    """The paths, as the user gave them."""

    rules: Rules
    """The rules for finding and reading sources."""


Predict = Callable[[], Wanted | None]
"""Returns what a run is likely to count; None if that cannot be told."""


class Prefetch:
    """The process, as seen from the process that starts it. Each of its answers is given once."""

    is_of_use = False
    """Whether it has delivered what it was started for."""

    _is_taken = False

    def __init__(self, predict: Predict) -> None:
        """Start the process.

        Args:
            predict: is called in it.

        Raises:
            OSError: the system refuses a process or a pipe.
        """
        import shutil  # noqa: F401 - both processes need these, and import them once
        import subprocess  # noqa: F401 - the same

        from . import cache, cached_files  # noqa: F401 - the same

        self._descriptors: list[int] = []
        self._rules: Rules | None = None
        self._found: list[Source | Skipped] = []
        try:
            self._queue, fill = self._pipe()
            results, write = self._pipe()
            lifeline, _ = self._pipe()
            needed = (self._queue, fill, write)
            self._pid = start_forked(partial(_serve, predict, *needed), (*needed, lifeline), lifeline=lifeline)
        except OSError:
            self._close(*self._descriptors)
            raise
        self._close(fill, write, lifeline)
        self._messages = received([results], SILENT_SECONDS)

    @classmethod
    def started(cls, predict: Predict) -> Prefetch | None:
        """Start the process; return None if the system refuses it, or if no core is idle: then it would cost time."""
        if can_fork() and are_possible() and is_core_idle():
            with suppress(OSError):
                return cls(predict)
        return None

    def _pipe(self) -> tuple[int, int]:
        ends = os.pipe()
        self._descriptors += ends
        return ends

    def _close(self, *descriptors: int) -> None:
        for descriptor in descriptors:
            self._descriptors.remove(descriptor)
            os.close(descriptor)

    def found(self, paths: Sequence[str], rules: Rules) -> list[Source | Skipped] | None:
        """Return what was found; None if it was not started for exactly these paths and rules, or has failed."""
        if self._is_taken:
            return None
        self._is_taken = True
        wanted, found = self._next(), None
        if wanted == (tuple(paths), tuple(rules)):
            found = self._next()
        if found is None:
            self.dismiss()
            return None
        self.is_of_use = True
        from ..sources.source import Source
        from ..tally import Skipped

        self._rules, files = rules, len(Source._fields)
        self._found = [(Source if len(fields) == files else Skipped)._make(fields) for fields in found]
        return self._found

    def cached(self, files: CachedFiles, rules: Rules) -> dict[Source, CachedCounts | None]:
        """Return the cached counts of what was found, looked up by both processes.

        Args:
            files: looks up those files for which the other process had no time.
            rules: the rules for reading them.

        Returns:
            The counts by file; None for a file whose counts are not cached.
        """
        if not self._descriptors or self._rules is None or _reading(rules) != _reading(self._rules):
            return {}
        from .fingerprint import CachedCounts

        batches = dict(enumerate(divided(self._found, _BATCHES)))
        known: dict[Any, CachedCounts | None] = {}
        while number := os.read(self._queue, 1):
            _add(known, batches.pop(number[0]), files)
        for one, rows in (self._next() or {}).items():
            known.update(zip(batches.pop(one), (CachedCounts(*row) if row else None for row in rows), strict=True))
        for batch in batches.values():  # it has died, or hangs
            _add(known, batch, files)
        self.dismiss()
        return known

    def _next(self) -> Any:
        """Return the next message; None if there is none."""
        try:
            return marshal.loads(next(self._messages, b""))  # noqa: S302 - from a process of our own
        except (EOFError, ValueError, TypeError):
            return None

    def dismiss(self) -> None:
        """End the process, whatever it is doing."""
        if self._descriptors:
            end_group(self._pid)
            self._close(*self._descriptors)


def _reading(rules: Rules) -> tuple[Any, ...]:
    """Return the rules that a count depends on; of what was found, any part may be counted."""
    return rules.follow, rules.max_bytes, rules.text


def _add(known: dict[Any, CachedCounts | None], batch: list[Source | Skipped], files: CachedFiles) -> None:
    known.update(dict.fromkeys(batch))
    known.update(files.find(batch))


def _serve(predict: Predict, queue: int, fill: int, results: int) -> None:
    """Find and look up what is likely to be counted, and send it: what is wanted, what was found, and the counts."""
    wanted = predict()
    if wanted is None:
        return
    _enlarge(results)
    send(results, marshal.dumps((wanted.paths, tuple(wanted.rules))))
    from ..resources import Refusals
    from ..sources.find import gather
    from ..sources.git.child import stay_in_group
    from ..sources.source import Source

    stay_in_group()
    found = gather(wanted.paths, wanted.rules)
    # What the system refuses to two processes, it may not refuse to one; and without git, other files may be found.
    if Refusals.were_ignored or any(not isinstance(one, Source) and not one.expected for one in found):
        return
    batches = divided(found, _BATCHES)
    os.write(fill, bytes(range(len(batches))))
    os.close(fill)
    send(results, marshal.dumps(list(map(tuple, found))))
    from ..locations import cache_folder
    from .cache import CountCache
    from .cached_files import CachedFiles

    cache = CountCache(cache_folder(), _give_up, only_reads=True)
    rows = {}
    with CachedFiles(cache, wanted.rules, len(found)) as files:
        while number := os.read(queue, 1):
            batch = batches[number[0]]
            cached = files.find(batch)
            rows[number[0]] = [tuple(cached.get(one, ())) for one in batch]
    send(results, marshal.dumps(rows))


def _give_up(_warning: str) -> NoReturn:
    raise Discarded


class Discarded(Exception):
    """There is something to warn of: it is found again, and told, by the process that started this one."""


def _enlarge(pipe: int) -> None:
    import fcntl

    with suppress(OSError):  # all pipes of the user together are too large
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
