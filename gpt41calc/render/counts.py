"""What ``count`` shows: tokens and names, as ``wc`` shows words."""

from __future__ import annotations

from ..calculator.breakdown import Breakdown
from ..calculator.context import input_tokens
from ..pricing.schema import Model
from ..tally import Tally
from .breakdown import breakdown_sheet
from .document import counts_document
from .sheet import Cell, Sheet
from .wording import notes_on_counts

__all__ = ["counts_sheet"]


def counts_sheet(inputs: Tally, model: Model, breakdown: Breakdown | None) -> Sheet:
    """Return the counts as rows: every input and a total, or the parts that were asked for."""
    encoding = model.counted_in
    total = input_tokens(inputs.tokens(encoding), model)
    document = counts_document(inputs, model, breakdown)
    quiet, notes = str(total.value), tuple(notes_on_counts(inputs, model))
    if breakdown is not None:
        parts = breakdown_sheet(breakdown, inputs.tokens(encoding))
        return Sheet(parts.title, parts.columns, parts.rows, document, (*parts.notes, *notes), quiet)
    rows: list[tuple[Cell, ...]] = [
        (input_tokens(one.tokens[encoding], model).value, one.path) for one in inputs.counted
    ]
    if len(rows) != 1:
        rows.append((total.value, "total"))
    alone = len(inputs.counted) == 1 and not inputs.skipped and inputs.counted[0].path == "<stdin>"
    return Sheet(
        "Tokens",
        ("Tokens", "Path"),
        tuple(rows),
        document,
        notes,
        quiet,
        as_counts="bare" if alone else "listed",
    )
