"""Anthropic's exports: tokens and costs, as CSV from its console and as JSON from its Admin API."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ....pricing.price import Tier
from ..answer import Usage
from .cells import Row, amount_in, count_in, day_in, has
from .invoice_line import InvoiceLine

__all__ = ["AnthropicInvoice"]

_CENTS = Decimal(100)
_STARTS = ("usage_date_utc", "starting_at")
_TIERS: dict[str, Tier] = {"batch": "batch", "priority": "priority", "flex": "flex"}
_CSV = ("usage_date_utc", "usage_input_tokens_no_cache", "usage_output_tokens")


class AnthropicInvoice:
    """Rows by day and model and, for costs, also by kind of token."""

    def knows(self, row: Row) -> bool:
        """Return whether a row is from one of these exports."""
        return (
            has(row, *_CSV)
            or has(row, "usage_date_utc", "cost_usd")
            or has(row, "starting_at", "uncached_input_tokens")
            or has(row, "starting_at", "amount")
        )

    def lines(self, row: Row, place: str) -> Iterator[InvoiceLine]:
        """Yield the charges in a row. The Admin API states amounts in cents.

        Raises:
            UsageError: a cell is malformed.
        """
        day = day_in(row, place, *_STARTS)
        model = str(row.get("model_version") or row.get("model") or row.get("description") or "all models")
        if "cost_usd" in row:
            yield InvoiceLine(place=place, day=day, model=model, amount=amount_in(row, "cost_usd", place))
        elif "amount" in row:
            yield InvoiceLine(place=place, day=day, model=model, amount=amount_in(row, "amount", place) / _CENTS)
        else:
            tier = _TIERS.get(str(row.get("usage_type") or row.get("service_tier")), "standard")
            yield InvoiceLine(place=place, day=day, model=model, amount=None, usage=_usage(row, place), tier=tier)


def _usage(row: Row, place: str) -> Usage:
    prefix = "usage_" if "usage_output_tokens" in row else ""
    written = row.get("cache_creation")
    lifetimes: Row = written if isinstance(written, dict) else {}
    searches = row.get("server_tool_use")
    tools = searches if isinstance(searches, dict) else {"web_search_requests": row.get("web_search_count")}
    if prefix:
        fresh, read = "usage_input_tokens_no_cache", "usage_input_tokens_cache_read"
        short, long = "usage_input_tokens_cache_write_5m", "usage_input_tokens_cache_write_1h"
        lifetimes = row
    else:
        fresh, read = "uncached_input_tokens", "cache_read_input_tokens"
        short, long = "ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"
    return Usage(
        fresh_tokens=count_in(row, fresh, place),
        cached_tokens=count_in(row, read, place),
        written_tokens=count_in(lifetimes, short, place),
        written_1h_tokens=count_in(lifetimes, long, place),
        output_tokens=count_in(row, f"{prefix}output_tokens", place),
        web_searches=count_in(tools, "web_search_requests", place),
    )
