"""OpenAI's exports: costs and usage, as CSV from its console and as JSON from its API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ....errors import UsageError
from ....pricing.price import Tier
from ..answer import Usage
from .cells import Row, amount_in, count_in, day_in, has
from .invoice_line import InvoiceLine

__all__ = ["OpenAIInvoice"]

_STARTS = ("start_time_iso", "start_time", "date", "timestamp")
_TIERS: dict[str, Tier] = {"flex": "flex", "priority": "priority", "batch": "batch"}


class OpenAIInvoice:
    """Daily buckets with results from the API, or rows of either CSV."""

    def knows(self, row: Row) -> bool:
        """Return whether a row is from one of these exports."""
        return (
            has(row, "amount_value", "line_item")
            or has(row, "input_tokens", "output_tokens", "num_model_requests")
            or str(row.get("object")) in {"organization.costs.result", "organization.usage.completions.result"}
        )

    def lines(self, row: Row, place: str) -> Iterator[InvoiceLine]:
        """Yield the charges in a row.

        Raises:
            UsageError: the currency is not US dollars, or a cell is malformed.
        """
        day = day_in(row, place, *_STARTS)
        if "num_model_requests" in row:
            yield _tokens(row, place, day=day)
            return
        money = row.get("amount")
        is_nested = isinstance(money, dict)
        amount, name = (money, "value") if isinstance(money, dict) else (row, "amount_value")
        currency = str(amount.get("currency" if is_nested else "amount_currency") or "usd").lower()
        if currency != "usd":
            message = f"{place}: charged in {currency.upper():.10}: only US dollars are compared"
            raise UsageError(message)
        item = str(row.get("line_item") or "all models")
        model = item.partition(",")[0].strip()
        yield InvoiceLine(place=place, day=day, model=model, amount=amount_in(amount, name, place))


def _tokens(row: Row, place: str, *, day: date) -> InvoiceLine:
    cached = count_in(row, "input_cached_tokens", place)
    read = count_in(row, "input_tokens", place)
    if cached > read:
        message = f"{place}: {cached:,} cached tokens are more than the {read:,} they are part of"
        raise UsageError(message)
    usage = Usage(fresh_tokens=read - cached, cached_tokens=cached, output_tokens=count_in(row, "output_tokens", place))
    is_batch = str(row.get("batch")).lower() == "true"
    return InvoiceLine(
        place=place,
        day=day,
        model=str(row.get("model") or "all models"),
        amount=None,
        usage=usage,
        requests=count_in(row, "num_model_requests", place),
        tier="batch" if is_batch else _TIERS.get(str(row.get("service_tier")), "standard"),
    )
