"""Panels and tables for a terminal, drawn by rich."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rich.box import ROUNDED, SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, RenderableType
from rich.measure import Measurement
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ..calculator.estimate import Comparison, Estimate
from ..calculator.interval import is_approximate
from ..calculator.model_estimate import ModelEstimate
from ..pricing.schema import Status
from .breakdown import breakdown_sheet
from .escape import for_terminal
from .migration import all_notes, moves_sheet
from .numbers import about, dollars, number, percent, plural
from .plain import PlainRenderer
from .sentences import input_sentence, status_notes, workload_sentence
from .sheet import Sheet, shown
from .skipped import skipped_sentence

__all__ = ["TableRenderer"]

MIN_WIDTH = 40
"""Narrower terminals are treated as this wide: rich would shorten numbers to nothing."""

MAX_WIDTH = 120
"""Wider terminals are not filled."""

_UNLIMITED = 100_000

_LEAST_FOLDED = 10
"""Columns that folded text needs at least."""

_BAR_CELLS = (16, 8, 0)
"""Lengths of the bar, from wide terminals to narrow ones."""

_STATUS_STYLE: dict[Status, str] = {
    "unreleased": "yellow",
    "live": "green",
    "deprecated": "yellow",
    "retired": "red",
}


class TableRenderer:
    """A panel for the input, a table for the models, one for the savings."""

    def __init__(self, *, width: int, colour: bool, encoding: str = "utf-8", explain: bool = False) -> None:
        """Draw so many columns wide, with or without colour, in lines that the encoding has."""
        self._width = min(max(width, MIN_WIDTH), MAX_WIDTH)
        self._colour = colour
        self._encoding = encoding
        self._explain = explain

    def estimate(self, estimate: Estimate) -> str:
        """Draw an estimate; where the tables would not fit, write it line by line."""
        after: list[RenderableType] = [_savings(estimate)] if estimate.savings else []
        if estimate.migration:
            after.append(_sheet(moves_sheet(estimate.migration)))
        if estimate.breakdown:
            after.append(_sheet(breakdown_sheet(estimate.breakdown, estimate.input_tokens)))
            after.append(_lines(breakdown_sheet(estimate.breakdown, estimate.input_tokens).notes, "dim"))
        after.append(_lines([*status_notes(estimate), *all_notes(estimate)], "dim"))
        lost = [f"{one.path}: {one.reason}" for one in estimate.inputs.skipped if not one.expected]
        if lost:
            after.append(_lines(["not counted:", *(f"  {line}" for line in lost)], "yellow"))
        for bar in _BAR_CELLS:
            drawn = self._draw([_input(estimate), _models(estimate, _Bar(bar, ascii_only=self._ascii_only)), *after])
            if drawn:
                return drawn
        return PlainRenderer().estimate(estimate)

    def sheet(self, sheet: Sheet) -> str:
        """Draw the rows of a sheet."""
        rows = _sheet(sheet) if sheet.rows else _text(sheet.title, "bold cyan")
        notes = [*sheet.notes, *(sheet.explained if self._explain else ())]
        answer = [_text(sheet.answer.text, sheet.answer.style)] if sheet.answer else []
        drawn = self._draw([*answer, rows, _lines(notes, "dim")])
        return drawn or PlainRenderer(explain=self._explain).sheet(sheet)

    @property
    def _ascii_only(self) -> bool:
        """Whether lines have to be drawn with letters: elsewhere they would come out as escapes."""
        return not self._encoding.lower().startswith("utf")

    def _draw(self, parts: list[RenderableType]) -> str | None:
        """Return the drawing, or none if a number would have to be cut."""
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


def _pin(table: Table, console: Console, options: ConsoleOptions) -> None:
    """Keep rich from cutting numbers: it measures a column of them by its longest word, not its longest line."""
    for column in table.columns:
        if column.no_wrap:
            column.min_width = max(
                Measurement.get(console, options, cell).maximum for cell in (column.header, *column.cells)
            )


def _table(title: str) -> Table:
    return Table(
        box=SIMPLE_HEAD,
        title=_text(title, "bold cyan"),
        title_justify="left",
        title_style="",
        show_edge=False,
        pad_edge=False,
        collapse_padding=True,
        expand=False,
    )


def _text(text: str, style: str = "") -> Text:
    return _Folding(for_terminal(text), style=style, overflow="fold")


def _input(estimate: Estimate) -> Panel:
    lines = [_text(input_sentence(estimate), "bold")]
    if estimate.inputs.skipped:
        lines.append(_text(f"skipped {skipped_sentence(estimate.inputs.skipped)}"))
    lines.append(_text(workload_sentence(estimate)))
    return Panel(Text("\n").join(lines), title="input", title_align="left", box=ROUNDED, border_style="cyan")


def _models(estimate: Estimate, bar: _Bar) -> Table:
    requests = estimate.workload.requests
    # Otherwise the columns seem not to add up.
    of = "" if requests == 1 else f": input and output of one request, total of {number(requests)}"
    table = _table(f"fit and cost{of}")
    table.add_column("model", overflow="fold")
    table.add_column("status", no_wrap=True)
    table.add_column("window used" if bar.cells else "window", no_wrap=True, justify="left" if bar.cells else "right")
    table.add_column("tokens left", no_wrap=True, justify="right")
    for heading in ("input", "output", "total"):
        table.add_column(heading, no_wrap=True, justify="right")
    last = ""
    for one in estimate.models:
        if last and one.role != last:
            table.add_section()
        last = one.role
        table.add_row(*_model(one, bar))
    return table


def _model(one: ModelEstimate, bar: _Bar) -> list[Text]:
    cost = one.cost
    mark = "~" if is_approximate(one.exactness) or not one.tokens.is_exact else ""
    return [
        _text(one.model.name, "bold" if one.role == "variant" else ""),
        Text(one.status, style=_STATUS_STYLE[one.status]),
        bar.draw(one, mark),
        Text(_left(one, mark)),
        Text(mark + dollars(cost.input + cost.cached_input) if cost else "–"),
        Text(dollars(cost.output) if cost else "–"),
        Text(mark + dollars(cost.total.value) if cost else "–", style="bold"),
    ]


@dataclass(frozen=True, slots=True)
class _Bar:
    """How much of the window is used: green, yellow from 80 %, red once it does not fit."""

    cells: int
    """How long it is; 0: only the percentage is shown."""

    ascii_only: bool
    """Whether it is drawn with ``#`` and ``-``."""

    def draw(self, one: ModelEstimate, mark: str) -> Text:
        share = one.context.used_percent
        full = min(self.cells, int(share * self.cells / 100)) if one.context.fits else self.cells
        style = "red" if not one.context.fits else "yellow" if share >= 80 else "green"  # noqa: PLR2004 - a percentage
        done, rest = "#-" if self.ascii_only else "━─"
        said = mark + percent(share)
        if not self.cells:
            return Text(said, style=style)
        return Text.assemble((done * full, style), (rest * (self.cells - full), "dim"), f" {said}")


