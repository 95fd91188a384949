"""What every comment on a pull request is made of: a marker to find it again, and room that is not exceeded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .escape import as_unicode, for_markdown
from .markdown import pipe_table
from .numbers import number

__all__ = ["MOST_FILES", "bullets", "cell", "details", "heading", "marker", "table"]

MOST_FILES = 20
"""So many files are listed; the reports for scripts list every one."""

_MAX_BYTES = 15_000
"""Bytes of a list or table.

GitHub takes 65,536 characters, and a comment has four of them: none may make
the whole one fail, whatever names it holds.
"""


def marker(report: str) -> str:
    """Return the hidden line by which a comment is found and updated."""
    return f"<!-- gpt41calc:{report} -->"


def heading(sentence: str) -> str:
    """Return the heading, shortened if the names in it are too long for one."""
    shortened = sentence if len(sentence) <= _LONGEST_HEADING else f"{sentence[:_LONGEST_HEADING]}…"
    return f"## gpt41calc: {cell(shortened)}"


_LONGEST_HEADING = 250


def cell(text: str) -> str:
    """Make any text safe in Markdown, names that are not Unicode included."""
    return for_markdown(as_unicode(text))


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, numeric: Sequence[bool]) -> list[str]:
    """Return the lines of a table, and how many rows had no room."""
    lines = pipe_table(headings, rows, numeric=numeric)
    return [*lines[:2], *_within_bytes(lines[2:], blank_before_more=True)]


def bullets(lines: Iterable[str]) -> list[str]:
    """Return a list of lines that are Markdown already, and how many had no room."""
    return _within_bytes([f"- {line}" for line in lines])


def details(summary: str, lines: Sequence[str]) -> list[str]:
    """Return lines that are shown when they are asked for; nothing if there are none."""
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
