"""Counts in the format of ``wc``: a number and a name per line."""

from __future__ import annotations

from ...render.escape import for_terminal
from ...tally import STDIN_NAME
from .run import Counts

__all__ = ["count_lines"]


def count_lines(counts: Counts) -> str:
    """Return the tokens of every input and a total; for standard input alone, only the number.

    Numbers that are not exact have ``~`` before them.
    """
    inputs, tokens_of = counts.inputs, counts.tokens_of
    mark = "~" if counts.model and counts.model.ratio else ""
    names = {one.path for one in inputs.counted} | {one.path for one in inputs.skipped}
    if names == {STDIN_NAME}:
        return f"{mark}{counts.tokens}\n"
    rows = [(tokens_of(one.tokens[counts.encoding]), one.path) for one in inputs.counted]
    if len(rows) != 1:
        rows.append((counts.tokens, "total"))
    numbers = [f"{mark}{tokens}" for tokens, _ in rows]
    width = max(map(len, numbers))
    return "".join(f"  {text:>{width}}  {for_terminal(path)}\n" for text, (_, path) in zip(numbers, rows, strict=True))
