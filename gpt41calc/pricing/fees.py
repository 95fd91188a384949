"""What is charged beside tokens: calls of tools that run at the provider, and regions that cost more."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

from ..errors import PricingError
from .fields import Day, Line, Name, PerMillion, Record
from .toml import read_shipped

if TYPE_CHECKING:
    from .schema import Model

__all__ = ["CallFee", "Fees", "RegionFactor", "Uplift", "load_fees"]

_THOUSAND = 1000


@dataclass(frozen=True, kw_only=True)
class CallFee(Record):
    """What one call of a tool costs with some models."""

    tool: Name
    """The tool, as usage objects and answers name it."""

    models: tuple[Name, ...]
    """Identifiers of the models, with ``*`` for any characters."""

    except_models: tuple[Name, ...] = ()
    """Models that are charged in another way."""

    per_thousand: PerMillion
    """US dollars for a thousand calls."""

    source: Line
    """Who states it."""

    note: Line | None = None
    """What else is to be known."""


@dataclass(frozen=True, kw_only=True)
class RegionFactor(Record):
    """By how much all prices are multiplied where a request must stay in a region."""

    name: Name
    """The region, as ``inference_geo`` has it."""

    models: tuple[Name, ...]
    """Identifiers of the models, with ``*`` for any characters."""

    factor: PerMillion
    """What every price is multiplied by."""

    source: Line
    """Who states it."""

    note: Line | None = None
    """What else is to be known."""


@dataclass(frozen=True, kw_only=True)
class Uplift(Record):
    """By how much all prices of a vendor's later models rise where a requirement holds."""

    name: Name
    """The requirement, as it is asked for."""

    provider: Literal["openai", "anthropic", "google"]
    """Whose models."""

    models: tuple[Name, ...]
    """Identifiers of the models, with ``*`` for any characters."""

    released_from: Day
    """Only models that were released on this day or later."""

    percent: PerMillion
    """How much, in percent."""

    source: Line
    """Who states it."""

    note: Line | None = None
    """What else is to be known."""


@dataclass(frozen=True, kw_only=True)
class Fees(Record):
    """All fees that are known."""

    schema_version: Literal[1]
    """The form of the table."""

    checked: Day
    """Day on which it was last read against its sources."""

    call: tuple[CallFee, ...]
    """Calls of tools."""

    region: tuple[RegionFactor, ...]
    """Regions."""

    uplift: tuple[Uplift, ...] = ()
    """Uplifts that are asked for by name."""

    @property
    def uplift_names(self) -> tuple[str, ...]:
        """The names of the uplifts."""
        return tuple(dict.fromkeys(each.name for each in self.uplift))

    def uplift_percent(self, name: str, model: Model) -> Decimal:
        """Return by how many percent an uplift raises the prices of a model; 0 if it does not."""
        found = (
            each.percent
            for each in self.uplift
            if each.name == name
            and each.provider == model.provider
            and model.released >= each.released_from
            and _matches(model.id.removeprefix("ft:"), each.models)
        )
        return next(found, Decimal())

    def per_call(self, tool: str, model: str) -> Decimal | None:
        """Return US dollars for one call of a tool with a model; None if it is not known.

        >>> load_fees().per_call("web_search_requests", "claude-sonnet-4-6")
        Decimal('0.01')
        """
        for fee in self.call:
            if fee.tool == tool and _matches(model, fee.models) and not _matches(model, fee.except_models):
                return fee.per_thousand / _THOUSAND
        return None

    def factor(self, region: str, model: str) -> Decimal | None:
        """Return what prices are multiplied by in a region; None if it is not known.

        >>> load_fees().factor("us", "claude-sonnet-4-6"), load_fees().factor("us", "claude-sonnet-4")
        (Decimal('1.1'), None)
        """
        return next((each.factor for each in self.region if each.name == region and _matches(model, each.models)), None)


def _matches(model: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(model, pattern) for pattern in patterns)


def load_fees() -> Fees:
    """Read the table of the package."""
    return read_shipped(Fees, "fees", PricingError)
