"""The counting pipeline: read sources, count them, and add up the results."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from ..sources.folders import OpenFolders
from ..sources.source import Rules, Source
from ..tally import Counted, Skipped, Tally
from ..tokenizer.protocol import Tokenizer
from .cached_files import CachedFiles
from .counter import Outcome, SourceCounter
from .fingerprint import CachedCounts

if TYPE_CHECKING:
    from .cache import CountCache
    from .prefetch import Prefetch
    from .workers import WorkerPool

__all__ = ["Observer", "count_all", "is_short"]

Observer = Callable[[int], None]
"""Called repeatedly with the number of inputs that are finished or begun."""

_SHORT_BYTES = 64 << 10
"""Up to this many bytes are counted faster by look-up (25 ms) than after loading a vocabulary (250 to 400 ms)."""


def count_all(
    found: Sequence[Source | Skipped],
    tokenizers: Mapping[str, Tokenizer],
    rules: Rules,
    *,
    cache: CountCache | None = None,
    workers: WorkerPool | None = None,
    observe: Observer = lambda _inputs: None,
) -> Tally:
    """Count all found sources; sources that cannot be counted are in the tally with the reason.

    Args:
        found: the sources, and the paths skipped in the search.
        tokenizers: tokenizers by name of the encoding to report.
        rules: the rules for reading files.
        cache: counts of earlier runs; None if everything is read and counted.
        workers: processes that share the work; None if this process counts everything.
        observe: called with the number of finished inputs.
    """
    with OpenFolders(follow=rules.follow) as folders:
        source_counter = SourceCounter(
            tokenizers,
            rules,
            cache.content_finder() if cache else None,
            folders,
            piece_workers=workers.pieces if workers else None,
        )
        return _count_sources(found, source_counter, rules, cache, workers, observe)


def _count_sources(
    found: Sequence[Source | Skipped],
    source_counter: SourceCounter,
    rules: Rules,
    cache: CountCache | None,
    workers: WorkerPool | None,
    observe: Observer,
) -> Tally:
    cached = _cached(found, cache, rules, workers.prefetch if workers else None) if cache else {}
    seen = [_known(one, cached, source_counter) for one in found]
    waiting = [one for one, known in zip(found, seen, strict=True) if known is None and isinstance(one, Source)]
    before = len(found) - len(waiting)
    counted: dict[Source | Skipped, Counted | Skipped] = {}
    for source, outcome in _outcomes(waiting, source_counter, cache, workers, lambda done: observe(before + done)):
        counted[source] = outcome.seen
        if cache is not None and outcome.content is not None:
            cache.store(outcome.key, outcome.content)
    return Tally.of(*(known or counted[one] for one, known in zip(found, seen, strict=True)))


def _cached(
    found: Sequence[Source | Skipped], cache: CountCache, rules: Rules, prefetch: Prefetch | None
) -> Mapping[Source, CachedCounts | None]:
    """Return the cached counts of files that have not changed."""
    if cache.is_empty():  # else the status of every file is asked for in vain
        return {}
    with CachedFiles(cache, rules, len(found)) as files:
        known = prefetch.cached(files, rules) if prefetch else {}
        known.update(files.find(one for one in found if one not in known) if known else files.find(found))
    return known


def _known(
    one: Source | Skipped, cached: Mapping[Source, CachedCounts | None], source_counter: SourceCounter
) -> Counted | Skipped | None:
    """Return the cached result of a found source. None if it has to be counted."""
    if isinstance(one, Skipped):
        return one
    content = cached.get(one)
    return content and source_counter.cached(one, content)


def _outcomes(
    waiting: Sequence[Source],
    source_counter: SourceCounter,
    cache: CountCache | None,
    workers: WorkerPool | None,
    observe: Observer,
) -> Iterator[tuple[Source, Outcome]]:
    """Yield the result of every source, in any order."""
    if workers is not None and not is_short(waiting):
        yield from workers.share(waiting, source_counter, cache.path.parent if cache else None, observe)
        return
    for done, source in enumerate(waiting, 1):
        yield source, source_counter.count(source)
        observe(done)


def is_short(found: Iterable[Source | Skipped], most_bytes: int = _SHORT_BYTES) -> bool:
    """Return whether there is so little text that loading a vocabulary would take most of the time.

    The length of a pipe is not known in advance; there, the look-up counter hands over when the text becomes too long.
    """
    size = 0
    for one in found:
        if isinstance(one, Source) and one.path is not None:
            with suppress(OSError):
                size += (os.stat if one.named else os.lstat)(one.path).st_size
            if size > most_bytes:
                return False
    return True
