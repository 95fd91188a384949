"""A request and how often it is made, and what comes of holding them against the limits of the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from ...calculator.context import input_tokens
from ...calculator.interval import Interval
from ...calculator.limit_check import LimitCheck
from ...calculator.workload import Workload
from ...pricing.limits_schema import ModelLimits
from ...pricing.rate_limits import RateLimits
from ...pricing.schema import Model
from ...tally import Tally
from .packing import Plan

__all__ = [
    "LimitName",
    "Load",
    "ModelChecks",
    "Preflight",
    "Traffic",
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

    longest_bounds: Mapping[str, tuple[int, int]] | None = None
    """Fewest and most input tokens that the longest request may be billed, by the model's identifier. None for texts,
    whose range is that of the model's ratio."""

    total_bounds: Mapping[str, tuple[int, int]] | None = None
    """The same of all requests."""

    characters: Interval[int]
    """Characters of the longest single text."""

    kinds: Mapping[str, Decimal] = field(default_factory=dict)
    """How much of the text is of each kind, where a model counts by that."""

    output_tokens: int = 0
    """The most output tokens that a request asks for by itself."""

    is_batch_file: bool = False
    """Whether it is a file of requests, to be sent as it is."""

    @property
    def is_uniform(self) -> bool:
        """Whether all requests are the same one."""
        return all(self.total[name] == self.longest[name] * self.requests for name in self.longest)

    def range(self, model: Model) -> Interval[int]:
        """Return the input tokens of the longest request for a model, with the range of billed tokens."""
        counted = input_tokens(self.longest[model.id], model)
        return _widest(counted, self.longest_bounds, model)

    def tokens(self, model: Model) -> int:
        """Return the most input tokens that a request can have for a model."""
        return self.range(model).high

    def all_tokens(self, model: Model) -> int:
        """Return the most input tokens that all requests can have for a model."""
        return self.total_range(model).high

    def total_range(self, model: Model) -> Interval[int]:
        """Return the input tokens of all requests for a model, with the range of billed tokens."""
        return _widest(input_tokens(self.total[model.id], model), self.total_bounds, model)


def _widest(counted: Interval[int], bounds: Mapping[str, tuple[int, int]] | None, model: Model) -> Interval[int]:
    if bounds is None:
        return counted
    low, high = bounds[model.id]
    return Interval(min(low, counted.value), counted.value, max(high, counted.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
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
class ModelChecks:
    """The checks of one model, one for every limit."""

    model: Model
    """The model."""

    limits: ModelLimits | None
    """What it accepts by tier. None if it is not known."""

    tokens: int
    """Input tokens of the longest request."""

    limit_checks: tuple[LimitCheck, ...]
    """One for each limit."""

    @property
    def is_broken(self) -> bool:
        """Whether the API would refuse."""
        return any(one.is_broken for one in self.limit_checks)

    @property
    def is_unknown(self) -> bool:
        """Whether it is not known if the API would refuse."""
        return any(one.is_unknown for one in self.limit_checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """The checks of all models of a run."""

    models: tuple[ModelChecks, ...]
    """One for each model that was asked about."""

    load: Load
    """What is to be sent."""

    traffic: Traffic
    """How many requests are sent, how fast, and at which tier."""

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
