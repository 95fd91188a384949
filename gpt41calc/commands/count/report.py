"""What ``count`` shows where it is more than lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ...calculator.breakdown import Breakdown, break_down
from ...pricing.schema import Model
from ...render.breakdown import breakdown_sheet
from ...render.json_fields import counts_document
from ...render.sentences import notes_on_counts
from ...render.sheet import Cell, Sheet
from ...tally import Tally

__all__ = ["counts_sheet"]


def counts_sheet(
    inputs: Tally,
    encoding: str,
    model: Model | None,
    breakdown: Breakdown | None,
    tokens_of: Callable[[int], int] = int,
) -> Sheet:
    """Return the counts as rows: every input and a total, or the parts that were asked for."""
    files = breakdown or break_down(inputs, encoding, "file", tokens_of=tokens_of)
    total = tokens_of(inputs.tokens(encoding))
    heading = "Tokens (estimated)" if model and model.ratio else "Tokens"
    notes = tuple(notes_on_counts(inputs, model))
    document = counts_document(inputs, encoding, model, files)
    if breakdown is not None:
        parts = breakdown_sheet(breakdown, total)
        columns = (heading, *parts.columns[1:])
        return replace(parts, columns=columns, document=document, notes=(*parts.notes, *notes))
    rows: list[tuple[Cell, ...]] = [(tokens_of(one.tokens[encoding]), one.path) for one in inputs.counted]
    if len(rows) != 1:
        rows.append((total, "total"))
    return Sheet("Tokens", (heading, "Path"), tuple(rows), document, notes)
