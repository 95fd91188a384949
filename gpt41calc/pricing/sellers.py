"""Differences in dates, caps and prices where a cloud sells another company's model."""

from dataclasses import replace
from typing import Any, Literal

from ..errors import PricingError
from .fields import Day, Line, Name, Record, Tokens
from .schema import Model
from .toml import read_shipped

__all__ = ["Sellers", "Sold", "load_sellers"]


class Sold(Record):
    """Models sold by one cloud, and what differs there."""

    seller: Line
    """Name of the cloud in ``spelling.SELLERS``."""

    models: tuple[Name, ...]
    """Identifiers of the models."""

    shutdown: Day | None = None
    """First day on which they can no longer be called there. None if it is not another day than at the vendor."""

    max_output: Tokens | None = None
    """Longest answer there, in tokens. None if it is as at the vendor."""

    refused: Line | None = None
    """Why the vendor's price does not apply there; None if it does."""

    source: Line
    """The page that states the difference."""


class Sellers(Record):
    """The table of all known differences."""

    schema_version: Literal[1]
    """Version of the table's format."""

    checked: Day
    """Day on which it was last compared with its sources."""

    sold: tuple[Sold, ...]
    """The differences, by seller and models."""

    def find(self, seller: str | None, model: str) -> Sold | None:
        """Return the differences of a model where a cloud sells it. None if none is known.

        >>> load_sellers().find("Azure", "gpt-4.1").shutdown
        datetime.date(2027, 4, 14)
        """
        return next((each for each in self.sold if each.seller == seller and model in each.models), None)

    def as_sold(self, model: Model, seller: str | None) -> Model:
        """Return a model with the dates and caps that apply where a cloud sells it."""
        found = self.find(seller, model.id)
        if found is None:
            return model
        changes: dict[str, Any] = {}
        if found.shutdown is not None:
            # The vendor's announcement day does not apply to the cloud's shutdown date.
            changes = {"shutdown": found.shutdown, "deprecated": None}
        if found.max_output is not None:
            changes["max_output"] = found.max_output
        return replace(model, **changes)


def load_sellers() -> Sellers:
    """Return the shipped table of sellers."""
    return read_shipped(Sellers, "sellers", PricingError)
