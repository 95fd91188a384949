"""Check the sources cited in a table."""

from __future__ import annotations

from collections.abc import Container, Iterable

__all__ = ["require_cited"]


def require_cited(cited: Iterable[str], sources: Container[str]) -> None:
    """Refuse a citation of a source that the table does not list.

    Raises:
        ValueError: a cited source is not listed; the message names it.
    """
    for source in cited:
        if source not in sources:
            message = f"source: expected a key of [sources], found {source}"
            raise ValueError(message)
