"""The parts of an input as rows for every format."""

from __future__ import annotations

from decimal import Decimal

from ..calculator.breakdown import Breakdown, Row, largest_first
from .sheet import Look, Sheet

__all__ = ["breakdown_sheet"]

_TITLES = {"file": "Files", "folder": "Folders", "extension": "Extensions"}


def breakdown_sheet(breakdown: Breakdown, total_tokens: int) -> Sheet:
    """Return the parts with their share of all tokens; a tree replaces the list."""
    rows = breakdown.rows if breakdown.tree is None else largest_first(breakdown.tree)
    more = (f"{breakdown.omitted:,} smaller not shown",) if breakdown.omitted and breakdown.tree is None else ()
    return Sheet(
        title="Tree" if breakdown.tree is not None else _TITLES[breakdown.by],
        columns=("Tokens", "Share %", "Files", "Bytes", "Path" if breakdown.by != "extension" else "Extension"),
        rows=tuple((row.tokens, _share(row, total_tokens), row.files, row.bytes, row.name) for row in rows),
        notes=more,
        look=Look(expendable=("Bytes", "Files"), bar="Share %", paths="" if breakdown.by == "extension" else "Path"),
        depths=tuple(row.depth for row in rows) if breakdown.tree is not None else (),
    )


def _share(row: Row, total_tokens: int) -> Decimal:
    return (Decimal(100 * row.tokens) / max(total_tokens, 1)).quantize(Decimal("0.1"))
