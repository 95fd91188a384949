"""Other price databases, in a common format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from ...pricing.price import Tier

__all__ = ["Charge", "Database", "Kind", "Listing", "Period", "Steps"]

Kind = Literal["input", "cached_input", "cache_write", "cache_write_1h", "output"]
"""The kind of token that is charged; the names of the fields of a price."""

Charge = tuple[Tier, Kind]
"""A tier, and a kind of token."""

Steps = Mapping[int, Decimal]
"""US dollars per million tokens, by prompt length above which they apply; 0 for all lengths."""


@dataclass(frozen=True, slots=True)
class Period:
    """The prices from a day on."""

    since: date | None
    """First day. None if they apply from the beginning."""

    charges: Mapping[Charge, Steps]
    """Every price that the database states."""

    def price(self, charge: Charge, input_tokens: int) -> Decimal | None:
        """Return the price for a prompt length. None if none is stated."""
        steps = self.charges.get(charge, {})
        return next((steps[above] for above in sorted(steps, reverse=True) if input_tokens > above), None)

    @property
    def lengths(self) -> set[int]:
        """The prompt lengths above which a price changes."""
        return {above for steps in self.charges.values() for above in steps}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The facts about one model in a database; None for a fact that is not stated."""

    periods: tuple[Period, ...]
    """The prices, oldest first."""

    window: int | None = None
    """Context window or longest prompt, in tokens: databases use both meanings. None if it is not stated."""

    max_output: int | None = None
    """Longest answer, in tokens. None if it is not stated."""

    shutdown: date | None = None
    """First day on which it can no longer be called. None if it is not stated."""

    replacement: str | None = None
    """Its replacement: our identifier if we have the model, else the database's name. None if it is not stated."""

    def period(self, day: date) -> Period | None:
        """Return the prices that apply on a day."""
        return next((one for one in reversed(self.periods) if one.since is None or one.since <= day), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A price database maintained by others."""

    name: str
    """Name of the database."""

    version: str
    """Version or file name of the data that were read."""

    has_history: bool
    """Whether it has past prices."""

    listings: Mapping[str, Listing] = field(default_factory=dict)
    """Its models, by our identifiers."""

    snapshots: Mapping[str, tuple[Listing, ...]] = field(default_factory=dict)
    """Further names of a model, by our identifiers."""

    unlisted: tuple[str, ...] = ()
    """Names of models of OpenAI, Anthropic and Google that we do not have, as written by the vendors."""

    def of(self, model: str) -> tuple[Listing, ...]:
        """Return everything about a model, under any of its names."""
        first = self.listings.get(model)
        return (*((first,) if first else ()), *self.snapshots.get(model, ()))
