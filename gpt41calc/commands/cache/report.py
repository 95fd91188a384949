"""What ``cache info`` shows."""

from __future__ import annotations

import os

from ...render.json_fields import header
from ...render.numbers import size
from ...render.sheet import Sheet
from .run import CacheInfo

__all__ = ["cache_sheet"]


def cache_sheet(cache: CacheInfo) -> Sheet:
    """Return where the cache is and what it holds."""
    path, files, counts = cache.path, cache.files, cache.counts
    # Path.exists raises where a folder may not be entered.
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
