"""Panels and tables for a terminal, drawn by rich."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.box import ROUNDED, SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.measure import Measurement
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ..calculator.estimate import Comparison, Estimate, ModelEstimate
from ..pricing.schema import Status
from .breakdown import breakdown_sheet
from .escape import for_terminal
from .plain import PlainRenderer
from .sheet import Sheet, shown
from .wording import about, dollars, input_sentence, notes, number, percent, skipped_sentence, workload_sentence

__all__ = ["TableRenderer"]

MIN_WIDTH = 40
"""Narrower terminals are treated as this wide: rich would shorten numbers to nothing."""

MAX_WIDTH = 120
"""Wider terminals are not filled."""

_BAR_CELLS = 16

_STATUS_STYLE: dict[Status, str] = {
    "unreleased": "yellow",
    "live": "green",
    "deprecated": "yellow",
    "retired": "red",
}


class TableRenderer:
    """A panel for the input, a table for the models, one for the savings."""

    def __init__(self, *, width: int, colour: bool) -> None:
        """Draw so many columns wide, with or without colour."""
        self._width = min(max(width, MIN_WIDTH), MAX_WIDTH)
        self._colour = colour

    def estimate(self, estimate: Estimate) -> str:
        """Draw an estimate; where the tables would not fit, write it line by line."""
        parts: list[RenderableType] = [_input(estimate), _models(estimate)]
        if estimate.savings:
            parts.append(_savings(estimate))
        if estimate.breakdown:
            parts.append(_sheet(breakdown_sheet(estimate.breakdown, estimate.input_tokens)))
        parts.append(_lines(notes(estimate), "dim"))
        lost = [f"{one.path}: {one.reason}" for one in estimate.inputs.skipped if not one.expected]
        if lost:
            parts.append(_lines(["not counted:", *(f"  {line}" for line in lost)], "yellow"))
        return self._draw(parts) or PlainRenderer().estimate(estimate)

    def sheet(self, sheet: Sheet) -> str:
        """Draw the rows of a sheet."""
        return self._draw([_sheet(sheet), _lines(sheet.notes, "dim")]) or PlainRenderer().sheet(sheet)

    def _draw(self, parts: list[RenderableType]) -> str | None:
        """Return the drawing, or none if a number would have to be cut."""
        text = io.StringIO()
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
        if any(Measurement.get(console, console.options, table).minimum > self._width for table in tables):
            return None
        console.print(Group(*parts))
        return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def _text(text: str, style: str = "") -> Text:
    return Text(for_terminal(text), style=style, overflow="fold")


def _input(estimate: Estimate) -> Panel:
    lines = [_text(input_sentence(estimate), "bold")]
    if estimate.inputs.skipped:
        lines.append(_text(f"skipped {skipped_sentence(estimate.inputs.skipped)}"))
    lines.append(_text(workload_sentence(estimate)))
    return Panel(Text("\n").join(lines), title="input", title_align="left", box=ROUNDED, border_style="cyan")


def _models(estimate: Estimate) -> Table:
    table = Table(box=SIMPLE_HEAD, title="fit and cost", title_justify="left", title_style="bold cyan", expand=False)
    table.add_column("model", overflow="fold", min_width=10)
    table.add_column("status", no_wrap=True)
    table.add_column("window used", no_wrap=True)
    table.add_column("tokens left", no_wrap=True, justify="right")
    for heading in ("input", "output", "total"):
        table.add_column(heading, no_wrap=True, justify="right")
    last = ""
    for one in estimate.models:
        if last and one.role != last:
            table.add_section()
        last = one.role
        table.add_row(*_model(one))
    return table


def _model(one: ModelEstimate) -> list[Text]:
    cost = one.cost
    mark = "~" if one.exactness == "estimated" else ""
    return [
        _text(one.model.name, "bold" if one.role == "variant" else ""),
        Text(one.status, style=_STATUS_STYLE[one.status]),
        _bar(one, mark),
        Text(_left(one)),
        Text(mark + dollars(cost.input + cost.cached_input) if cost else "–"),
        Text(dollars(cost.output) if cost else "–"),
        Text(mark + dollars(cost.total.value) if cost else "–", style="bold"),
    ]


def _bar(one: ModelEstimate, mark: str) -> Text:
    """Draw how much of the window is used: green, yellow from 80 %, red once it does not fit."""
    share = one.context.used_percent
    full = min(_BAR_CELLS, int(share * _BAR_CELLS / 100)) if one.context.fits else _BAR_CELLS
    style = "red" if not one.context.fits else "yellow" if share >= 80 else "green"  # noqa: PLR2004
    return Text.assemble(("━" * full, style), ("─" * (_BAR_CELLS - full), "dim"), f" {mark}{percent(share)}")


def _left(one: ModelEstimate) -> str:
    """Return the headroom, and in how many requests an input that is too long would go."""
    fit = one.context
    if fit.fits:
        return number(fit.headroom)
    if fit.requests_needed is None:
        return "output too long"
    return f"{number(fit.headroom)}\n{number(fit.requests_needed)} requests"


def _savings(estimate: Estimate) -> Table:
    comparators = [one for one in estimate.models if one.role == "comparator"]
    table = Table(box=SIMPLE_HEAD, title="saved", title_justify="left", title_style="bold cyan", expand=False)
    table.add_column("with", overflow="fold", min_width=10)
    for one in comparators:
        table.add_column(_text(f"against {one.model.name}"), no_wrap=True, justify="right")
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
    table = Table(box=SIMPLE_HEAD, title=for_terminal(sheet.title), title_justify="left", title_style="bold cyan")
    for heading, right in zip(sheet.columns, sheet.numeric, strict=True):
        table.add_column(heading, justify="right" if right else "left", no_wrap=right, overflow="fold")
    for row in sheet.rows:
        table.add_row(*(_text(shown(cell)) for cell in row))
    return table


def _lines(lines: Iterable[str], style: str) -> Text:
    return Text("\n").join(_text(line, style) for line in lines)
