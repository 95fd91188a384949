"""Tables for a terminal, drawn by rich."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from ..calculator.estimate import Estimate
from .bar import bar
from .cells import Cell, Share, style_of
from .escape import for_terminal
from .estimate import estimate_sheets
from .paths import shortened
from .plain import PlainRenderer
from .sheet import BAR, Sheet

__all__ = ["TableRenderer"]

MIN_WIDTH = 40
"""Narrower terminals are treated as this wide: rich would shorten numbers to nothing."""

MAX_WIDTH = 120
"""Wider terminals are not filled."""

_UNLIMITED = 100_000

_LEAST_FOLDED = 10
"""Columns that folded text needs at least."""

_BAR_CELLS = (16, 8)
"""Lengths of the bar, from wide terminals to narrow ones."""


class TableRenderer:
    """Reports as tables that are as wide as the terminal."""

    def __init__(self, *, width: int, colour: bool, encoding: str = "utf-8", explain: bool = False) -> None:
        """Take the width in columns, whether to use colour, the encoding, and whether explanations are added."""
        self._width = min(max(width, MIN_WIDTH), MAX_WIDTH)
        self._colour = colour
        self._encoding = encoding
        self._explain = explain

    def estimate(self, estimate: Estimate) -> str:
        """Return an estimate: the answer, tables and notes."""
        return "\n".join(self.sheet(sheet) for sheet in estimate_sheets(estimate, explain=self._explain))

    def sheet(self, sheet: Sheet) -> str:
        """Return a sheet with as many columns as fit; as plain text if the terminal is too narrow for a table."""
        short = sheet.own_notes(is_explained=self._explain)
        notes = [*short, *(sheet.explained if self._explain else ())]
        answer = [_text(sheet.answer.text, sheet.answer.style)] if sheet.answer else []
        if not sheet.rows:
            title = [_text(sheet.title, "bold cyan")] if sheet.title else []
            return self._draw([*answer, *title, _lines(notes)]) or ""
        expendable = sheet.look.expendable
        for gone in range(len(expendable) + 1):
            left_out = frozenset(expendable[:gone])
            for cells in _BAR_CELLS if sheet.look.bar and BAR not in left_out else (0,):
                table = self._table(sheet, left_out, cells)
                columns = [heading for heading in sheet.columns if heading in left_out]
                if drawn := self._draw([*answer, table, _lines(_with_missing(notes, len(short), columns))]):
                    return drawn
        return PlainRenderer(explain=self._explain, encoding=self._encoding).sheet(sheet)

    def _table(self, sheet: Sheet, left_out: frozenset[str], bar_cells: int) -> Table:
        """Return a sheet as a table without some of its columns."""
        look = sheet.look
        table = Table(
            box=SIMPLE_HEAD,
            title=_text(sheet.title, "bold cyan") if sheet.title else None,
            title_justify="left",
            title_style="",
            show_edge=False,
            pad_edge=False,
            collapse_padding=True,
            expand=False,
        )
        shown = [at for at, heading in enumerate(sheet.columns) if heading not in left_out]
        numeric = sheet.numeric
        for at in shown:
            heading, right = sheet.columns[at], numeric[at]
            is_fixed = right or heading in look.fixed or _is_days([row[at] for row in sheet.rows])
            table.add_column(heading, justify="right" if right else "left", no_wrap=is_fixed, overflow="fold")
        styles = look.styles or ("",) * len(sheet.rows)
        written = sheet.written(ascii_only=self._ascii_only)
        widest = [max(map(len, column)) for column in zip(*written, strict=True)]
        for number, row in enumerate(sheet.rows):
            if number in look.rules and number:
                table.add_section()
            texts = [text.rjust(widest[at]) if numeric[at] else text for at, text in enumerate(written[number])]
            cells = [self._cell(sheet, at, row[at], texts[at], styles[number], bar_cells) for at in shown]
            table.add_row(*cells, style=styles[number])
        return table

    def _cell(self, sheet: Sheet, at: int, cell: Cell, written: str, row_style: str, bar_cells: int) -> RenderableType:
        """Return a cell with its style; a row that is dimmed has none but that."""
        style = "" if row_style == "dim" else style_of(cell)
        heading = sheet.columns[at]
        if heading == sheet.look.paths:
            return _Path(written, "..." if self._ascii_only else "…", is_branch=bool(sheet.depths))
        percent = cell.percent if isinstance(cell, Share) else cell
        if heading != sheet.look.bar or not bar_cells or not isinstance(percent, Decimal):
            return _text(written, style)
        drawn = bar(percent, bar_cells, ascii_only=self._ascii_only)
        return Text.assemble((drawn, style or row_style), " ", (for_terminal(written), style))

    @property
    def _ascii_only(self) -> bool:
        """Whether lines have to be drawn with letters: elsewhere they would come out as escapes."""
        return not self._encoding.lower().startswith("utf")

    def _draw(self, parts: list[RenderableType]) -> str | None:
        """Return the drawing. None if a number would have to be cut."""
        text = _Paper(self._encoding)
        console = Console(
            file=text,
            width=self._width,
            force_terminal=self._colour,
            color_system="standard" if self._colour else None,
            no_color=not self._colour,
            markup=False,
            emoji=False,
            highlight=False,
            legacy_windows=False,
        )
        tables = [part for part in parts if isinstance(part, Table)]
        # Within the width of the console rich would measure nothing as wider than that.
        unlimited = console.options.update(max_width=_UNLIMITED)
        for table in tables:
            _pin(table, console, unlimited)
        if any(Measurement.get(console, unlimited, table).minimum > self._width for table in tables):
            return None
        shown = [part for part in parts if not isinstance(part, Text) or part.plain]
        for part in shown:
            if part is not shown[0]:
                console.print()
            console.print(part)
        return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


class _Paper(io.StringIO):
    """Text to draw on; rich asks it which lines it can have."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override] # rich has an attribute, which only a property can follow
        return self._encoding


