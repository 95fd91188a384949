"""One line of an invoice, whatever file it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ....pricing.price import Tier
from ..answer import Usage

__all__ = ["InvoiceLine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """What was charged for one day and model, or for one kind of token of them."""

    place: str
    """File and line."""

    day: date
    """The day, in UTC."""

    model: str
    """The model, as the provider names it; or what else was charged."""

    amount: Decimal | None
    """US dollars; None if the export has tokens only, which the price table prices."""

    usage: Usage | None = None
    """The tokens that the provider counted; None if the export has amounts only."""

    requests: int = 0
    """How many requests; 0 if the export does not say."""

    tier: Tier = "standard"
    """The price list, where it is needed to price tokens."""
