"""Charges other than tokens: calls of tools that run at the provider, and regions with higher prices."""

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


class CallFee(Record):
    """The price of one call of a tool, for some models."""

    tool: Name
    """Name of the tool, as in the usage object of an answer."""

    models: tuple[Name, ...]
    """Identifiers of the models, with ``*`` for any characters."""

    except_models: tuple[Name, ...] = ()
    """Models excluded from ``models``, which are charged differently."""

    per_thousand: PerMillion
    """US dollars for a thousand calls."""

    source: Line
    """The page that states the price."""

    note: Line | None = None
    """Remark. None if there is nothing to say."""


class RegionFactor(Record):
    """A factor on all prices for requests that must be processed in a region."""

    name: Name
    """The region, as in the field ``inference_geo``."""

    models: tuple[Name, ...]
    """Identifiers of the models, with ``*`` for any characters."""

    factor: PerMillion
    """The factor on every price."""

    source: Line
    """The page that states the factor."""

    note: Line | None = None
    """Remark. None if there is nothing to say."""


class Uplift(Record):
    """A percentage added to all prices of a vendor's newer models if a requirement, such as data residency, applies."""

    name: Name
    """Name of the requirement, as given to ``--uplift``."""

    provider: Literal["openai", "anthropic", "google"]
    """Vendor of the models."""

    models: tuple[Name, ...]
    """Identifiers of the models, with ``*`` for any characters."""

    released_from: Day
    """Only models that were released on this day or later."""

    percent: PerMillion
    """The increase, in percent."""

    source: Line
    """The page that states the increase."""

    note: Line | None = None
    """Remark. None if there is nothing to say."""


class Fees(Record):
    """The table of all known fees."""

    schema_version: Literal[1]
    """Version of the table's format."""

    checked: Day
    """Day on which the table was last compared with its sources."""

    call: tuple[CallFee, ...]
    """Prices of tool calls."""

    region: tuple[RegionFactor, ...]
    """Price factors of regions."""

    uplift: tuple[Uplift, ...] = ()
    """Uplifts, which the user requests by name."""

    @property
    def uplift_names(self) -> tuple[str, ...]:
        """The names of all uplifts."""
        return tuple(dict.fromkeys(each.name for each in self.uplift))

    def uplift_percent(self, name: str, model: "Model") -> Decimal:
        """Return the percentage that an uplift adds to the prices of a model; 0 if it does not apply to the model."""
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
        """Return the price of one call of a tool with a model, in US dollars; None if it is not known.

        >>> load_fees().per_call("web_search_requests", "claude-sonnet-4-6")
        Decimal('0.01')
        """
        for fee in self.call:
            if fee.tool == tool and _matches(model, fee.models) and not _matches(model, fee.except_models):
                return fee.per_thousand / _THOUSAND
        return None

    def factor(self, region: str, model: str) -> Decimal | None:
        """Return the price factor of a region for a model; None if it is not known.

        >>> load_fees().factor("us", "claude-sonnet-4-6"), load_fees().factor("us", "claude-sonnet-4")
        (Decimal('1.1'), None)
        """
        return next((each.factor for each in self.region if each.name == region and _matches(model, each.models)), None)


def _matches(model: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(model, pattern) for pattern in patterns)


def load_fees() -> Fees:
    """Return the shipped table of fees."""
    return read_shipped(Fees, "fees", PricingError)
