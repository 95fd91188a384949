"""The requests, their rate, and the results of checking them against the limits of the API."""

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
"""The limits for which the API refuses a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The requests to be sent, counted."""

    inputs: Tally
    """The counted inputs."""

    longest: Mapping[str, int]
    """Input tokens of the longest request, in the encoding of a model, by identifier of the model."""

    total: Mapping[str, int]
    """Input tokens of all requests, by identifier of the model."""

    requests: int
    """Number of requests."""

    longest_bounds: Mapping[str, tuple[int, int]] | None = None
    """Fewest and most input tokens that may be billed for the longest request, by identifier of the model. None for
    texts, whose range is that of the model's ratio.
    """

    total_bounds: Mapping[str, tuple[int, int]] | None = None
    """Fewest and most input tokens that may be billed for all requests, by identifier of the model. None for texts,
    whose range is that of the model's ratio.
    """

    characters: Interval[int]
    """Characters of the longest single text."""

    kinds: Mapping[str, Decimal] = field(default_factory=dict)
    """How much of the text is of each kind, where a model counts by that."""

    output_tokens: int = 0
    """Most output tokens that a request itself allows."""

    is_batch_file: bool = False
    """Whether it is a file of requests, to be sent unchanged."""

    @property
    def is_uniform(self) -> bool:
        """Whether all requests are the same."""
        return all(self.total[name] == self.longest[name] * self.requests for name in self.longest)

    def range(self, model: Model) -> Interval[int]:
        """Return the input tokens of the longest request for a model, with the range of billed tokens."""
        counted = input_tokens(self.longest[model.id], model)
        return _widest(counted, self.longest_bounds, model)

    def tokens(self, model: Model) -> int:
        """Return the upper bound of the input tokens of a request for a model."""
        return self.range(model).high

    def all_tokens(self, model: Model) -> int:
        """Return the upper bound of the input tokens of all requests for a model."""
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
    """Tier, rate and dates of the requests."""

    workload: Workload
    """Output and cached tokens of each request, and the service tier."""

    usage_tier: int
    """Usage tier of the organisation, from 1 to 5."""

    per_minute: int = 1
    """Requests per minute."""

    as_of: date
    """The day whose prices and model statuses are used."""

    until: date
    """The last day on which the requests must still work."""

    fine_tune: bool = False
    """Whether the model is also to be fine-tuned."""

    @property
    def is_batch(self) -> bool:
        """Whether the requests are sent in a batch, to which limits per minute do not apply."""
        return self.workload.tier == "batch"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChecks:
    """The checks of one model, one per limit."""

    model: Model
    """The model."""

    limits: ModelLimits | None
    """Its limits by usage tier. None if they are not known."""

    tokens: int
    """Input tokens of the longest request."""

    limit_checks: tuple[LimitCheck, ...]
    """One check per limit."""

    @property
    def is_broken(self) -> bool:
        """Whether the API would refuse a request."""
        return any(one.is_broken for one in self.limit_checks)

    @property
    def is_unknown(self) -> bool:
        """Whether it is unknown if the API would refuse a request."""
        return any(one.is_unknown for one in self.limit_checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """The checks of all models of a run."""

    models: tuple[ModelChecks, ...]
    """One result per model, in the order given by the user."""

    load: Load
    """The requests to be sent, counted."""

    traffic: Traffic
    """Rate, usage tier and dates of the requests."""

    limits: RateLimits
    """The table of limits."""

    pricing_checked: date
    """Day on which the price table was last compared with its sources."""

    plan: Plan | None = None
    """The packing of files into requests of the first model. None if it was not requested."""

    left_out: tuple[Model, ...] = ()
    """Variants that the user did not name and that are shut down."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""

    overlay: str | None = None
    """Path of the user's price table that overlays the shipped one. None if there is none."""

    @property
    def is_failed(self) -> bool:
        """Whether the API would refuse a request to at least one model."""
        return any(one.is_broken for one in self.models)

    @property
    def is_complete(self) -> bool:
        """Whether everything was counted and every limit is known."""
        return self.load.inputs.complete and not any(one.is_unknown for one in self.models)
