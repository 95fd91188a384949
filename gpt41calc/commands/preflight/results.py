"""A request and how often it is made, and what comes of holding them against the limits of the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from ...calculator.budget import Unit
from ...calculator.context import input_tokens
from ...calculator.interval import Exactness, Span
from ...calculator.workload import Workload
from ...pricing.rate_limits import ModelLimits, RateLimits
from ...pricing.schema import Model
from ...tally import Tally
from .packing import Plan

__all__ = [
    "Asked",
    "LimitName",
    "Load",
    "ModelRulings",
    "Preflight",
    "Ruling",
    "WayOut",
    "WayOutKind",
]

LimitName = Literal[
    "window",
    "output-cap",
    "string-length",
    "tokens-per-minute",
    "requests-per-minute",
    "batch-file",
    "batch-queue",
    "shutdown",
    "fine-tuning",
]
"""What the API refuses a request for."""

WayOutKind = Literal[
    "split", "strings", "slower", "shorter", "batch", "batches", "one-by-one", "variant", "usage-tier", "replacement"
]
"""A way out: several requests, several texts in one, fewer requests a minute, a shorter answer, the batch price,
several batches, no batch, another variant of the model, a higher tier, or what the model is replaced by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is to be sent."""

    inputs: Tally
    """What was counted."""

    longest: Mapping[str, int]
    """Input tokens of the longest request in the encoding of a model, by the model's identifier."""

    total: Mapping[str, int]
    """Input tokens of all requests, likewise."""

    requests: int
    """How many requests that are."""

    characters: Span[int]
    """Characters of the longest single text."""

    output_tokens: int = 0
    """The most output tokens that a request asks for by itself."""

    is_batch_file: bool = False
    """Whether it is a file of requests, to be sent as it is."""

    @property
    def is_uniform(self) -> bool:
        """Whether all requests are the same one."""
        return all(self.total[name] == self.longest[name] * self.requests for name in self.longest)

    def tokens(self, model: Model) -> int:
        """Return the most input tokens that a request can have for a model."""
        return input_tokens(self.longest[model.id], model).high

    def all_tokens(self, model: Model) -> int:
        """Return the most input tokens that all requests can have for a model."""
        return input_tokens(self.total[model.id], model).high


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How it is to be sent."""

    workload: Workload
    """Output and cached tokens of each request, and the price list."""

    usage_tier: int
    """How much the organisation has paid so far, from 1 to 5."""

    per_minute: int = 1
    """Requests in a minute."""

    as_of: date
    """The day of prices and statuses."""

    until: date
    """The last day on which it must still work."""

    fine_tune: bool = False
    """Whether the model is to be fine-tuned, too."""

    @property
    def is_batch(self) -> bool:
        """Whether the requests are sent in a batch, which the limits of a minute do not bound."""
        return self.workload.tier == "batch"


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """A way out of a limit, which was held against all other limits."""

    kind: WayOutKind
    """What is done."""

    model: Model
    """The model that is used then."""

    requests: int = 1
    """Requests that each one becomes."""

    amount: int | None = None
    """What ``kind`` needs: texts, requests a minute, output tokens, batches, or a usage tier."""

    cost: Decimal | None = None
    """US dollars of all requests then; none: there is no price."""

    is_known: bool = True
    """Whether the model's rate limits are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """One limit of one model, held against what is to be sent."""

    limit: LimitName
    """Which."""

    allowed: int | None
    """The most; none: it is not known, or there is none."""

    actual: int | None
    """What it is, by the high bound where it is estimated; none: it cannot be said."""

    unit: Unit
    """What both are written in."""

    passed: bool | None
    """Whether it is kept; none: not known."""

    is_used: bool = True
    """Whether it bounds what is asked; if not, it fails nothing."""

    is_long: bool = False
    """Whether it is a limit of long-context requests."""

    exactness: Exactness = "exact"
    """How good ``actual`` is."""

    ways: tuple[WayOut, ...] = ()
    """Ways out if it is not kept, the cheapest first."""

    @property
    def is_broken(self) -> bool:
        """Whether the API would refuse for it."""
        return self.is_used and self.passed is False

    @property
    def is_unknown(self) -> bool:
        """Whether the API might refuse for it."""
        return self.is_used and self.passed is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRulings:
    """One model, held against every limit."""

    model: Model
    """Which."""

    limits: ModelLimits | None
    """What it accepts by tier; none: it is not known."""

    tokens: int
    """Input tokens of the longest request."""

    rulings: tuple[Ruling, ...]
    """One for each limit."""

    @property
    def is_broken(self) -> bool:
        """Whether the API would refuse."""
        return any(one.is_broken for one in self.rulings)

    @property
    def is_unknown(self) -> bool:
        """Whether it is not known if the API would refuse."""
        return any(one.is_unknown for one in self.rulings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """All models of a run, held against every limit."""

    models: tuple[ModelRulings, ...]
    """One for each model that was asked about."""

    load: Load
    """What is to be sent."""

    asked: Asked
    """How."""

    limits: RateLimits
    """The limits."""

    pricing_checked: date
    """Day on which the price table was last read against its sources."""

    plan: Plan | None = None
    """Which files go into which request of the first model, if that was asked."""

    left_out: tuple[Model, ...] = ()
    """Variants that nobody named and that are shut down."""

    config: str | None = None
    """Path of the project file that was used."""

    overlay: str | None = None
    """Path of the user's price table, if one was laid over the shipped one."""

    @property
    def is_failed(self) -> bool:
        """Whether the API would refuse with some model."""
        return any(one.is_broken for one in self.models)

    @property
    def is_complete(self) -> bool:
        """Whether everything was counted, and every limit is known."""
        return self.load.inputs.complete and not any(one.is_unknown for one in self.models)
