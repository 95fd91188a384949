"""The table of ``usage --input --by kind``: accuracy of prompt estimates by kind of request."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ...render.numbers import plural
from ...render.sheet import Cell, Sheet

if TYPE_CHECKING:
    from ...calculator.accuracy import Accuracy

__all__ = ["accuracy_keys", "kinds_sheet"]

_HEADINGS = ("Kind", "Requests", "Exact", "Within 1 %", "Within 3 %", "Mean off", "Ranges", "In range")
_COLUMNS = (
    *("Kind", "Requests", "Exact percent", "Within 1 percent", "Within 3 percent", "Mean off percent"),
    *("Ranges", "In range percent"),
)
"""The columns for scripts."""


def kinds_sheet(kinds: tuple[Accuracy, ...], *, is_exact: bool = False) -> Sheet:
    """Return a row per kind, and one for all kinds; for people with one decimal and a percent sign."""
    cells = _exactly if is_exact else _roughly
    return Sheet(
        title=f"Accuracy of the prompts' estimates: {plural(kinds[-1].requests, 'request')} by kind",
        columns=_COLUMNS if is_exact else _HEADINGS,
        rows=tuple(cells(one) for one in kinds),
        notes=(
            "within 1 % is off by at most 1 % or 1 token, within 3 % by at most 3 % or 3 tokens",
            "in range: of the estimates that have a range, those whose range holds what was billed",
        ),
    )


def accuracy_keys(one: Accuracy) -> dict[str, Any]:
    """Return the keys of one kind in the document; null for a share of nothing."""
    return {
        "kind": one.kind,
        "requests": one.requests,
        "exact_percent": _decimal(one.exact),
        "within_1_percent": _decimal(one.within_1),
        "within_3_percent": _decimal(one.within_3),
        "mean_off_percent": _decimal(one.mean_off),
        "ranges": one.ranges,
        "in_range_percent": _decimal(one.covered),
    }


def _exactly(one: Accuracy) -> tuple[Cell, ...]:
    return tuple(accuracy_keys(one).values())


def _roughly(one: Accuracy) -> tuple[Cell, ...]:
    off = None if one.mean_off is None else f"{one.mean_off:+.1f} %"
    return (
        one.kind,
        one.requests,
        *map(_share, (one.exact, one.within_1, one.within_3)),
        off,
        one.ranges,
        _share(one.covered),
    )


def _share(percentage: float | None) -> str | None:
    return None if percentage is None else f"{percentage:.1f} %"


def _decimal(percentage: float | None) -> Decimal | None:
    return None if percentage is None else Decimal(f"{percentage:.2f}")
