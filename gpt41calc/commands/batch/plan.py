"""A file of requests: what it takes, what it costs, whether a batch takes it, and how to run it for less."""

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
    """All requests of one model, run with it or with another."""

    model: Model
    """Who answers."""

    status: Status
    """Where it stands on the day."""

    exactness: Exactness
    """How good its count is."""

    input: Interval[int]
    """Input tokens of all requests."""

    cached: Interval[int]
    """Those of them that the prompt cache may serve."""

    output: int
    """Output tokens of all requests."""

    modes: tuple[ModeCost, ...]
    """What every way to run them costs."""

    @property
    def cheapest(self) -> ModeCost | None:
        """The way that costs least. None if it has no price at all."""
        priced = [mode for mode in self.modes if mode.total is not None]
        return min(priced, key=lambda mode: mode.total.value if mode.total else Decimal(), default=None)

    @property
    def hit_rate(self) -> Decimal:
        """Share of the input that the cache may serve, from 0 to 1."""
        return Decimal(self.cached.value) / self.input.value if self.input.value else Decimal()


def offer_of(runs: Runs) -> Offer:
    """Return what a model offers for the requests that were added up."""
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
    """How long a batch queue takes."""

    usage_tier: int
    """Of an organisation of this tier."""

    days: int | None
    """Days, each of which one queue is answered in. None if the limit is not known, or a request is over it."""


def queue_days(limits: ModelLimits | None, tokens: Iterable[int]) -> tuple[QueueDays, ...]:
    """Return how many days it takes at each usage tier until all requests have been in the queue.

    A batch is answered within a day, and no more tokens may wait than the
    queue holds; requests of long context have a queue of their own.

    Args:
        limits: of the model. None if they are not known.
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
    """The requests of one model."""

    offers: tuple[Offer, ...]
    """What the model itself offers, then the other variants, then the comparators."""

    variants: int
    """How many of the offers are not comparators."""

    requests: int
    """How many there are."""

    tokens: Distribution
    """The distribution of their input tokens."""

    reordered: ModeCost
    """What they cost with the prompt cache if the stable parts of every prompt came first."""

    reordered_tokens: int
    """What the cache may serve then, in tokens."""

    break_even: Decimal | None
    """Share of the input that a cache must serve to be as cheap as a batch. None if it never is."""

    days: tuple[QueueDays, ...]
    """How long the batch queue takes; empty: its limits are not known."""

    assumed_pictures: int
    """Pictures that are counted by a size that was not measured."""

    capped: int
    """Requests whose output tokens are the cap of their own body."""

    @property
    def own(self) -> Offer:
        """What the model of the requests offers."""
        return self.offers[0]

    @property
    def cheapest(self) -> tuple[Offer, ModeCost] | None:
        """The offer and the way that cost least, of the variants that can be called. None if nothing has a price."""
        callable_ = [one for one in self.offers[: self.variants] if one.status in {"live", "deprecated"}]
        found = [(offer, mode) for offer in callable_ if (mode := offer.cheapest)]
        return min(found, key=lambda one: one[1].total.value if one[1].total else Decimal(), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan:
    """A file of requests."""

    paths: tuple[str, ...]
    """The files, as the user would recognise them."""

    bytes: int
    """How long they are."""

    as_of: date
    """The day whose prices hold."""

    pricing_checked: date
    """Day on which the price table was last read against its sources."""

    overlay: str | None
    """Path of the user's price table, if one was laid over the shipped one."""

    config: str | None
    """Path of the project file that gave options, if there is one."""

    limits: BatchLimits
    """What one batch file may hold."""

    output_rule: str
    """Where output tokens come from, in words."""

    forecast_sentence: str
    """How long answers are where no cap is less, in words."""

    is_alternatives: bool = False
    """Whether all requests are run with each of the models in turn, and not each with its own."""

    names_taken: Mapping[str, Model]
    """The models that were named by another name than their own, by that name."""

    models: tuple[ModelPlan, ...]
    """The requests by model, the model with the most requests first."""

    skipped: tuple[Skipped, ...]
    """Lines that could not be read, each with its reason."""

    refused: tuple[Skipped, ...]
    """Requests that are priced, and that the API would refuse: the first of them, with reasons."""

    refusals: int
    """How many there are of these."""

    files: int
    """How many batch files it takes."""

    kinds: int = 1
    """How many kinds of requests there are that cannot be in one file: of other models, or to other endpoints."""

    written: Sequence[str] = ()
    """The files that were written."""

    left_out: int = 0
    """Requests that were not written, because no file could hold them."""

    @property
    def requests(self) -> int:
        """How many requests there are, each counted once for every model asked."""
        return sum(model.requests for model in self.models)

    @property
    def name(self) -> str:
        """What the files are called together."""
        return self.paths[0] if len(self.paths) == 1 else f"{len(self.paths):,} files"

    @property
    def complete(self) -> bool:
        """Whether every line could be read."""
        return not self.skipped
