"""Reports as SVG, for a README or a slide: the pictures of a report, or else what a terminal shows."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..calculator.estimate import Estimate
from .answer import Answer
from .pictures.draw import draw
from .pictures.drawing import CELL, Drawing, Shape, Text
from .pictures.picture import Picture
from .sheet import Sheet
from .table import TableRenderer
from .templates import filled, require_templates, shipped_text, shown_safely

__all__ = ["SvgRenderer"]

WIDTH = 880
"""Width of the drawings, in pixels."""

_MARGIN = 24
_GAP = 30
_HEAD = 26
_ANSWER = 24
_NOTE = 18
_ANSWER_CELL = 1.32 * CELL
"""Width of a letter of the answer, in pixels."""

COLUMNS = 100
"""Columns of a terminal that is drawn."""


class _Part(NamedTuple):
    """A drawing at its place."""

    x: int
    y: int
    drawing: Drawing


class SvgRenderer:
    """Reports as one SVG file without scripts."""

    def __init__(self, *, explain: bool = False) -> None:
        """Take whether a terminal that is drawn shows explanations.

        Raises:
            MissingExtra: jinja2 is not installed.
        """
        require_templates()
        self._explain = explain

    def estimate(self, estimate: Estimate) -> str:
        """Return the pictures of an estimate below its answer."""
        from .estimate_answer import estimate_answer
        from .estimate_pictures import drawn_document, pictures_of

        return _pictures(estimate_answer(estimate), pictures_of(drawn_document(estimate)))

    def sheet(self, sheet: Sheet) -> str:
        """Return the pictures of a sheet below its answer; if there are none, what a terminal shows of it."""
        return self.sheets([sheet])

    def sheets(self, sheets: Sequence[Sheet]) -> str:
        """Return the pictures of several sheets as one; if there are none, what a terminal shows of them."""
        pictures = [picture for sheet in sheets for picture in sheet.drawn()]
        if pictures:
            return _pictures(sheets[0].answer or Answer(sheets[0].title), pictures)
        table = TableRenderer(width=COLUMNS, colour=True, explain=self._explain)
        return terminal_picture("\n".join(map(table.sheet, sheets)))


def _pictures(answer: Answer, pictures: Iterable[Picture]) -> str:
    text = shown_safely(answer.text)
    lines = textwrap.wrap(text, int(WIDTH / _ANSWER_CELL)) or [""]
    over = " over" if answer.verdict == "broken" else ""
    shapes: list[Shape] = [Text(0, 17 + _ANSWER * at, line, look=f"answer{over}") for at, line in enumerate(lines)]
    parts = [_Part(_MARGIN, _MARGIN, Drawing(WIDTH, _ANSWER * len(lines), tuple(shapes)))]
    y = _MARGIN + _ANSWER * len(lines) + _GAP // 2
    for picture in pictures:
        parts.append(_Part(_MARGIN, y, Drawing(WIDTH, _HEAD, (Text(0, 15, picture.title, look="head"),))))
        drawing = draw(picture, WIDTH)
        parts.append(_Part(_MARGIN, y + _HEAD, drawing))
        y += _HEAD + drawing.height
        notes = [line for note in picture.notes for line in textwrap.wrap(shown_safely(note), int(WIDTH / CELL))]
        below = tuple(Text(0, 15 + _NOTE * at, line, look="soft") for at, line in enumerate(notes))
        parts.append(_Part(_MARGIN, y, Drawing(WIDTH, _NOTE * len(notes), below)))
        y += _NOTE * len(notes) + _GAP
    return filled(
        "pictures.svg.jinja",
        title=text,
        width=WIDTH + 2 * _MARGIN,
        height=y,
        parts=parts,
        style=shipped_text("picture.css"),
    )


def terminal_picture(text: str, *, columns: int = COLUMNS) -> str:
    """Return what a terminal shows of a text as SVG, with the fonts of the system alone.

    Args:
        text: the text, with colours as a terminal takes them.
        columns: width of the terminal.
    """
    from rich.console import Console
    from rich.text import Text as Line

    console = Console(record=True, width=columns, file=io.StringIO(), legacy_windows=False)
    console.print(Line.from_ansi(text), end="")
    return console.export_svg(title="gpt41calc", code_format=_TERMINAL, unique_id="gpt41calc")


_TERMINAL = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>gpt41calc</title>
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width;
}}
.{unique_id}-title {{ font: bold 18px system-ui, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""rich's own picture of a terminal, without the font that it loads from elsewhere."""
