"""The tables of ``compare``: inputs, files, sections, lines and words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from ...calculator.change import FileChange
from ...calculator.money import exactly
from ...render.change import tidy_dollars
from ...render.sheet import Cell, Look, Sheet, short_notes
from ...tally import Counted, Skipped
from .comparison import Compared, Comparison, SectionChange
from .document import comparison_document
from .parts import ByPart
from .parts_cost import cost_of_delta
from .sentences import comparison_answer, comparison_notes
from .wording import Wording

__all__ = ["comparison_sheet", "csv_sheet", "rows_sheet", "usual_parts"]


def usual_parts(comparison: Comparison) -> ByPart:
    """Return the parts that say most: of many inputs these, of folders the files, of two texts sections or lines."""
    if len(comparison.others) > 1:
        return ByPart.INPUT
    (one,) = comparison.others
    if "folder" in {comparison.first.kind, one.side.kind}:
        return ByPart.FILE
    if one.sections:
        return ByPart.SECTION
    return ByPart.LINE if one.lines else ByPart.INPUT


def comparison_sheet(comparison: Comparison, by: ByPart | None, top: int | None = None) -> Sheet:
    """Return a row per part, with the answer and notes.

    Args:
        comparison: the result.
        by: what the rows are. None for what says most.
        top: most rows, those with the largest difference. None for all; of lines and words, for ten.
    """
    chosen = by or usual_parts(comparison)
    most = top if top is not None or chosen not in {ByPart.LINE, ByPart.WORD} else _MOST_WORDING
    sheet, left_out = _rows(comparison, chosen, most)
    more = [f"{left_out:,} more in this table; --top N shows more"] if left_out else []
    notes, explained = short_notes([*more, *comparison_notes(comparison)])
    return Sheet(
        title="",
        columns=sheet.columns,
        rows=sheet.rows,
        document=comparison_document(comparison),
        notes=notes,
        answer=comparison_answer(comparison),
        explained=explained,
        look=sheet.look,
    )


_MOST_WORDING = 10


def rows_sheet(comparison: Comparison, by: ByPart | None, top: int | None = None) -> Sheet:
    """Return the same rows alone, with all of them if no number is given."""
    sheet, _ = _rows(comparison, by or usual_parts(comparison), top)
    return sheet


def csv_sheet(comparison: Comparison, by: ByPart | None, top: int | None = None) -> Sheet:
    """Return the same rows with headings for programs, which are those of ``diff``."""
    sheet = rows_sheet(comparison, by, top)
    return replace(sheet, columns=tuple(_IN_CSV.get(column, column) for column in sheet.columns))


_IN_CSV = {
    "$ a request": "Cost",
    "$ more a request": "Cost delta",
    "$ a month": "Cost per month",
    "$ more a month": "Cost delta per month",
}


def _rows(comparison: Comparison, by: ByPart, top: int | None) -> tuple[Sheet, int]:
    """Return the rows of a table, and how many were left out."""
    if by is ByPart.INPUT:
        return _inputs(comparison), 0
    rows = list(_parts(comparison, by))
    if top is not None and len(rows) > top:
        largest = sorted(range(len(rows)), key=lambda at: (-abs(rows[at][0]), at))[:top]
        shown = [rows[at][1] for at in sorted(largest)]
    else:
        shown = [row for _, row in rows]
    several = ("Input",) if len(comparison.others) > 1 else ()
    monthly = ("$ more a month",) if comparison.requests_per_month is not None else ()
    first = ("Times", "Delta") if by in {ByPart.LINE, ByPart.WORD} else ("Before", "After", "Delta")
    status = ("Status",) if by is ByPart.FILE else ()
    last = {ByPart.FILE: "Path", ByPart.SECTION: "Section", ByPart.LINE: "Line", ByPart.WORD: "Word"}[by]
    columns = (*first, "$ more a request", *monthly, *status, *several, last)
    look = Look(
        expendable=("Status", "Before", "$ more a request"),
        fixed=status,
        paths=last if by is ByPart.FILE else "",
    )
    return Sheet(title="", columns=columns, rows=tuple(shown), look=look), len(rows) - len(shown)


def _inputs(comparison: Comparison) -> Sheet:
    """Return a row per input, with the first model."""
    monthly = comparison.requests_per_month is not None
    months = ("$ a month", "$ more a month") if monthly else ()
    start = comparison.others[0].models[0]
    rows: list[tuple[Cell, ...]] = [
        (
            start.before.value,
            None,
            _tidy(start.cost_before),
            None,
            *((_a_month(start.cost_before, comparison), None) if monthly else ()),
            comparison.first.name,
        )
    ]
    for one in comparison.others:
        change = one.models[0]
        months_of = (_a_month(change.cost_after, comparison), _a_month(change.cost_delta, comparison))
        rows.append(
            (
                change.after.value,
                change.delta.value,
                _tidy(change.cost_after),
                _tidy(change.cost_delta),
                *(months_of if monthly else ()),
                one.side.name,
            )
        )
    return Sheet(
        title="",
        columns=("Tokens", "Delta", "$ a request", "$ more a request", *months, "Input"),
        rows=tuple(rows),
        look=Look(expendable=("$ more a request", "$ a month"), paths="Input"),
    )


def _parts(comparison: Comparison, by: ByPart) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """Yield the difference and the cells of every part."""
    for one in comparison.others:
        name = (one.side.name,) if len(comparison.others) > 1 else ()
        if by is ByPart.FILE:
            for change in one.files:
                delta = change.delta(comparison.encoding)
                yield delta or 0, _file(change, delta, name, one, comparison)
        elif by is ByPart.SECTION:
            for section in one.sections:
                yield section.delta, _section(section, name, one, comparison)
        else:
            for wording in one.lines if by is ByPart.LINE else one.words:
                yield wording.tokens, _wording(wording, name, one, comparison)


def _file(
    change: FileChange, delta: int | None, name: Sequence[str], one: Compared, comparison: Comparison
) -> tuple[Cell, ...]:
    encoding = comparison.encoding
    cost = None if delta is None else cost_of_delta(*change.tokens(encoding), one, comparison)
    reasons = f" ({'; '.join(change.reasons)})" if change.reasons else ""
    return (
        _tokens(change.before, encoding),
        _tokens(change.after, encoding),
        delta,
        *_costs(cost, comparison),
        change.status + reasons,
        *name,
        change.path,
    )


def _tokens(side: Counted | Skipped | None, encoding: str) -> int | None:
    return side.tokens[encoding] if isinstance(side, Counted) else None


def _section(section: SectionChange, name: Sequence[str], one: Compared, comparison: Comparison) -> tuple[Cell, ...]:
    cost = cost_of_delta(section.before or 0, section.after or 0, one, comparison)
    shown = section.name if section.path is None else f"{section.path}: {section.name}"
    return (section.before, section.after, section.delta, *_costs(cost, comparison), *name, shown)


def _wording(wording: Wording, name: Sequence[str], one: Compared, comparison: Comparison) -> tuple[Cell, ...]:
    cost = cost_of_delta(0, wording.tokens, one, comparison)
    return (wording.times, wording.tokens, *_costs(cost, comparison), *name, excerpt(wording.text))


def excerpt(text: str) -> str:
    """Return the beginning of a long line.

    >>> excerpt("a" * 200)[-3:], len(excerpt("a" * 200))
    ('aa…', 100)
    """
    whole = text.strip()
    return whole if len(whole) <= _LONGEST_LINE else f"{whole[: _LONGEST_LINE - 1]}…"


_LONGEST_LINE = 100


def _costs(cost: Decimal | None, comparison: Comparison) -> tuple[Cell, ...]:
    monthly = (_a_month(cost, comparison),) if comparison.requests_per_month is not None else ()
    return (_tidy(cost), *monthly)


def _a_month(cost: Decimal | None, comparison: Comparison) -> Decimal | None:
    if cost is None or comparison.requests_per_month is None:
        return None
    with exactly():
        return _tidy(cost * comparison.requests_per_month)


def _tidy(cost: Decimal | None) -> Decimal | None:
    return None if cost is None else tidy_dollars(cost)
