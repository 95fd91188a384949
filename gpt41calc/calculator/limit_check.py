"""One limit of a budget or of an API, compared with a counted value."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ..pricing.schema import Model
from .interval import Exactness

__all__ = ["LimitCheck", "Remedy", "RemedyKind", "Unit"]

Unit = Literal["tokens", "USD", "percent", "days", "characters", "requests", "bytes"]
"""The unit of a limit."""

RemedyKind = Literal[
    "split", "strings", "slower", "shorter", "batch", "batches", "one-by-one", "variant", "usage-tier", "replacement"
]
"""The kinds of remedies: several requests, several texts in one request, fewer requests per minute, a shorter answer,
the batch price, several batches, no batch, another variant of the model, a higher usage tier, or the model's
replacement.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """A change after which the exceeded limit, and all others, are kept."""

    kind: RemedyKind
    """Kind of the change."""

    model: Model
    """The model used after the change."""

    requests: int = 1
    """Number of requests that each request becomes."""

    amount: int | None = None
    """The amount that belongs to ``kind``: texts, requests per minute, output tokens, batches, or a usage tier. None if
    the kind has no amount.
    """

    cost: Decimal | None = None
    """Cost of all requests after the change, in US dollars. None if there is no price."""

    is_known: bool = True
    """Whether the model's rate limits are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitCheck:
    """One limit, compared with a counted or planned value."""

    limit: str
    """Name of the limit, for example ``token-budget`` or ``tokens-per-minute``."""

    allowed: int | Decimal | None
    """Largest allowed value; for days, the number that must be exceeded. None if it is not known, or there is no limit.
    """

    actual: int | Decimal | None
    """The compared value: the upper bound if it is estimated. None if it is not known."""

    unit: Unit
    """Unit of ``allowed`` and ``actual``."""

    passed: bool | None
    """Whether the limit is kept. None if that is not known: some of the input is missing, or the limit lies
    within the bounds of a sample.
    """

    exactness: Exactness = "exact"
    """Exactness of ``actual``."""

    low: int | Decimal | None = None
    """Lower bound of the compared value, if ``actual`` is the upper bound of a range. None if ``actual`` is no bound.
    """

    model: str | None = None
    """Identifier of the model, if the limit of a budget applies to each model separately. None if it does not."""

    path: str | None = None
    """Path of the file, if the limit applies to each file separately. None if it does not."""

    answers_alone: Decimal | None = None
    """Cost of the answers and fees in US dollars, which no shorter input lowers. None if the limit is not on a cost."""

    before: int | Decimal | None = None
    """Tokens, or US dollars per request, at the base. None if the limit is not on an increase."""

    is_used: bool = True
    """Whether the limit applies to this workload; if not, it cannot fail."""

    is_long: bool = False
    """Whether it is a limit on long-context requests."""

    remedies: tuple[Remedy, ...] = ()
    """Remedies if the limit is exceeded, the cheapest first."""

    @property
    def is_below_answers(self) -> bool:
        """Whether the answers alone cost more than the limit allows, so that no input is short enough."""
        return self.answers_alone is not None and self.allowed is not None and self.answers_alone > self.allowed

    @property
    def is_in_range(self) -> bool:
        """Whether the lower bound keeps the limit although the upper bound exceeds it."""
        if self.allowed is None or self.low is None or self.actual is None:
            return False
        return self.low <= self.allowed < self.actual

    @property
    def is_broken(self) -> bool:
        """Whether the limit is certainly exceeded."""
        return self.is_used and self.passed is False

    @property
    def is_unknown(self) -> bool:
        """Whether it is unknown if the limit is kept."""
        return self.is_used and self.passed is None
