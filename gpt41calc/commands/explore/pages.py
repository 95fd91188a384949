"""What is shown in place of the rows: the keys, the models, the tokens of a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...render.escape import for_terminal
from ...render.numbers import number, plural
from .help import help_lines
from .models import HEADING
from .pieces import lines_of, pieces_of
from .run import Counting
from .session import Session
from .text import Line

__all__ = ["Page", "help_page", "model_page", "reading_page", "tokens_page"]

_SCROLL = "↑↓ PgUp PgDn:scroll Esc:close"
_LONGEST_NAME = 200

MOST_BYTES = 256 << 10
"""Bytes of a file whose tokens are shown: nobody looks at more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A title, headings and lines."""

    title: str
    """What is shown, safe for a terminal."""

    lines: Callable[[int], tuple[int, Callable[[int], Line]]]
    """Returns the number of lines for a width, and what makes a line."""

    headings: str = ""
    """The headings of columns; empty for none."""

    keys: str = _SCROLL
    """The keys that mean something here."""

    action: str = ""
    """The action that opened it, and closes it, too; empty for none."""

    cursor: int | None = None
    """Number of the line with the cursor. None if no line can be chosen."""


def help_page() -> Page:
    """Return the keys, and what the columns mean."""
    return Page(title="keys", lines=lambda width: _all(help_lines(width)), action="help")


def model_page(session: Session) -> Page:
    """Return the models with what they would cost."""
    models, used = session.models, session.setting.model.id
    return Page(
        title="models",
        lines=lambda _: (len(models), session.model_line),
        headings=HEADING,
        keys="a name:find ↑↓:move Enter:choose Esc:close",
        action="models",
        cursor=next((at for at, one in enumerate(models) if one.id == used), 0),
    )


def reading_page(path: str) -> Page:
    """Return the page of a file that is not read yet."""
    return Page(title=f"{_name(path)}: reading", lines=lambda _: _all([]))


def tokens_page(counting: Counting, path: str, encoding: str, *, colour: bool) -> Page:
    """Read a file, and return its text, in which every token has another colour than its neighbours.

    Args:
        counting: what reads it.
        path: its path from the root.
        encoding: the encoding of the tokens.
        colour: whether tokens are coloured; else every other one is reversed.

    Raises:
        NotText: it cannot be read any more.
        VocabularyError: a vocabulary file is missing or altered.
    """
    text = counting.text(path, MOST_BYTES)
    pieces = pieces_of(text.raw, encoding)
    part = "" if text.is_whole else f"the first {number(len(text.raw))} bytes, "
    return Page(
        title=f"{_name(path)}: {part}{plural(len(pieces), 'token')} of {encoding}",
        # One column is for the sign of a newline.
        lines=lambda width: _all(lines_of(pieces, width - 1, colour=colour)),
    )


def _all(lines: Sequence[Line]) -> tuple[int, Callable[[int], Line]]:
    return len(lines), lines.__getitem__


def _name(path: str) -> str:
    return for_terminal(path if len(path) <= _LONGEST_NAME else "…" + path[-_LONGEST_NAME:])
