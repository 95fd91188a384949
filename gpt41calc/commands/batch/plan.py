"""The result for a file of requests: size, costs, whether a batch API accepts it, and cheaper ways to run it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ...calculator.interval import Exactness, Interval
from ...calculator.summary import Distribution
from ...pricing.limits_schema import USAGE_TIERS, BatchLimits, ModelLimits
from ...pricing.schema import Model, Status
from ...tally import Skipped
from .run_modes import ModeCost, Runs

__all__ = ["BatchPlan", "ModelPlan", "Offer", "QueueDays", "offer_of", "queue_days"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The cost of all requests of one model, run with that model or another one."""

    model: Model
    """The model that would run the requests."""

    status: Status
    """Status of the model on the day."""

    exactness: Exactness
    """Exactness of its counts."""

    input: Interval[int]
    """Input tokens of all requests."""

    cached: Interval[int]
    """Input tokens that the prompt cache may serve."""

    output: int
    """Output tokens of all requests."""

    modes: tuple[ModeCost, ...]
    """Cost of each processing mode."""

    @property
    def cheapest(self) -> ModeCost | None:
        """The cheapest processing mode. None if the model has no price."""
        priced = [mode for mode in self.modes if mode.total is not None]
        return min(priced, key=lambda mode: mode.total.value if mode.total else Decimal(), default=None)

    @property
    def hit_rate(self) -> Decimal:
        """Share of the input that the cache may serve, from 0 to 1."""
        return Decimal(self.cached.value) / self.input.value if self.input.value else Decimal()


def offer_of(runs: Runs) -> Offer:
    """Return the offer of a model for the requests that were added up."""
    return Offer(
        model=runs.model,
        status=runs.model.status(runs.on),
        exactness="modelled" if runs.model.ratio is None else runs.model.text_exactness,
        input=runs.total("input"),
        cached=runs.total("cached"),
        output=runs.total("output").value,
        modes=runs.modes(),
    )


@dataclass(frozen=True, slots=True)
class QueueDays:
    """Days that requests need to pass through a batch queue."""

    usage_tier: int
    """Usage tier of the organisation."""

    days: int | None
    """Days, with one full queue processed per day. None if the limit is not known, or a request exceeds it."""


def queue_days(limits: ModelLimits | None, tokens: Iterable[int]) -> tuple[QueueDays, ...]:
    """Return the days until all requests have passed through the batch queue, for each usage tier.

    A batch is processed within a day, and its waiting tokens are limited by the queue; long-context requests have a
    queue of their own.

    Args:
        limits: limits of the model. None if they are not known.
        tokens: input tokens of every request.
    """
    if limits is None:
        return ()
    short, long, longest_short, longest_long = 0, 0, 0, 0
    for count in tokens:
        if limits.is_long(count):
            long, longest_long = long + count, max(longest_long, count)
        else:
            short, longest_short = short + count, max(longest_short, count)
    found = []
    for tier in USAGE_TIERS:
        rows = (limits.at(tier, longest_short), limits.at(tier, longest_long) if long else None)
        days = [
            _days(row.batch_queue if row else None, total, longest)
            for row, total, longest in zip(rows, (short, long), (longest_short, longest_long), strict=True)
            if total
        ]
        known = [one for one in days if one is not None]
        found.append(QueueDays(tier, max(known, default=1) if len(known) == len(days) else None))
    return tuple(found)


def _days(queue: int | None, total: int, longest: int) -> int | None:
    return None if queue is None or longest > queue else math.ceil(Decimal(total) / queue)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPlan:
    """All requests of one model."""

    offers: tuple[Offer, ...]
    """Offers of the model itself, then of other variants, then of comparators."""

    variants: int
    """Number of offers that are not comparators."""

    requests: int
    """Number of requests."""

    tokens: Distribution
    """Distribution of their input tokens."""

    reordered: ModeCost
    """Cost with the prompt cache if the stable parts of every prompt came first."""

    reordered_tokens: int
    """Tokens that the cache may serve in that case."""

    break_even: Decimal | None
    """Share of the input that a cache must serve to be as cheap as a batch. None if it never is."""

    days: tuple[QueueDays, ...]
    """Days in the batch queue by usage tier; empty if the limits are not known."""

    assumed_pictures: int
    """Number of pictures counted with an assumed size."""

    capped: int
    """Number of requests whose output tokens are the limit in their body."""

    @property
    def own(self) -> Offer:
        """The offer of the model that the requests name."""
        return self.offers[0]

    @property
    def cheapest(self) -> tuple[Offer, ModeCost] | None:
        """The cheapest offer and mode among available variants. None if nothing has a price."""
        callable_ = [one for one in self.offers[: self.variants] if one.status in {"live", "deprecated"}]
        found = [(offer, mode) for offer in callable_ if (mode := offer.cheapest)]
        return min(found, key=lambda one: one[1].total.value if one[1].total else Decimal(), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan:
    """The result for files of requests."""

    paths: tuple[str, ...]
    """Paths of the files, as the user wrote them."""

    bytes: int
    """Size of the files in bytes."""

    as_of: date
    """The day whose prices apply."""

    pricing_checked: date
    """Day on which the price table was last compared with its sources."""

    overlay: str | None
    """Path of the user's price table that overlays the shipped one. None if there is none."""

    config: str | None
    """Path of the project file that set options. None if there is none."""

    limits: BatchLimits
    """Limits of one batch file."""

    output_rule: str
    """The source of output token numbers, as a phrase."""

    forecast_sentence: str
    """Expected length of answers where a body sets no lower limit, as a phrase."""

    is_alternatives: bool = False
    """Whether all requests are priced with each model in turn, instead of each request with its own model."""

    names_taken: Mapping[str, Model]
    """Models found by a name that is not in the table, by that name."""

    models: tuple[ModelPlan, ...]
    """Requests by model, the model with the most requests first."""

    skipped: tuple[Skipped, ...]
    """Lines that could not be read, each with its reason."""

    refused: tuple[Skipped, ...]
    """The first requests that are priced although the API would refuse them, with reasons."""

    refusals: int
    """Number of all such requests."""

    files: int
    """Number of batch files needed."""

    kinds: int = 1
    """Number of kinds of requests that cannot share a file, because their models or endpoints differ."""

    written: Sequence[str] = ()
    """Paths of the written files."""

    left_out: int = 0
    """Number of requests that were not written, because no file could hold them."""

    @property
    def requests(self) -> int:
        """Number of requests, each counted once per model."""
        return sum(model.requests for model in self.models)

    @property
    def offered(self) -> list[Model]:
        """All models that the requests are priced with, each once."""
        return list({offer.model.id: offer.model for model in self.models for offer in model.offers}.values())

    @property
    def name(self) -> str:
        """Name of all files together, for reports."""
        return self.paths[0] if len(self.paths) == 1 else f"{len(self.paths):,} files"

    @property
    def complete(self) -> bool:
        """Whether every line could be read."""
        return not self.skipped
