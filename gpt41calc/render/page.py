"""Reports as one HTML file that loads nothing: the answer, pictures, tables and notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..calculator.estimate import Estimate
from .answer import Answer
from .breakdown import breakdown_sheet
from .page_tables import PageTable, picture_table, sheet_table
from .pictures.draw import draw
from .pictures.drawing import Shape
from .pictures.picture import Picture, Treemap
from .sheet import Sheet
from .templates import filled_page, json_for_script, require_templates, shown_safely

__all__ = ["HtmlRenderer"]

WIDE, NARROW = 880, 358
"""Widths in which a picture is drawn, in pixels: for screens and paper, and for telephones."""

_LONGEST_HEADING = 90

_MOST_LEADING_ROWS = 12
"""Most rows of a table above the pictures."""


@dataclass(frozen=True, slots=True)
class _Sized:
    """A drawing for wide or for narrow screens."""

    look: str
    width: int
    height: int
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class _Figure:
    """A picture on a page."""

    title: str
    summary: str
    drawings: tuple[_Sized, ...]
    tree: str
    """The data of a treemap, as JSON; empty for other pictures."""

    table: PageTable
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    """A page."""

    heading: str
    facts: str
    answer: str
    verdict: str
    tables: tuple[PageTable, ...]
    figures: tuple[_Figure, ...]
    notes: tuple[str, ...]

    @property
    def leading(self) -> tuple[PageTable, ...]:
        """The first table, if it is short enough to stand before the pictures."""
        return tuple(one for one in self.tables[:1] if len(one.rows) <= _MOST_LEADING_ROWS)

    @property
    def following(self) -> tuple[PageTable, ...]:
        """The other tables."""
        return self.tables[len(self.leading) :]

    @property
    def is_live(self) -> bool:
        """Whether there is something for scripts to do."""
        return any(one.tree for one in self.figures)


class HtmlRenderer:
    """Reports as one HTML file."""

    def __init__(self) -> None:
        """Make sure that there are templates to fill.

        Raises:
            MissingExtra: jinja2 is not installed.
        """
        require_templates()

    def estimate(self, estimate: Estimate) -> str:
        """Return an estimate: the answer, models, pictures, moves and all notes."""
        from .estimate import estimate_sheets
        from .estimate_pictures import drawn_document, pictures_of

        first, *more = estimate_sheets(replace(estimate, breakdown=None), explain=True)
        if estimate.breakdown is not None:
            more.append(breakdown_sheet(estimate.breakdown, estimate.input_tokens))
        document = drawn_document(estimate)
        return self.page([replace(first, document=document), *more], pictures_of(document))

    def sheet(self, sheet: Sheet) -> str:
        """Return a sheet with its pictures."""
        return self.sheets([sheet])

    def sheets(self, sheets: Sequence[Sheet]) -> str:
        """Return several sheets with their pictures, as one page."""
        return self.page(sheets, [picture for sheet in sheets for picture in sheet.drawn()])

    def page(self, sheets: Sequence[Sheet], pictures: Iterable[Picture]) -> str:
        """Return sheets and pictures as one page."""
        made = _page(sheets, pictures)
        scripts = ["charts.js", "page.js"] if made.is_live else []
        return filled_page("page.html.jinja", styles=["picture.css", "page.css"], scripts=scripts, page=made)


def _page(sheets: Sequence[Sheet], pictures: Iterable[Picture]) -> _Page:
    first = sheets[0]
    answer = first.answer or Answer(first.title or "report")
    text = shown_safely(answer.text)
    return _Page(
        heading=text if len(text) <= _LONGEST_HEADING else text[: _LONGEST_HEADING - 1] + "…",
        facts=_facts(first.document),
        answer=text,
        verdict=(answer.verdict or "").replace(" ", "-"),
        tables=tuple(map(sheet_table, sheets)),
        figures=tuple(map(_figure, pictures)),
        notes=tuple(shown_safely(note) for sheet in sheets for note in sheet.explained),
    )


def _facts(document: Any) -> str:
    """Return the day of the report and the day on which its prices were checked, as far as its document has them."""
    day, checked = document.get("as_of"), (document.get("pricing") or {}).get("checked")
    prices = f"prices of {day}" if day else ""
    return ", ".join(filter(None, (prices, f"table checked {checked}" if checked else "")))


def _figure(picture: Picture) -> _Figure:
    tree = ""
    if isinstance(picture, Treemap):
        tree = json_for_script([[node.parent, node.name, node.tokens, node.files] for node in picture.tree.nodes])
    drawings = [(look, draw(picture, width)) for look, width in (("wide", WIDE), ("narrow", NARROW))]
    return _Figure(
        title=shown_safely(picture.title),
        summary=shown_safely(picture.summary),
        drawings=tuple(_Sized(look, one.width, one.height, one.shapes) for look, one in drawings),
        tree=tree,
        table=picture_table(picture),
        notes=tuple(map(shown_safely, picture.notes)),
    )
