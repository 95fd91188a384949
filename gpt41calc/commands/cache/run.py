"""Inspect and clear the cache of counts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...counting.runtime import Runtime
from ...locations import cache_folder

__all__ = ["CacheInfo", "cache_info", "clear_caches"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheInfo:
    """Location and size of the cache."""

    path: Path
    """Path of the cache file, which may not exist yet."""

    files: int
    """Number of files with an entry."""

    counts: int
    """Number of counts of contents, one per encoding."""


def cache_info(runtime: Runtime) -> CacheInfo:
    """Return location and size of the cache; an unusable cache has size 0, with a warning."""
    from ...counting.cache import CountCache

    cache = CountCache(cache_folder(), runtime.warn)
    files, counts = cache.size()
    cache.close()
    return CacheInfo(path=cache.path, files=files, counts=counts)


def clear_caches() -> None:
    """Delete the cached counts, the run history and the cached vocabulary pieces.

    Raises:
        CannotWrite: a file cannot be deleted.
    """
    from ...counting.cache import clear_cache
    from ...counting.run_history import forget
    from ...tokenizer.claude_pieces import forget_pieces

    clear_cache(cache_folder())
    forget()
    forget_pieces()
