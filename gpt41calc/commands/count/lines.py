"""Counts as ``wc`` writes them: a number and a name a line."""

from __future__ import annotations

from collections.abc import Callable

from ...render.escape import for_terminal
from ...tally import STDIN_NAME, Tally

__all__ = ["count_lines"]


def count_lines(inputs: Tally, tokens_of: Callable[[int], int], encoding: str, *, mark: str = "") -> str:
    """Write the tokens of every input and a total; of standard input alone, the bare number.

    Args:
        inputs: what was counted.
        tokens_of: turns a count in the encoding into tokens of the model.
        encoding: in which it was counted.
        mark: stands before numbers that are not exact.
    """
    total = tokens_of(inputs.tokens(encoding))
    names = {one.path for one in inputs.counted} | {one.path for one in inputs.skipped}
    if names == {STDIN_NAME}:
        return f"{mark}{total}\n"
    rows = [(tokens_of(one.tokens[encoding]), one.path) for one in inputs.counted]
    if len(rows) != 1:
        rows.append((total, "total"))
    numbers = [f"{mark}{tokens}" for tokens, _ in rows]
    width = max(map(len, numbers))
    return "".join(f"  {text:>{width}}  {for_terminal(path)}\n" for text, (_, path) in zip(numbers, rows, strict=True))
