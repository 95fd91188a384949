"""Differences between price tables, as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from ...render.answer import Answer
from ...render.json_fields import header, name_or_none
from ...render.numbers import number, plural
from ...render.sheet import Cell, Look, Sheet, short_notes
from .compare import Disagreement
from .known_differences import Known, KnownDifferences, NotInTable
from .run import Compared
from .table_diff import FactChange

__all__ = ["changes_of_table_sheet", "comparison_sheet"]

_Reason = TypeVar("_Reason")


def comparison_sheet(compared: Compared, known: KnownDifferences) -> Sheet:
    """Return a row per difference; numbered reasons follow the table."""
    shown = [(one, why) for one, why in compared.found if not isinstance(why, NotInTable)]
    reasons = _distinct([why for _, why in shown if isinstance(why, Known)])
    total, open_ones = len(shown), len(compared.unexplained)
    held = ", ".join(f"{one.name} {one.version}" for one in compared.databases)
    notes, explained = short_notes(_notes(compared, reasons, known))
    sentence = f"{plural(total, 'difference')} from {held}, {number(open_ones)} of them not explained"
    return Sheet(
        title="",
        answer=Answer(sentence),
        columns=("Database", "Model", "What", "Above", "From", "Until", "Ours", "Theirs", "Why"),
        rows=tuple(_row(one, why, reasons) for one, why in shown),
        document=_document(compared),
        notes=notes,
        explained=explained,
        look=Look(expendable=("Until", "From", "Above", "Database"), fixed=("Model", "Why")),
        quiet=tuple(dict.fromkeys(one.model for one in compared.unexplained)),
    )


def _distinct(reasons: Sequence[_Reason]) -> list[_Reason]:
    """Return each reason once; they contain dicts, and so cannot be in a set."""
    found: list[_Reason] = []
    for reason in reasons:
        if reason not in found:
            found.append(reason)
    return found


def _row(one: Disagreement, why: Known | NotInTable | None, reasons: Sequence[Known]) -> tuple[Cell, ...]:
    return (
        one.database,
        one.model,
        one.what,
        one.above or None,
        one.since,
        one.until,
        _shown(one.ours),
        _shown(one.theirs),
        f"({reasons.index(why) + 1})" if isinstance(why, Known) else "not explained",
    )


def _shown(value: Decimal | int | str | date | None) -> Cell:
    """Return a price with exactly the digits that it has."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _notes(compared: Compared, reasons: Sequence[Known], known: KnownDifferences) -> Iterator[str]:
    if len(reasons) > 1:
        yield "the reasons, by their number under Why, are below with --explain"
    for at, why in enumerate(reasons, 1):
        yield f"({at}) {why.why} ({', '.join(why.source)})"
    left_out = [why for _, why in compared.found if isinstance(why, NotInTable)]
    for reason in _distinct(left_out):
        yield f"not in our table, {plural(left_out.count(reason), 'model')}: {reason.why}"
    for name, models in compared.missing.items():
        if models:
            yield f"not in {name}: {', '.join(models)}"
    cited = {source for why in reasons for source in why.source}
    for key, text in known.sources.items():
        if key in cited:
            yield f"{key}: {text}"
    yield from compared.hints
    yield f"table checked on {compared.checked}, explanations on {known.checked}"
    if compared.overlay:
        yield f"{compared.overlay} is laid over it"


def _document(compared: Compared) -> dict[str, Any]:
    return {
        **header(),
        "as_of": compared.on.isoformat(),
        "pricing": {"checked": compared.checked.isoformat(), "overlay": name_or_none(compared.overlay)},
        "databases": [
            {
                "name": one.name,
                "version": name_or_none(one.version),
                "models": len(one.listings),
                "not_listed": list(compared.missing[one.name]),
                "not_in_table": list(one.unlisted),
            }
            for one in compared.databases
        ],
        "differences": [_difference(one, why) for one, why in compared.found],
        "unexplained": len(compared.unexplained),
        "failing": len(compared.failing),
    }


def _difference(one: Disagreement, why: Known | NotInTable | None) -> dict[str, Any]:
    return {
        "database": one.database,
        "model": one.model,
        "what": one.what,
        "above_input_tokens": one.above,
        "since": _plain(one.since),
        "until": _plain(one.until),
        "ours": _plain(one.ours),
        "theirs": _plain(one.theirs),
        "explained": why.why if why else None,
        **({"source": list(why.source)} if isinstance(why, Known) else {}),
    }


def _plain(value: Decimal | int | str | date | None) -> Decimal | int | str | None:
    return value.isoformat() if isinstance(value, date) else value


def changes_of_table_sheet(changes: Sequence[FactChange], old: str, new: str) -> Sheet:
    """Return a row per value that differs between two tables."""
    models = len({one.model for one in changes})
    of = f" of {plural(models, 'model')}" if changes else ""
    return Sheet(
        title="",
        answer=Answer(f"{plural(len(changes), 'change')}{of}: {old} to {new}"),
        columns=("Model", "What", "Since", "Above", "Old", "New"),
        rows=tuple(
            (
                one.model,
                one.fact.what,
                one.fact.since,
                one.fact.above or None,
                _shown(one.old),
                _shown(one.new),
            )
            for one in changes
        ),
        document={
            **header(),
            "old": name_or_none(old),
            "new": name_or_none(new),
            "changes": [
                {
                    "model": one.model,
                    "what": one.fact.what,
                    "since": _plain(one.fact.since),
                    "above_input_tokens": one.fact.above,
                    "old": _plain(one.old),
                    "new": _plain(one.new),
                }
                for one in changes
            ],
        },
        quiet=tuple(dict.fromkeys(one.model for one in changes)),
    )
