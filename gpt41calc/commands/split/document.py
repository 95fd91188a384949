"""The JSON of ``split``: a document, or a line for each piece."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ...render.escape import as_unicode
from ...render.json_fields import header
from .run import Part, PartFile, Splitting

__all__ = ["part_line", "split_document"]


def part_line(part: Part) -> str:
    """Return a piece as a line of JSON, with its text."""
    values = {"text": part.text, "bytes": part.end - part.start, "tokens": part.tokens}
    return json.dumps(values | {"start": part.start, "end": part.end}, ensure_ascii=False) + "\n"


def split_document(parts: Iterable[PartFile], how: Splitting, encoding: str) -> dict[str, Any]:
    """Return the document: how the text was split, and a list of the pieces."""
    return {
        **header(),
        "encoding": encoding,
        "limit": how.limit,
        "overlap": how.overlap,
        "at": how.at.value,
        "pieces": [
            {
                "path": None if part.path is None else as_unicode(part.path),
                "bytes": part.bytes,
                "tokens": part.tokens,
                "start": part.start,
                "end": part.end,
            }
            for part in parts
        ],
    }
