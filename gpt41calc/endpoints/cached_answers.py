"""Counts from vendors' endpoints, stored in the cache of counts.

The key of a count is a digest of the URL, the model and the whole request. No names, texts or API keys are stored.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from ..counting.fingerprint import CachedCounts
from .count_request import CountRequest

if TYPE_CHECKING:
    from ..counting.cache import CountCache

__all__ = ["CachedAnswers"]

_VARIANT = b"endpoint"


class CachedAnswers:
    """Counts from earlier runs and from this one."""

    def __init__(self, cache: CountCache | None) -> None:
        """Take the cache of counts; None if nothing is cached."""
        self._cache = cache

    def find(self, request: CountRequest, base_url: str) -> int | None:
        """Return the stored count of a request. None if there is none."""
        cached = self._cache.find_content(_digest(request, base_url)) if self._cache else None
        return cached.tokens.get(_VARIANT) if cached else None

    def store(self, request: CountRequest, base_url: str, tokens: int) -> None:
        """Store a count."""
        if self._cache:
            # The cache refuses more tokens than bytes, but a picture may be a URL of a few bytes.
            size = max(len(request.content), tokens)
            self._cache.store(None, CachedCounts(_digest(request, base_url), size, False, {_VARIANT: tokens}))  # noqa: FBT003 - a named tuple, in the order of its fields

    def close(self) -> None:
        """Write the new counts."""
        if self._cache:
            self._cache.close()


def _digest(request: CountRequest, base_url: str) -> bytes:
    """Return the cache key of a request; each part begins with its length, so that no two requests share a key."""
    digest = blake2b(person=_VARIANT)
    for part in (request.vendor.encode(), base_url.encode(), request.path.encode(), request.content):
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.digest()
