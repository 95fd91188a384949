"""What is different where a cloud sells a model that another company has made: dates, caps, prices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from ..errors import PricingError
from .fields import Day, Line, Name, Record, Tokens
from .schema import Model
from .toml import read_shipped

__all__ = ["Sellers", "Sold", "load_sellers"]


@dataclass(frozen=True, kw_only=True)
class Sold(Record):
    """Models as one cloud sells them."""

    seller: Line
    """The cloud, by its name in ``spelling.SELLERS``."""

    models: tuple[Name, ...]
    """Identifiers of the models."""

    shutdown: Day | None = None
    """First day on which they can no longer be called there."""

    max_output: Tokens | None = None
    """Longest answer there, in tokens."""

    refused: Line | None = None
    """Why the vendor's price does not hold there; None if it does."""

    source: Line
    """Who states it."""


@dataclass(frozen=True, kw_only=True)
class Sellers(Record):
    """All that is known to be different."""

    schema_version: Literal[1]
    """The form of the table."""

    checked: Day
    """Day on which it was last read against its sources."""

    sold: tuple[Sold, ...]
    """What is different, by seller and models."""

    def find(self, seller: str | None, model: str) -> Sold | None:
        """Return what is different of a model where a cloud sells it. None if nothing is known to be.

        >>> load_sellers().find("Azure", "gpt-4.1").shutdown
        datetime.date(2027, 4, 14)
        """
        return next((each for each in self.sold if each.seller == seller and model in each.models), None)

    def as_sold(self, model: Model, seller: str | None) -> Model:
        """Return a model with the dates and caps that it has where a cloud sells it."""
        found = self.find(seller, model.id)
        if found is None:
            return model
        changes: dict[str, Any] = {}
        if found.shutdown is not None:
            # A day of announcement that is the vendor's says nothing about the cloud's.
            changes = {"shutdown": found.shutdown, "deprecated": None}
        if found.max_output is not None:
            changes["max_output"] = found.max_output
        return replace(model, **changes)


def load_sellers() -> Sellers:
    """Read the table of the package."""
    return read_shipped(Sellers, "sellers", PricingError)
