"""The pictures of ``usage``: the cost by model, and over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ...render.numbers import dollars, plural
from ...render.pictures.picture import Bar, Bars, Picture
from .row_keys import DEFAULT_KEYS

__all__ = ["usage_pictures"]

_MOST = 40
"""Most bars of a picture."""

_PERIODS = ("day", "week", "month")

_PARTS = {
    "input": "input",
    "cached_input": "cached input",
    "cache_write": "written to a cache",
    "output": "output",
    "reasoning": "reasoning",
    "fees": "fees",
}
"""Parts of a cost in the document, and what they are called."""


def usage_pictures(document: Mapping[str, Any]) -> Iterator[Picture]:
    """Yield the pictures of a document of ``usage``."""
    if not document["cost"]["total"]:
        return
    models = sorted(document["models"], key=lambda row: -row["cost"]["total"])
    yield _bars("Cost by model, in US dollars", [(str(row["model"]), row["cost"]) for row in models], "cheaper model")
    keys = document.get("by", DEFAULT_KEYS)
    for period in (key for key in keys if key in _PERIODS):
        sums = _by_period(document["rows"], period)
        if len(sums) > 1:
            yield _bars(f"Cost by {period}, in US dollars", sums[-_MOST:], f"earlier {period}", len(sums))


def _by_period(rows: Sequence[Mapping[str, Any]], period: str) -> list[tuple[str, Mapping[str, Decimal]]]:
    """Return the cost of every period, in the order of time; answers without a day come first."""
    sums: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        whole = sums.setdefault(row[period] or "", dict.fromkeys(("total", *_PARTS), Decimal()))
        for key in whole:
            whole[key] += row["cost"][key]
    return [(name or "without a day", sums[name]) for name in sorted(sums)]


def _bars(title: str, named: Sequence[tuple[str, Mapping[str, Decimal]]], what: str, all_of: int = 0) -> Bars:
    shown = named[:_MOST]
    parts = [(key, name) for key, name in _PARTS.items() if any(cost[key] for _, cost in shown)]
    dearest = max(shown, key=lambda pair: pair[1]["total"])
    left_out = max(all_of, len(named)) - len(shown)
    return Bars(
        title=title,
        summary=f"the most is {dollars(dearest[1]['total'])}: {dearest[0]}",
        unit="dollars",
        series=tuple(name for _, name in parts) or ("cost",),
        bars=tuple(
            Bar(name=name, parts=tuple(cost[key] for key, _ in parts) or (Decimal(),), text=dollars(cost["total"]))
            for name, cost in shown
        ),
        notes=(f"{plural(left_out, what)} left out",) if left_out else (),
    )