class _Folding(Text):
    """Text that may be broken anywhere, so that one long name does not take the width of the numbers."""

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widest = super().__rich_measure__(console, options).maximum
        return Measurement(min(widest, _LEAST_FOLDED), widest)


class _Path:
    """A path in a column, shortened to the width that the column gets; or a name in a tree."""

    def __init__(self, path: str, gap: str, *, is_branch: bool) -> None:
        self._path = for_terminal(path)
        self._gap = gap
        self._is_branch = is_branch

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(self._within(options.max_width), overflow="fold")

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        # A name is broken only if it would take more than half of the terminal.
        return Measurement(min(cell_len(self._within(0)), console.width // 2), cell_len(self._path))

    def _within(self, width: int) -> str:
        return self._path if self._is_branch else shortened(self._path, width, self._gap)


def _pin(table: Table, console: Console, options: ConsoleOptions) -> None:
    """Keep rich from cutting numbers: it measures a column of them by its longest word, not its longest line."""
    for column in table.columns:
        if column.no_wrap:
            column.min_width = max(
                Measurement.get(console, options, cell).maximum for cell in (column.header, *column.cells)
            )


def _text(text: str, style: str = "") -> Text:
    return _Folding(for_terminal(text), style=style, overflow="fold")


def _is_days(cells: Sequence[Cell]) -> bool:
    return all(isinstance(cell, date | None) for cell in cells)


def _with_missing(notes: list[str], shown: int, columns: list[str]) -> list[str]:
    """Return notes with the columns that are not drawn, at the end of the last one that is always shown."""
    if not columns:
        return notes
    missing = f"no room for: {', '.join(columns)}"
    if not shown:
        return [missing, *notes]
    return [*notes[: shown - 1], f"{notes[shown - 1]}; {missing}", *notes[shown:]]


def _lines(lines: Iterable[str]) -> Text:
    return Text("\n").join(_text(line, "dim") for line in lines)
