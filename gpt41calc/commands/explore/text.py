"""Styled lines as plain values, before any screen draws them."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

__all__ = ["Line", "fitted"]

Line = list[tuple[str, str]]
"""Parts of one line, each with the name of a style, as rich writes it; empty for none."""


def fitted(text: str, columns: int) -> str:
    """Return a text that takes exactly so many columns; one that was cut ends in an ellipsis.

    >>> fitted("name", 6), fitted("long name", 6), fitted("漢字漢字", 6)
    ('name  ', 'long… ', '漢字… ')
    """
    if columns <= 0:
        return ""
    if cell_len(text) <= columns:
        return text + " " * (columns - cell_len(text))
    return set_cell_size(set_cell_size(text, columns - 1).rstrip() + "…", columns)
