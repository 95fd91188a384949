"""Look up the cached counts of files that have not changed, without opening them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Protocol, Self

from ..sources.folders import OpenFolders
from ..sources.source import Rules, Source
from ..tally import Skipped
from .fingerprint import EMPTY, CachedCounts, Fingerprint, Fingerprints

__all__ = ["CachedFiles", "FindFiles", "fingerprint"]


class FindFiles(Protocol):
    """Looks up files by their fingerprints."""

    def read_ahead(self, files: int) -> None:
        """Prepare to look up so many files."""

    def find_files(self, fingerprints: Sequence[Fingerprint]) -> Sequence[CachedCounts | None]:
        """Return the cached counts of files, in their order; None for a file without any."""


class CachedFiles:
    """Looks up found files in the cache, in one go or in batches."""

    def __init__(self, cache: FindFiles, rules: Rules, files: int) -> None:
        """Prepare to look up files.

        Args:
            cache: the cached counts.
            rules: the rules for reading files.
            files: how many will be looked up.
        """
        self._cache = cache
        self._rules = rules
        self._folders = OpenFolders(follow=rules.follow)
        self._fingerprints = Fingerprints()
        cache.read_ahead(files)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._folders.close()

    def find(self, found: Iterable[Source | Skipped]) -> dict[Source, CachedCounts]:
        """Return the cached counts of those files that have not changed since they were counted, or are empty."""
        sources: list[Source] = []
        keys: list[Fingerprint] = []
        empty: list[Source] = []
        status_of = self._folders.status
        for one in found:
            if isinstance(one, Source) and one.path is not None:
                with suppress(OSError):
                    status = os.stat(one.path) if one.named else status_of(*one.place)
                    if key := fingerprint(self._fingerprints, status, one.path, time.time_ns(), self._rules):
                        if status.st_size:
                            sources.append(one)
                            keys.append(key)
                        elif os.access(one.path, os.R_OK):
                            empty.append(one)
        known = zip(sources, self._cache.find_files(keys), strict=True)
        counted = {source: counts for source, counts in known if counts is not None}
        return counted | dict.fromkeys(empty, _COUNTS_OF_NOTHING)


_COUNTS_OF_NOTHING = CachedCounts(EMPTY, 0, lossy=False, tokens={})
"""The counts of an empty file, which need not be stored: many packages have an ``__init__.py`` in each folder."""


def fingerprint(
    fingerprints: Fingerprints, status: os.stat_result, path: str, read_ns: int, rules: Rules
) -> Fingerprint | None:
    """Return the fingerprint of a file for given reading rules; None if it is not reliable or the file is too long."""
    if rules.max_bytes is not None and status.st_size > rules.max_bytes:
        return None
    return fingerprints.of(status, path, now_ns=read_ns, as_text=rules.text)
