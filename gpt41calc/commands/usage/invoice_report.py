"""The table of ``usage --invoice``: charged and computed costs, by day and model."""

from __future__ import annotations

from collections.abc import Iterator

from ...render.cells import Figure, Money
from ...render.numbers import dollars, plural, signed
from ...render.sheet import Cell, Look, Sheet, short_notes
from .document import usage_document
from .invoice.compare import InvoiceComparison, InvoiceRow
from .usage_cost import UsageCost

__all__ = ["invoice_sheet"]

_HEADINGS = ("Day", "Model", "Invoice $", "Answers $", "Difference $", "Cause")
_COLUMNS = ("Day", "Model", "Invoiced", "Answers cost", "Difference", "Cause")


def invoice_sheet(usage_cost: UsageCost, invoice: InvoiceComparison, *, is_exact: bool = False) -> Sheet:
    """Return a row per day and model: rounded for people, or with every digit."""
    notes, explained = short_notes(_notes(invoice))
    return Sheet(
        title=_title(invoice),
        columns=_COLUMNS if is_exact else _HEADINGS,
        rows=tuple(_cells(row, is_exact=is_exact) for row in invoice.rows),
        document=usage_document(usage_cost),
        notes=notes,
        explained=explained,
        look=Look(fixed=("Model",)),
    )


def _title(invoice: InvoiceComparison) -> str:
    difference = invoice.invoiced - invoice.ours
    off = sum(not row.agrees for row in invoice.rows)
    verdict = "to the cent" if not off else f"{plural(off, 'row')} of {len(invoice.rows):,} differ"
    return (
        f"Invoice {dollars(invoice.invoiced)}, answers {dollars(invoice.ours)}: "
        f"{signed(dollars(difference), difference)}, {verdict}"
    )


def _cells(row: InvoiceRow, *, is_exact: bool) -> tuple[Cell, ...]:
    causes = "; ".join(
        f"{cause.reason}, {signed(dollars(cause.amount), cause.amount)}" if len(row.causes) > 1 else cause.reason
        for cause in row.causes
    )
    if is_exact:
        return (row.day, row.model, row.invoiced, row.ours, row.difference, causes or None)
    difference = "same" if row.agrees else signed(dollars(row.difference), row.difference)
    return (row.day, row.model, Money(row.invoiced), Money(row.ours), Figure(difference), causes or None)


def _notes(invoice: InvoiceComparison) -> Iterator[str]:
    yield "days in UTC; less than half a cent is no difference"
    for cause in invoice.causes:
        yield f"{signed(dollars(cause.amount), cause.amount)}: {cause.reason}"
