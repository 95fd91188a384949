"""What ``count`` shows where it is more than lines."""

from __future__ import annotations

from dataclasses import replace

from ...calculator.breakdown import Grouping, break_down
from ...render.breakdown import breakdown_sheet
from ...render.json_fields import counts_document
from ...render.sentences import notes_on_counts
from ...render.sheet import Cell, Sheet
from .run import Counts

__all__ = ["counts_sheet"]


def counts_sheet(counts: Counts) -> Sheet:
    """Return the counts as rows: every input and a total, or the parts that were asked for."""
    inputs, encoding, model = counts.inputs, counts.encoding, counts.model
    breakdown, tokens_of, total = counts.breakdown, counts.tokens_of, counts.tokens
    files = breakdown or break_down(inputs, encoding, Grouping(), tokens_of=tokens_of)
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
