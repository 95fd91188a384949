"""Plain lines of text: for pipes, logs and narrow terminals."""

from __future__ import annotations

from collections.abc import Iterable

from ..calculator.estimate import Estimate
from .escape import for_terminal
from .estimate import estimate_sheets
from .sheet import Sheet

__all__ = ["PlainRenderer"]


class PlainRenderer:
    """Reports as aligned lines, without colour or frames."""

    def __init__(self, *, explain: bool = False, encoding: str = "utf-8") -> None:
        """Take whether explanations are added (``explain``), and the encoding: not all have lines to draw trees."""
        self._explain = explain
        self._ascii_only = not encoding.lower().startswith("utf")

    def estimate(self, estimate: Estimate) -> str:
        """Return an estimate: the answer, a line for each model or part, and notes."""
        return "\n".join(self.sheet(sheet) for sheet in estimate_sheets(estimate, explain=self._explain))

    def sheet(self, sheet: Sheet) -> str:
        """Return a sheet as text."""
        notes = [*sheet.own_notes(is_explained=self._explain), *(sheet.explained if self._explain else ())]
        rows = [
            *([sheet.title] if sheet.title else []),
            *(_table(sheet, ascii_only=self._ascii_only) if sheet.rows else []),
        ]
        if sheet.answer is None:
            return _text([*rows, *_block("notes", notes)])
        blocks = [[sheet.answer.text], rows, notes]
        return "\n".join(_text(block) for block in blocks if block)


def _table(sheet: Sheet, *, ascii_only: bool) -> list[str]:
    """Return the rows under their headings, aligned."""
    lines = [list(sheet.columns), *sheet.written(ascii_only=ascii_only)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    numeric = sheet.numeric
    return [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, numeric, strict=True)
        ).rstrip()
        for line in lines
    ]


def _block(title: str, lines: Iterable[str]) -> list[str]:
    block = [f"  {line}" for line in lines]
    return ["", title, *block] if block else []


def _text(lines: Iterable[str]) -> str:
    """Return lines as one text, made safe for terminals."""
    return "".join(f"{for_terminal(line)}\n" for line in lines)
