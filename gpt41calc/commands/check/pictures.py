"""The picture of ``check``: how much of every limit is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ...render.numbers import dollars_beside, dollars_in_full, number, plural
from ...render.pictures.picture import Bar, Bars, Picture

__all__ = ["check_pictures"]

_MOST = 40
"""Most limits that are drawn: those of which most is used."""

_LONGEST_PERCENT = Decimal(250)
"""Where bars end: one that is much longer would leave nothing of the others."""


def check_pictures(document: Mapping[str, Any]) -> Iterator[Picture]:
    """Yield the picture of a document of ``check``."""
    limits = [
        (_used_percent(limit), budget, limit)
        for budget in document["budgets"]
        for limit in budget["limits"]
        if limit["unit"] in {"tokens", "USD", "percent"} and limit["allowed"] and limit["actual"] is not None
    ]
    if not limits:
        return
    limits.sort(key=lambda one: (one[2]["passed"] is not False, -one[0]))
    broken = sum(limit["passed"] is False for _, _, limit in limits)
    left_out = len(limits) - _MOST
    cut = any(used > _LONGEST_PERCENT for used, _, _ in limits[:_MOST])
    notes = (
        f"{plural(left_out, 'limit')} of which less is used {'is' if left_out == 1 else 'are'} left out",
        f"bars end at {_LONGEST_PERCENT} %",
    )
    yield Bars(
        title="Limits used, in percent of what is allowed",
        summary=f"{plural(broken, 'limit')} of {number(len(limits))} broken",
        unit="percent",
        series=("used",),
        bars=tuple(_bar(*one) for one in limits[:_MOST]),
        limit=Decimal(100),
        limit_name="allowed",
        notes=tuple(note for note, applies in zip(notes, (left_out > 0, cut), strict=True) if applies),
    )


def _used_percent(limit: Mapping[str, Any]) -> Decimal:
    return Decimal(max(limit["actual"], 0)) * 100 / Decimal(limit["allowed"])


def _bar(used: Decimal, budget: Mapping[str, Any], limit: Mapping[str, Any]) -> Bar:
    where = "".join(f", {limit[key]}" for key in ("model", "path") if key in limit)
    return Bar(
        name=f"{budget['name']}: {limit['limit']}{where}",
        parts=(min(used, _LONGEST_PERCENT),),
        text=_amounts(limit),
        is_over=limit["passed"] is False,
    )


def _amounts(limit: Mapping[str, Any]) -> str:
    """Return the actual and the allowed value."""
    actual, allowed = limit["actual"], limit["allowed"]
    if limit["unit"] == "USD":
        return f"{dollars_beside(Decimal(actual), Decimal(allowed))} of {dollars_in_full(Decimal(allowed))}"
    if limit["unit"] == "tokens":
        return f"{number(int(actual))} of {number(int(allowed))}"
    return f"{Decimal(actual):f} of {Decimal(allowed):f} %"
