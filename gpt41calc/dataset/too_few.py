"""Why a sample of a dataset cannot be drawn."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import UsageError
from .sample import FEWEST_DRAWS
from .units import Part

__all__ = ["too_few"]

_PIECES = {
    "parquet": ("row group", "row groups"),
    "csv": ("CSV file", "CSV files"),
    "packed": ("compressed file", "compressed files"),
    "documents": ("document", "documents"),
    "lines": ("piece of 1 MiB of lines", "pieces of 1 MiB of lines"),
}
"""What a sample is drawn from, one and several, by the kind of a file."""

_ADVICE = {
    "parquet": "write it in smaller row groups",
    "csv": "store it as JSONL or Parquet: a CSV file is read whole, as a line may end within quotes",
    "packed": "unpack it: a compressed file is read whole, from its beginning",
}
"""What makes more pieces of a kind."""


def too_few(parts: Sequence[Part]) -> UsageError:
    """Return what there is too little of, by kind, and how to have more of what there is most bytes of."""
    sizes: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for part in parts:
        kind = _kind(part)
        sizes[kind] = sizes.get(kind, 0) + part.size
        numbers[kind] = numbers.get(kind, 0) + 1
    there = ", ".join(f"{number} {_PIECES[kind][number != 1]}" for kind, number in numbers.items())
    advice = _ADVICE.get(max(sizes, key=lambda kind: sizes[kind]))
    return UsageError(
        f"too few for a sample, which takes {FEWEST_DRAWS} pieces at least: {there}",
        hint="count all of it with --exact" + (f", or {advice}" if advice else ""),
    )


def _kind(part: Part) -> str:
    file = part.file
    if file.format in {"parquet", "csv", "documents"}:
        return file.format
    return "packed" if file.compression else "lines"
