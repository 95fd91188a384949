"""The process environment that counting depends on: standard input, workers, cache, and output of messages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from .count import Observer, count_all, is_short

if TYPE_CHECKING:
    from ..sources.folders import OpenFolders
    from ..sources.source import Rules, Source
    from ..tally import Counted, Skipped, Tally
    from .cache import CountCache
    from .workers import WorkerPool

__all__ = ["Progress", "Runtime", "Unit", "count_sources", "find_sources", "unobserved"]

Unit = Literal["files", "bytes", "requests"]
"""The unit of progress."""


class Progress(Protocol):
    """Shows the progress of some work."""

    def __call__(self, total: int, unit: Unit = "files", /) -> AbstractContextManager[Observer]:
        """Return a context manager whose value is called with the amount of finished work.

        Args:
            total: the amount of work; 0 if it is not known.
            unit: the unit of the amount.
        """


def _ignore(_message: str) -> None:
    """Ignore the progress."""


def unobserved(_total: int, _unit: Unit = "files") -> AbstractContextManager[Observer]:
    """Show no progress."""
    return nullcontext(lambda _done: None)


@dataclass(frozen=True, slots=True)
class Runtime:
    """The process environment of a command; the defaults are meant for use as a library."""

    stdin: int = 0
    """File descriptor of standard input."""

    workers: WorkerPool | None = None
    """Worker processes. None if this process counts everything."""

    uses_cache: bool = False
    """Whether cached counts are used, and new ones stored."""

    warn: Callable[[str], None] = _ignore
    """Called with a warning that the result may differ from what the user expects."""

    hint: Callable[[str], None] = _ignore
    """Called with a useful hint."""

    progress: Progress = unobserved
    """Shows the progress."""

    def open_cache(self) -> CountCache | None:
        """Return the cache of counts; None if it is not used. The caller closes it."""
        if not self.uses_cache:
            return None
        from ..locations import cache_folder
        from .cache import CountCache

        return CountCache(cache_folder(), self.warn)


def find_sources(paths: Sequence[str], rules: Rules, runtime: Runtime) -> list[Source | Skipped]:
    """Return all sources for the given paths, as ``gather`` does, and from the prefetch if it was started for them.

    Raises:
        UsageError: as for ``gather``.
    """
    prefetch = runtime.workers.prefetch if runtime.workers and runtime.uses_cache else None
    found = prefetch.found(paths, rules) if prefetch else None
    if found is not None:
        return found
    from ..sources.find import gather

    return gather(paths, rules)


def count_sources(found: Sequence[Source | Skipped], encodings: Iterable[str], rules: Rules, runtime: Runtime) -> Tally:
    """Read and count sources in all required encodings.

    Raises:
        VocabularyError: a vocabulary file is missing or altered.
    """
    from ..tokenizer.engines import tokenizer

    short = is_short(found)
    # If there are many files, only a few may have changed since they were counted.
    tokenizers = {encoding: tokenizer(encoding, short=short or runtime.uses_cache) for encoding in encodings}
    cache = None if short else runtime.open_cache()
    with runtime.progress(len(found)) as observe:
        tally = count_all(found, tokenizers, rules, cache=cache, workers=runtime.workers, observe=observe)
    if cache is not None:
        cache.close()
    _mention_pointers(tally, found, rules, runtime)
    return tally


def _mention_pointers(tally: Tally, found: Sequence[Source | Skipped], rules: Rules, runtime: Runtime) -> None:
    """Warn about Git LFS pointer files: the content that they point to is not there, and not counted."""
    likely = {one.path for one in tally.counted if _may_be_pointer(one)}
    if not likely:
        return
    from ..sources.folders import OpenFolders
    from ..sources.source import Source

    with OpenFolders(follow=rules.follow) as folders:  # each path by itself took 4 % of a second run of Django
        for one in found:
            if isinstance(one, Source) and one.name in likely and _is_pointer(one, folders):
                runtime.warn(f"{one.name}: a Git LFS pointer, counted as its own text and not as what it points to")


def _may_be_pointer(one: Counted) -> bool:
    """Return whether a file may be a pointer, by its length and tokens, so that few short files are read again.

    Most of a pointer is a digest: it has two to three bytes per token, where prose and code have three to six.
    """
    return _POINTER_BYTES[0] <= one.bytes <= _POINTER_BYTES[1] and any(
        tokens * _MOST_POINTER_BYTES_PER_TOKEN >= one.bytes for tokens in one.tokens.values()
    )


def _is_pointer(one: Source, folders: OpenFolders) -> bool:
    """Return whether a file begins as a pointer does; only its first bytes are read."""
    from ..sources.git.lfs import LONGEST_POINTER_BYTES, is_lfs_pointer
    from ..sources.open_path import open_regular, require_regular

    if one.path is None or (one.named and not os.path.isfile(one.path)):  # a named pipe cannot be read twice
        return False
    try:
        descriptor = open_regular(one.path) if one.named else require_regular(folders.open(*one.place))
        with open(descriptor, "rb", buffering=0) as file:
            return is_lfs_pointer(file.read(LONGEST_POINTER_BYTES) or b"")
    except OSError:  # it was counted, and is gone
        return False


_POINTER_BYTES = (100, 1024)
"""Length of a pointer in bytes, least and most; the specification allows no longer ones."""

_MOST_POINTER_BYTES_PER_TOKEN = 3
"""Bytes per token: of 100,000 pointers with random digests, none had more than 2.8, in o200k_base and in cl100k_base.
"""
