"""A comparison as a comment on a review."""

from __future__ import annotations

from ...calculator.interval import is_approximate
from ...render.cells import written_column
from ...render.comment import MOST_FILES, bullets, cell, details, heading, marker, table
from ...render.numbers import plural
from .comparison import Comparison
from .parts import ByPart
from .report import rows_sheet
from .sentences import comparison_answer, comparison_notes

__all__ = ["comparison_comment"]


def comparison_comment(comparison: Comparison, top: int | None = None) -> str:
    """Return a comment with a marker as its first line: inputs, and in collapsed tables what differs.

    Args:
        comparison: the result.
        top: most rows of each table. None for as many as fit.
    """
    lines = [
        marker("compare"),
        heading(comparison_answer(comparison).text),
        "",
        *_table(comparison, ByPart.INPUT, None),
    ]
    most = min(MOST_FILES, top or MOST_FILES)
    for by in (ByPart.FILE, ByPart.SECTION, ByPart.LINE, ByPart.WORD):
        if by is ByPart.FILE and not _has_folders(comparison):
            continue
        rows = len(rows_sheet(comparison, by).rows)
        if rows:
            shown = f"{plural(rows, _THINGS[by])} that {'is' if rows == 1 else 'are'} not the same"
            summary = f"{most} of {shown}, those that cost the most" if rows > most else shown
            lines += details(summary, _table(comparison, by, most))
    lines += details("What this rests on", bullets(map(cell, comparison_notes(comparison))))
    return "\n".join(lines) + "\n"


_THINGS = {
    ByPart.FILE: "file",
    ByPart.SECTION: "section",
    ByPart.LINE: "line",
    ByPart.WORD: "word",
}


def _has_folders(comparison: Comparison) -> bool:
    return any(side.kind == "folder" for side in comparison.sides)


def _table(comparison: Comparison, by: ByPart, top: int | None) -> list[str]:
    sheet = rows_sheet(comparison, by, top)
    mark = "~" if by is ByPart.INPUT and is_approximate(comparison.others[0].models[0].exactness) else ""
    written = zip(*map(written_column, zip(*sheet.rows, strict=True)), strict=True)
    numeric = sheet.numeric
    rows = [
        [(mark if is_number and text != "–" else "") + cell(text) for text, is_number in zip(row, numeric, strict=True)]
        for row in written
    ]
    return table(sheet.columns, rows, numeric=numeric)
