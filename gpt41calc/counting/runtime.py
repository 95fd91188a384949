"""What counting needs of the process that it runs in: standard input, workers, the cache, and somebody to tell."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from .count import Observer, count_all, is_short

if TYPE_CHECKING:
    from ..sources.source import Rules, Source
    from ..tally import Counted, Skipped, Tally
    from .cache import CountCache
    from .workers import WorkerPool

__all__ = ["Progress", "Runtime", "Unit", "count_sources", "unobserved"]

Unit = Literal["files", "bytes", "requests"]
"""What work is measured in."""


class Progress(Protocol):
    """Shows how far some work is."""

    def __call__(self, total: int, unit: Unit = "files", /) -> AbstractContextManager[Observer]:
        """Return a context that observes how much is done.

        Args:
            total: how much there is to do; 0 if that is not known.
            unit: what is counted.
        """


def _ignore(_message: str) -> None:
    """Tell nobody."""


def unobserved(_total: int, _unit: Unit = "files") -> AbstractContextManager[Observer]:
    """Show no progress."""
    return nullcontext(lambda _done: None)


@dataclass(frozen=True, slots=True)
class Runtime:
    """The process, as far as the work of a command depends on it; the defaults suit a library."""

    stdin: int = 0
    """Descriptor of standard input."""

    workers: WorkerPool | None = None
    """Processes that count beside this one; None if everything is counted here."""

    uses_cache: bool = False
    """Whether counts of earlier runs are used, and those of this one are kept."""

    warn: Callable[[str], None] = _ignore
    """Called with a message about what may make the result differ from what was meant."""

    hint: Callable[[str], None] = _ignore
    """Called with a message that is worth knowing."""

    progress: Progress = unobserved
    """Shows progress."""

    def open_cache(self) -> CountCache | None:
        """Return the counts of earlier runs; None if they are not used. Whoever opens it closes it."""
        if not self.uses_cache:
            return None
        from ..locations import cache_folder
        from .cache import CountCache

        return CountCache(cache_folder(), self.warn)


def count_sources(found: Sequence[Source | Skipped], encodings: Iterable[str], rules: Rules, runtime: Runtime) -> Tally:
    """Read and count sources, in every encoding that is needed.

    Raises:
        VocabularyError: a vocabulary is missing or altered.
    """
    from ..tokenizer.engines import tokenizer

    short = is_short(found)
    # Of many files, few may have changed since they were counted.
    tokenizers = {encoding: tokenizer(encoding, short=short or runtime.uses_cache) for encoding in encodings}
    cache = None if short else runtime.open_cache()
    with runtime.progress(len(found)) as observe:
        tally = count_all(found, tokenizers, rules, cache=cache, workers=runtime.workers, observe=observe)
    if cache is not None:
        cache.close()
    _mention_pointers(tally, found, rules, runtime)
    return tally


def _mention_pointers(tally: Tally, found: Sequence[Source | Skipped], rules: Rules, runtime: Runtime) -> None:
    """Say which files are but pointers of Git LFS: what they point to is not there, and not counted."""
    likely = {one.path for one in tally.counted if _may_be_pointer(one)}
    if not likely:
        return
    from ..sources.git.lfs import is_lfs_pointer
    from ..sources.read import NotText, Reading
    from ..sources.source import Source

    for one in found:
        if isinstance(one, Source) and one.path is not None and one.name in likely and os.path.isfile(one.path):
            with suppress(NotText):  # a pipe that was named cannot be read twice
                if is_lfs_pointer(next(iter(Reading(one, rules)), b"")):
                    runtime.warn(f"{one.name}: a Git LFS pointer, counted as its own text and not as what it points to")


def _may_be_pointer(one: Counted) -> bool:
    """Say whether a file may be a pointer, by its length and tokens, so that few short files are read again.

    Most of a pointer is a digest: it has two to three bytes a token, where prose and code have three to six.
    """
    return _POINTER_BYTES[0] <= one.bytes <= _POINTER_BYTES[1] and any(
        tokens * _MOST_POINTER_BYTES_PER_TOKEN >= one.bytes for tokens in one.tokens.values()
    )


_POINTER_BYTES = (100, 1024)
"""Lengths of a pointer; what is longer is none, says the specification."""

_MOST_POINTER_BYTES_PER_TOKEN = 3
"""Of 100,000 pointers with random digests, none had more than 2.8, in o200k_base and in cl100k_base."""
