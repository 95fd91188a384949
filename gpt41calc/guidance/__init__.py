"""Benchmarks of models, and advice on which model to use for which task, as data."""

from __future__ import annotations

__all__ = ["SHORTEST_PUBLISHED_TOKENS"]

SHORTEST_PUBLISHED_TOKENS = 128_000
"""Input length, in tokens, below which no long-context results were published, so that no file has to be read."""
