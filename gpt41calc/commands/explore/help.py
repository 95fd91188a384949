"""The screen of keys as lines of text."""

from __future__ import annotations

import textwrap

from .keys import KEYS
from .text import Line

__all__ = ["help_lines"]

_NOTES = """\
Tokens are those of the model, with ~ before an estimate. Share is that of the folder that is shown. Cost in is the \
part of the input's cost; the cost of the answer is in the third line alone.
× is left out, ± in part. A row that is left out keeps its place and its numbers, but is in no total. Globs are \
written as in .gitignore: *.po, docs/, /src/**/test_*.
Files are counted as text, and the folder is priced as the input of one request.\
"""


def help_lines(width: int) -> list[Line]:
    """Return the keys and what the columns mean, wrapped for a width."""
    column = max(len(key.shown) for key in KEYS) + 2
    lines: list[Line] = []
    for key in KEYS:
        first, *others = textwrap.wrap(key.does, max(width - column, 20))
        lines.append([(key.shown.ljust(column), "bold"), (first, "")])
        lines += [[(" " * column + other, "")] for other in others]
    for note in _NOTES.splitlines():
        lines += [[], *([(part, "")] for part in textwrap.wrap(note, width))]
    return lines
