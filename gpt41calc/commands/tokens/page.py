"""Tokens as one HTML file that loads nothing: the text in alternating colours, with the id, bytes and place of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ...render.templates import filled_page, require_templates, shown_safely
from .parts import Part, parts_of
from .picture import answer_of
from .run import Token, is_one_tiling

__all__ = ["MOST_TOKENS", "require_page", "tokens_page"]

MOST_TOKENS = 500_000
"""Most tokens of a page, about 2 MB of text: the page has 20 MB, and Chromium opens it in 2 s."""

_LONGEST_ROW = 1_000
"""Most tokens of a row; longer lines go on in the next one, because a browser lays out only the rows that are seen."""

_BLOCK_ROWS = 100
"""Rows that are laid out together."""


class _Seen(NamedTuple):
    """A token on the page."""

    id: int | None
    piece: str | None
    """What ``ctok`` calls it. None if it has an id."""

    hex: str | None
    """Its bytes. None if they are those of what is seen of it."""

    parts: Sequence[Part]


class _Row(NamedTuple):
    """Tokens beside each other."""

    label: str
    """The number to the left; empty where a long line goes on."""

    first: int
    """Tokens before it."""

    start: int
    """Bytes of the text before it."""

    tokens: list[_Seen]


@dataclass(frozen=True, slots=True)
class _Page:
    """A page."""

    heading: str
    facts: str
    answer: str
    notes: tuple[str, ...]
    blocks: tuple[list[_Row], ...]
    has_ids: bool
    shows_ids: bool
    verdict: str = ""


def require_page() -> None:
    """Raise an error if no page can be written, before a text is read.

    Raises:
        MissingExtra: jinja2 is not installed.
    """
    require_templates()


def tokens_page(
    tokens: Sequence[Token], encoding: str, *, name: str, per_line: int | None, ids: bool, most: int = MOST_TOKENS
) -> str:
    """Return the page.

    Args:
        tokens: the tokens of the whole text.
        encoding: name of their encoding.
        name: what the text is called.
        per_line: tokens of a line. None for lines as in the text.
        ids: whether ids are shown at first; a box on the page shows and hides them.
        most: most tokens of the page, which says so if there are more.

    Raises:
        MissingExtra: jinja2 is not installed.
    """
    answer = answer_of(tokens, encoding)
    size = f"{tokens[-1].end if tokens else 0:,} bytes"
    rows = list(_rows(tokens[:most], per_line))
    page = _Page(
        heading=answer,
        facts=f"{shown_safely(name)}, {size}",
        answer=answer,
        notes=(*_limit(len(tokens), most), *_notes(encoding, per_line)),
        blocks=tuple(rows[at : at + _BLOCK_ROWS] for at in range(0, len(rows), _BLOCK_ROWS)),
        has_ids=not is_one_tiling(encoding),
        shows_ids=ids,
    )
    return filled_page(
        "tokens.html.jinja", styles=["picture.css", "page.css", "tokens.css"], scripts=["tokens.js"], page=page
    )


def _limit(count: int, most: int) -> Iterator[str]:
    if count > most:
        yield f"Shown are the first {most:,} tokens: a browser takes too long for a page with all {count:,}."


def _notes(encoding: str, per_line: int | None) -> Iterator[str]:
    if is_one_tiling(encoding):
        yield (
            "One possible tiling: the tokens of Claude are not published. Their number is reconstructed; where one "
            "ends and the next begins may be different."
        )
    yield "Before each line: " + ("the number of its first token." if per_line else "how many tokens it has.")
    yield "In italics: characters that cannot be seen, and bytes that are only a part of a character."


def _rows(tokens: Sequence[Token], per_line: int | None) -> Iterator[_Row]:
    for line in _lines(tokens, per_line):
        for first in range(line.start, line.stop, _LONGEST_ROW):
            label = f"{first + 1 if per_line else len(line):,}" if first == line.start else ""
            row = tokens[first : min(first + _LONGEST_ROW, line.stop)]
            yield _Row(label, first, row[0].start, list(map(_seen, row)))


def _lines(tokens: Sequence[Token], per_line: int | None) -> Iterator[range]:
    """Yield the places of the tokens of each line."""
    if per_line:
        yield from (range(at, min(at + per_line, len(tokens))) for at in range(0, len(tokens), per_line))
        return
    begun = 0
    for at, token in enumerate(tokens, 1):
        if token.bytes.endswith(b"\n") or at == len(tokens):
            yield range(begun, at)
            begun = at


def _seen(token: Token) -> _Seen:
    parts = parts_of(token)
    is_itself = not any(part.is_escape for part in parts)
    piece = None if token.piece is None else shown_safely(token.piece)
    return _Seen(token.id, piece, None if is_itself else token.bytes.hex(), parts)
