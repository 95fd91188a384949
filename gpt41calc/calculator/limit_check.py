"""One limit, compared with what was counted: of a budget, or of the API."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ..pricing.schema import Model
from .interval import Exactness

__all__ = ["LimitCheck", "Remedy", "RemedyKind", "Unit"]

Unit = Literal["tokens", "USD", "percent", "days", "characters", "requests", "bytes"]
"""What a limit is written in."""

RemedyKind = Literal[
    "split", "strings", "slower", "shorter", "batch", "batches", "one-by-one", "variant", "usage-tier", "replacement"
]
"""What can be done about a limit that is not kept: several requests, several texts in one, fewer requests a minute,
a shorter answer, the batch price, several batches, no batch, another variant of the model, a higher usage tier, or the
model's replacement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What can be done about a limit that is not kept; all other limits are kept then."""

    kind: RemedyKind
    """What is done."""

    model: Model
    """The model that is used then."""

    requests: int = 1
    """Requests that each one becomes."""

    amount: int | None = None
    """What ``kind`` needs: texts, requests a minute, output tokens, batches, or a usage tier."""

    cost: Decimal | None = None
    """US dollars of all requests then. None if there is no price."""

    is_known: bool = True
    """Whether the model's rate limits are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitCheck:
    """One limit, compared with what was counted or is to be sent."""

    limit: str
    """Its name, such as ``token-budget`` or ``tokens-per-minute``."""

    allowed: int | Decimal | None
    """The most; of days, the number that must be exceeded. None if it is not known, or there is no limit."""

    actual: int | Decimal | None
    """The value compared, the high bound where it is estimated; None if it is not known."""

    unit: Unit
    """The unit of both."""

    passed: bool | None
    """Whether the limit is kept; None if that is not known, as some of the input is missing."""

    exactness: Exactness = "exact"
    """How good ``actual`` is."""

    low: int | Decimal | None = None
    """The low bound of what is compared, where that is a range of which ``actual`` is the high bound."""

    model: str | None = None
    """Identifier of the model, where a budget's limit holds for each of them."""

    path: str | None = None
    """The file, where the limit holds for each of them."""

    before: int | Decimal | None = None
    """Tokens, or dollars a request, at the base, where it is an increase."""

    is_used: bool = True
    """Whether the limit bounds what is asked; if not, it fails nothing."""

    is_long: bool = False
    """Whether it is a limit of long-context requests."""

    remedies: tuple[Remedy, ...] = ()
    """What can be done if it is not kept, the cheapest first."""

    @property
    def is_in_range(self) -> bool:
        """Whether the low bound keeps the limit and the high bound, by which it is checked, does not."""
        if self.allowed is None or self.low is None or self.actual is None:
            return False
        return self.low <= self.allowed < self.actual

    @property
    def is_broken(self) -> bool:
        """Whether the limit is exceeded for certain."""
        return self.is_used and self.passed is False

    @property
    def is_unknown(self) -> bool:
        """Whether the limit might be exceeded."""
        return self.is_used and self.passed is None
