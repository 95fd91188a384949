"""A change in tokens and dollars as a comment on a pull request."""

from __future__ import annotations

from decimal import Decimal

from ...calculator.change import FileChange, ModelChange
from ...calculator.interval import is_approximate
from ...render.comment import MOST_FILES, bullets, cell, details, heading, marker, table
from ...render.numbers import dollars, number, plural, signed
from ...tally import Counted, Skipped
from .compare import Difference, cost_delta_of
from .report import difference_answer, difference_notes, most_changed

__all__ = ["difference_comment"]


def difference_comment(difference: Difference, top: int | None = None) -> str:
    """Return a comment with a marker as its first line: models, exceeded limits and, if requested, files.

    Args:
        difference: the change.
        top: most files, those with the largest changes. None for as many as fit.
    """
    lines = [marker("diff"), heading(difference_answer(difference).text)]
    crossed = [f"**{cell(one.model.name)}**: {cell(phrase)}" for one in difference.models for phrase in one.crossed]
    changes = most_changed(difference)
    most = min(MOST_FILES, top or MOST_FILES)
    if changes:
        lines += ["", *_models(difference)]
        lines += ["", *bullets(crossed)] if crossed else []
        shown = plural(len(changes), "changed file")
        summary = f"{number(most)} of {shown}" if len(changes) > most else shown
        lines += details(summary, _files(difference, changes, most))
        lines += details("What this rests on", bullets(map(cell, difference_notes(difference))))
    return "\n".join(lines) + "\n"


def _models(difference: Difference) -> list[str]:
    monthly = ("Change a month",) if difference.requests_per_month is not None else ()
    headings = ("Model", "Before", "After", "Change", "A request", "Change a request", *monthly)
    rows = [_model(change, difference.requests_per_month) for change in difference.models]
    return table(headings, rows, numeric=[False, *[True] * (len(headings) - 1)])


def _model(change: ModelChange, requests_per_month: int | None) -> list[str]:
    mark = "~" if is_approximate(change.exactness) else ""
    delta, cost = change.delta.value, change.cost_delta
    return [
        cell(change.model.name),
        mark + number(change.before.value),
        mark + number(change.after.value),
        mark + signed(number(delta), delta),
        "–" if change.cost_after is None else mark + dollars(change.cost_after),
        _more(cost, mark),
        *([_more(None if cost is None else cost * requests_per_month, mark)] if requests_per_month is not None else []),
    ]


def _more(amount: Decimal | None, mark: str = "") -> str:
    return "–" if amount is None else mark + signed(dollars(amount), amount)


def _files(difference: Difference, changes: list[FileChange], most: int) -> list[str]:
    headings = ("File", "Status", "Before", "After", "Change", "$ more a request")
    rows = [_file(change, difference) for change in changes[:most]]
    more = len(changes) - most
    lines = table(headings, rows, numeric=(False, False, True, True, True, True))
    return [*lines, *(["", f"and {number(more)} more"] if more > 0 else [])]


def _file(change: FileChange, difference: Difference) -> list[str]:
    encoding = difference.encoding
    delta = change.delta(encoding)
    mark = "~" if difference.models[0].model.ratio else ""
    reasons = f" ({'; '.join(change.reasons)})" if change.reasons else ""
    name = cell(change.path) if change.old_path is None else f"{cell(change.old_path)} → {cell(change.path)}"
    return [
        name,
        cell(f"{change.status}{reasons}"),
        _tokens(change.before, encoding),
        _tokens(change.after, encoding),
        "–" if delta is None else signed(number(delta), delta),
        _more(cost_delta_of(change, difference.models[0].model, difference.workload, difference.as_of), mark),
    ]


def _tokens(side: Counted | Skipped | None, encoding: str) -> str:
    return number(side.tokens[encoding]) if isinstance(side, Counted) else "–"
