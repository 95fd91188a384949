"""Other price databases: what they say of a model, in one form for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from ...pricing.price import Tier

__all__ = ["Charge", "Database", "Kind", "Listing", "Period", "Steps"]

Kind = Literal["input", "cached_input", "cache_write", "cache_write_1h", "output"]
"""What is charged; the names of the fields of a price."""

Charge = tuple[Tier, Kind]
"""What is charged in which tier."""

Steps = Mapping[int, Decimal]
"""US dollars per million tokens, by the length of prompt above which they hold; 0: from the first token on."""


@dataclass(frozen=True, slots=True)
class Period:
    """What is charged from a day on."""

    since: date | None
    """The first day. None if it holds from the beginning."""

    charges: Mapping[Charge, Steps]
    """Every price that the database states."""

    def price(self, charge: Charge, input_tokens: int) -> Decimal | None:
        """Return the price for a length of prompt. None if nothing is stated."""
        steps = self.charges.get(charge, {})
        return next((steps[above] for above in sorted(steps, reverse=True) if input_tokens > above), None)

    @property
    def lengths(self) -> set[int]:
        """The lengths above which some price changes."""
        return {above for steps in self.charges.values() for above in steps}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a database says of one model; what is none, it does not say."""

    periods: tuple[Period, ...]
    """The prices, oldest first."""

    window: int | None = None
    """Context window, or longest prompt: databases mean either."""

    max_output: int | None = None
    """Longest answer, in tokens."""

    shutdown: date | None = None
    """First day on which it can no longer be called."""

    replacement: str | None = None
    """What to move to: by our identifier if we have the model, else as the database writes it."""

    def period(self, day: date) -> Period | None:
        """Return what holds on a day."""
        return next((one for one in reversed(self.periods) if one.since is None or one.since <= day), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A price database that somebody else maintains."""

    name: str
    """How it is called."""

    version: str
    """Which one was read: a version, or a file."""

    has_history: bool
    """Whether it says what was charged in the past."""

    listings: Mapping[str, Listing] = field(default_factory=dict)
    """What it says, by our identifiers."""

    snapshots: Mapping[str, tuple[Listing, ...]] = field(default_factory=dict)
    """What it says of further names of a model, by our identifiers."""

    unlisted: tuple[str, ...] = ()
    """Names of models of OpenAI, Anthropic and Google that we do not have, as the vendors write them."""

    def of(self, model: str) -> tuple[Listing, ...]:
        """Return everything that it says of a model, by whichever of its names."""
        first = self.listings.get(model)
        return (*((first,) if first else ()), *self.snapshots.get(model, ()))
