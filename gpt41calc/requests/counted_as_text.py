"""A hint for commands that count every file as text: a named file may be a request, whose API counts otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..sources.open_path import read_regular
from ..sources.source import Source
from ..tally import Skipped

__all__ = ["mention_request"]

_BEGINNING_BYTES = 4096


def mention_request(found: Sequence[Source | Skipped], hint: Callable[[str], None]) -> None:
    """Call ``hint`` if one of the first named files is a JSON file that looks like a request."""
    named = [one for one in found[:_MOST_NAMED] if isinstance(one, Source) and one.named and one.path is not None]
    for one in named:
        path = one.path or ""
        if path.lower().endswith(".json") and _looks_like_request(path):
            hint(f"{one.name} is counted as text; 'gpt41calc estimate' counts it as the request that it looks like")
            return


_MOST_NAMED = 20
"""Files that are looked at: more of them are a list, not a request."""


def _looks_like_request(path: str) -> bool:
    from .near_request import looks_like_request

    try:
        return looks_like_request(read_regular(path, _BEGINNING_BYTES))  # a pipe could be read only once
    except (OSError, ValueError):
        return False
