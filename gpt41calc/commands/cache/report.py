"""The report of ``cache info``."""

from __future__ import annotations

import os

from ...render.json_fields import header
from ...render.numbers import size
from ...render.sheet import Sheet
from .run import CacheInfo

__all__ = ["cache_sheet"]


def cache_sheet(cache: CacheInfo) -> Sheet:
    """Return the location and the size of the cache."""
    path, files, counts = cache.path, cache.files, cache.counts
    # Path.exists raises an error if the parent folder is not accessible.
    stored = path.stat().st_size if os.path.exists(path) else 0
    return Sheet(
        title="Counts of earlier runs",
        columns=("Fact", "Value"),
        rows=(
            ("path", str(path)),
            ("size", size(stored)),
            ("files", f"{files:,}"),
            ("counts", f"{counts:,}"),
        ),
        quiet=(str(path),),
        document={**header(), "path": str(path), "bytes": stored, "files": files, "counts": counts},
    )
