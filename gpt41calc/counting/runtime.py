"""What counting needs of the process that it runs in: standard input, workers, the cache, and somebody to tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .count import Observer, is_short, survey

if TYPE_CHECKING:
    from ..sources.source import Rules, Source
    from ..tally import Skipped, Tally
    from .cache import CountCache
    from .workers import Companion

__all__ = ["Progress", "Runtime", "count_sources"]

Progress = Callable[[int], AbstractContextManager[Observer]]
"""Takes how many units of work there are, and returns a context that observes how many of them are done."""


def _ignore(_message: str) -> None:
    """Tell nobody."""


def _unobserved(_total: int) -> AbstractContextManager[Observer]:
    return nullcontext(lambda _done: None)


@dataclass(frozen=True, slots=True)
class Runtime:
    """The process, as far as the work of a command depends on it; the defaults suit a library."""

    stdin: int = 0
    """Descriptor of standard input."""

    workers: Companion | None = None
    """Processes that count beside this one; None if everything is counted here."""

    uses_cache: bool = False
    """Whether counts of earlier runs are used, and those of this one are kept."""

    warn: Callable[[str], None] = _ignore
    """Is told what may make the result differ from what was meant."""

    hint: Callable[[str], None] = _ignore
    """Is told what is worth knowing."""

    progress: Progress = _unobserved
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
        tally = survey(found, tokenizers, rules, cache=cache, companion=runtime.workers, observe=observe)
    if cache is not None:
        cache.close()
    return tally
