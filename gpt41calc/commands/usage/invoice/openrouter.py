"""OpenRouter's activity: a row per day and model from its API, or a row per request from its console."""

from __future__ import annotations

from collections.abc import Iterator

from .cells import Row, amount_in, count_in, day_in, has
from .invoice_line import InvoiceLine

__all__ = ["OpenRouterInvoice"]


class OpenRouterInvoice:
    """Amounts in US dollars; charges on the user's own keys are left to their provider."""

    def knows(self, row: Row) -> bool:
        """Return whether a row is from one of these exports."""
        return has(row, "created_at", "cost_total") or has(row, "date", "model", "usage")

    def lines(self, row: Row, place: str) -> Iterator[InvoiceLine]:
        """Yield the charges in a row.

        Raises:
            UsageError: a cell is malformed.
        """
        day = day_in(row, place, "created_at", "date")
        model = str(row.get("model_permaslug") or row.get("model") or "all models")
        if "cost_total" in row:
            yield InvoiceLine(place=place, day=day, model=model, amount=amount_in(row, "cost_total", place), requests=1)
        else:
            requests = count_in(row, "requests", place)
            amount = amount_in(row, "usage", place)
            yield InvoiceLine(place=place, day=day, model=model, amount=amount, requests=requests)
