"""What ``count`` shows where it is more than lines."""

from __future__ import annotations

from ..calculator.breakdown import Breakdown, break_down
from ..calculator.context import input_tokens
from ..pricing.schema import Model
from ..tally import Tally
from .breakdown import breakdown_sheet
from .document import counts_document
from .sheet import Cell, Sheet
from .wording import notes_on_counts

__all__ = ["counts_sheet"]


def counts_sheet(inputs: Tally, encoding: str, model: Model | None, breakdown: Breakdown | None) -> Sheet:
    """Return the counts as rows: every input and a total, or the parts that were asked for."""
    document = counts_document(inputs, encoding, model, breakdown or break_down(inputs, encoding, "file"))
    notes = tuple(notes_on_counts(inputs, model))
    if breakdown is not None:
        parts = breakdown_sheet(breakdown, inputs.tokens(encoding))
        return Sheet(parts.title, parts.columns, parts.rows, document, (*parts.notes, *notes))
    counts = [(one.tokens[encoding], one.path) for one in inputs.counted]
    if len(counts) != 1:
        counts.append((inputs.tokens(encoding), "total"))
    rows: list[tuple[Cell, ...]] = [
        (tokens if model is None else input_tokens(tokens, model).value, path) for tokens, path in counts
    ]
    return Sheet("Tokens", ("Tokens", "Path"), tuple(rows), document, notes)
