"""The JSON document of ``truncate``."""

from __future__ import annotations

from typing import Any

from ...render.json_fields import header
from .run import Truncated, Truncation

__all__ = ["truncated_document"]


def truncated_document(found: Truncated, how: Truncation, encoding: str) -> dict[str, Any]:
    """Return the document: the text, its tokens, and how it was cut."""
    return {
        **header(),
        "encoding": encoding,
        "limit": how.limit,
        "from": how.keep.value,
        "at": how.at.value,
        "truncated": found.is_cut,
        "tokens": found.tokens,
        "bytes": len(found.text.encode()),
        "text": found.text,
    }