def _left(one: ModelEstimate, mark: str) -> str:
    """Return the headroom, and in how many requests an input that is too long would go."""
    fit = one.context
    if fit.fits:
        return mark + number(fit.headroom)
    if fit.requests_needed is None:
        return "output too long"
    # Within the window, but not within the limit that some models have for the prompt alone.
    over = "prompt too long" if fit.headroom >= 0 else mark + number(fit.headroom)
    return f"{over}\n{mark}{plural(fit.requests_needed, 'request')}"


def _savings(estimate: Estimate) -> Table:
    comparators = [one for one in estimate.models if one.role == "comparator"]
    table = _table("saved against")
    table.add_column("with", overflow="fold")
    for one in comparators:
        table.add_column(_text(one.model.name), no_wrap=True, justify="right")
    by_pair = {(each.model, each.versus): each for each in estimate.savings}
    for one in estimate.models:
        if one.role == "variant":
            table.add_row(
                _text(one.model.name, "bold"), *(_saved(by_pair[one.model.id, other.model.id]) for other in comparators)
            )
    return table


def _saved(comparison: Comparison) -> Text:
    saving = comparison.saving
    if saving is None:
        return Text("–")
    amount = about(saving.amount, dollars).replace(" (", "\n(")
    share = "" if saving.percent is None else f"{percent(saving.percent)}  "
    style = "yellow" if not saving.sign_certain else "red" if saving.amount.value < 0 else "green"
    return Text(share + amount, style=style)


def _sheet(sheet: Sheet) -> Table:
    table = _table(sheet.title)
    for at, (heading, right) in enumerate(zip(sheet.columns, sheet.numeric, strict=True)):
        is_day = all(isinstance(row[at], date | None) for row in sheet.outlined)
        table.add_column(heading, justify="right" if right else "left", no_wrap=right or is_day, overflow="fold")
    for row in sheet.outlined:
        table.add_row(*(_text(shown(cell)) for cell in row))
    return table


def _lines(lines: Iterable[str], style: str) -> Text:
    return Text("\n").join(_text(line, style) for line in lines)
