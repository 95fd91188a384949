"""How well models do it, and which one for what: benchmarks and guidance, as data."""

from __future__ import annotations

__all__ = ["SHORTEST_PUBLISHED_TOKENS"]

SHORTEST_PUBLISHED_TOKENS = 128_000
"""Nothing was published of how well shorter inputs are read, so no file need be opened for them."""
