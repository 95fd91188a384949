"""The main loop of a worker process: take batches from a queue, count them, and send the results."""

from __future__ import annotations

import marshal
import os
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .delivery import HeartbeatCounter, send
from .fork import start_forked

if TYPE_CHECKING:
    from ..sources.source import Source
    from .counter import FindContent, SourceCounter

__all__ = ["divided", "serve", "serve_alone"]

_BATCHES = 256
"""Most batches: the number of a batch is one byte in the queue."""

_LONG_BYTES = 64_000_000
"""A file of this length, in bytes, is left to the starting process, which divides it among all cores."""


def serve_alone(lifeline: int, queue: int, job: int, *results: int) -> None:
    """Count for the process that started this one, and end when that process ends and closes its pipe."""
    from threading import Thread

    def wait() -> None:
        os.read(lifeline, 1)
        os._exit(0)

    Thread(target=wait, daemon=True).start()
    serve(queue, job, *results)


def serve(queue: int, job: int, *results: int) -> None:
    """Count for the process that started this one.

    Args:
        queue: descriptor from which batch numbers are read, until it ends.
        job: descriptor of the file with the batches, complete once there is a first number.
        results: descriptors to which results are written, one for each process.
    """
    from ..tokenizer.engines import tokenizer
    from ..tokenizer.vocabulary import DEFAULT_ENCODING

    tokenizer(DEFAULT_ENCODING, short=False).count(b"loads the vocabulary")
    numbers = iter(partial(os.read, queue, 1), b"")
    if not (first := next(numbers, b"")):
        return
    work = marshal.loads(os.pread(job, os.fstat(job).st_size, 0))  # noqa: S302 - from who started this
    for name in work[0][0]:
        tokenizer(name, short=False).count(b"loads the vocabulary")
    others = []
    workers = work[3]
    for number, result in enumerate(results[1:], 1):
        with suppress(OSError):  # if the system allows no more processes, fewer count
            if number < workers:
                others.append(start_forked(partial(_count, work, numbers, result), (queue, result)))
        os.close(result)
    _count(work, chain([first], numbers), results[0])
    for process in others:
        os.waitpid(process, 0)


def _count(job: Any, numbers: Iterable[bytes], result: int) -> None:
    """Count the batches whose numbers are in the queue, and send each result."""
    from ..sources.folders import OpenFolders
    from ..sources.source import Rules, Source
    from ..tokenizer.engines import tokenizer
    from .counter import SourceCounter

    (encodings, rules), paths, cache_folder, _ = job
    find_content = _find_content(cache_folder) if cache_folder else None
    tokenizers = {name: HeartbeatCounter(tokenizer(name, short=False), result) for name in encodings}
    settings = Rules(*rules)
    folders = OpenFolders(follow=settings.follow)
    source_counter = SourceCounter(tokenizers, settings, find_content, folders, most_bytes=_LONG_BYTES)
    batches = divided(paths)
    for number in numbers:
        # The worker does not need the name.
        sources = [Source("", path, named=False, root=root) for path, root in batches[number[0]]]
        send(result, marshal.dumps((number[0], [_packed(source_counter, source) for source in sources])))
    os.close(result)


def _packed(source_counter: SourceCounter, source: Source) -> Any:
    """Return the packed result of a source; None if it is so long that all processes should count it."""
    from .counter import TooLong

    try:
        return source_counter.count(source).packed()
    except TooLong:
        return None


def divided(sources: list[Any], most: int = _BATCHES) -> list[list[Any]]:
    """Divide sources into batches; both sides divide them in the same way."""
    batches = min(most, len(sources))
    bounds = [len(sources) * number // batches for number in range(batches + 1)]
    return [sources[start:end] for start, end in pairwise(bounds)]


def _find_content(folder: str) -> FindContent:
    from .cache import CountCache

    return CountCache(Path(folder), lambda _warning: None).content_finder()
