"""One line of an invoice, in a common form for all exports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ....pricing.price import Tier
from ..answer import Usage

__all__ = ["InvoiceLine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """A charge for one day and model, or for one kind of its tokens."""

    place: str
    """Its location: file and line."""

    day: date
    """The day, in UTC."""

    model: str
    """The provider's name of the model, or of another charged item."""

    amount: Decimal | None
    """US dollars; None if the export has only tokens, which are priced by the price table."""

    usage: Usage | None = None
    """Tokens counted by the provider; None if the export has only amounts."""

    requests: int = 0
    """Number of requests; 0 if not in the export."""

    tier: Tier = "standard"
    """Service tier, needed to price tokens."""
