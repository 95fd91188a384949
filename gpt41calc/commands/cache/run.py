"""What the cache of counts holds, and how it is cleared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...counting.runtime import Runtime
from ...locations import cache_folder

__all__ = ["CacheInfo", "cache_info", "clear_caches"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheInfo:
    """The cache of counts."""

    path: Path
    """The file, which may not exist yet."""

    files: int
    """How many files have an entry."""

    counts: int
    """How many counts of contents are stored, one for each encoding."""


def cache_info(runtime: Runtime) -> CacheInfo:
    """Return where the counts of earlier runs are, and how many; 0 of a cache that cannot be used, with a warning."""
    from ...counting.cache import CountCache

    cache = CountCache(cache_folder(), runtime.warn)
    files, counts = cache.size()
    cache.close()
    return CacheInfo(path=cache.path, files=files, counts=counts)


def clear_caches() -> None:
    """Delete the counts of earlier runs, the run history and the names of pieces.

    Raises:
        CannotWrite: a file is there and cannot be removed.
    """
    from ...counting.cache import clear_cache
    from ...counting.run_history import forget
    from ...tokenizer.claude_pieces import forget_pieces

    clear_cache(cache_folder())
    forget()
    forget_pieces()
