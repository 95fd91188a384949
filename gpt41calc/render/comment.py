"""Common parts of comments on a pull request: a marker for finding them again, and a limit on their length."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .escape import as_unicode, for_markdown
from .markdown import pipe_table
from .numbers import number

__all__ = ["MOST_FILES", "bullets", "cell", "details", "heading", "marker", "table"]

MOST_FILES = 20
"""Most files listed; the reports for scripts list all."""

_MAX_BYTES = 15_000
"""Most bytes of a list or table.

GitHub takes 65,536 characters, and a comment has four of them: none may make
the whole one fail, whatever names it holds.
"""


def marker(report: str) -> str:
    """Return the hidden line by which a comment is found and updated."""
    return f"<!-- gpt41calc:{report} -->"


def heading(sentence: str) -> str:
    """Return the heading, shortened if its names are too long."""
    shortened = sentence if len(sentence) <= _LONGEST_HEADING else f"{sentence[:_LONGEST_HEADING]}…"
    return f"## gpt41calc: {cell(shortened)}"


_LONGEST_HEADING = 250


def cell(text: str) -> str:
    """Return any text safe for Markdown, including names that are not Unicode."""
    return for_markdown(as_unicode(text))


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, numeric: Sequence[bool]) -> list[str]:
    """Return the lines of a table, and the number of rows that were left out."""
    lines = pipe_table(headings, rows, numeric=numeric)
    return [*lines[:2], *_within_bytes(lines[2:], blank_before_more=True)]


def bullets(lines: Iterable[str]) -> list[str]:
    """Return a list of lines that are already Markdown, and the number left out."""
    return _within_bytes([f"- {line}" for line in lines])


def details(summary: str, lines: Sequence[str]) -> list[str]:
    """Return lines in a collapsed section; empty if there are none."""
    return ["", "<details>", f"<summary>{cell(summary)}</summary>", "", *lines, "", "</details>"] if lines else []


def _within_bytes(lines: Sequence[str], *, blank_before_more: bool = False) -> list[str]:
    shown: list[str] = []
    bytes_left = _MAX_BYTES
    for line in lines:
        bytes_left -= len(line.encode()) + 1
        if bytes_left < 0:
            break
        shown.append(line)
    missing = len(lines) - len(shown)
    more = [*([""] if blank_before_more else []), f"and {number(missing)} more, for which there is no room here"]
    return [*shown, *(more if missing else [])]
