"""Will it be accepted? A request, and how often it is made, against the limits of the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from ..pricing.limits import ModelLimits, RateLimits, TierLimits
from ..pricing.schema import Model
from ..tally import Tally
from .budget import Unit
from .context import input_tokens
from .packing import Plan
from .rooms import rooms
from .span import Exactness, Span
from .workload import Workload

__all__ = [
    "Asked",
    "LimitName",
    "Load",
    "ModelRulings",
    "Preflight",
    "Ruling",
    "WayOut",
    "WayOutKind",
    "is_served",
    "rulings",
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


def rulings(model: Model, load: Load, asked: Asked, limits: RateLimits) -> tuple[Ruling, ...]:
    """Hold one model against every limit, in the order of the report; nothing is said of ways out.

    Where a count is estimated, its high bound must be within a limit. What
    could not be counted can only make a request longer.
    """
    found = limits.find(model.id)
    tokens = load.tokens(model)
    row = found.at(asked.usage_tier, tokens) if found else None
    is_long = found.is_long(tokens) if found else False
    judged = (
        _window(model, load, asked),
        _output_cap(model, load, asked),
        _string_length(load, limits),
        replace(_tokens_per_minute(model, load, asked, found, row), is_long=is_long),
        replace(_requests_per_minute(asked, row), is_long=is_long),
        *([_batch_file(load, limits)] if load.is_batch_file else []),
        replace(_batch_queue(model, load, asked, row), is_long=is_long),
        _shutdown(model, asked),
        _fine_tuning(model, asked, limits),
    )
    exactness: Exactness = "estimated" if model.ratio else "modelled" if load.is_batch_file else "exact"
    return tuple(replace(one, exactness=exactness if one.limit in _OF_TOKENS else "exact") for one in judged)


_OF_TOKENS = frozenset({"window", "tokens-per-minute", "batch-queue"})
"""Limits that hang on the count."""


def _grows(actual: int, allowed: int | None, load: Load) -> bool | None:
    """Return whether a limit on what only grows is kept; none: that is not known."""
    if allowed is None:
        return None
    if actual > allowed:
        return False
    return True if load.inputs.complete else None


def _window(model: Model, load: Load, asked: Asked) -> Ruling:
    """Judge input and output together, or the input alone if that is what is too long."""
    tokens = load.tokens(model)
    actual, allowed = tokens + asked.workload.output_tokens, model.window
    if actual <= allowed and model.max_input is not None and tokens > model.max_input:
        actual, allowed = tokens, model.max_input
    return Ruling(limit="window", allowed=allowed, actual=actual, unit="tokens", passed=_grows(actual, allowed, load))


def _output_cap(model: Model, load: Load, asked: Asked) -> Ruling:
    output = max(asked.workload.output_tokens, load.output_tokens)
    allowed = model.max_output
    return Ruling(
        limit="output-cap",
        allowed=allowed,
        actual=output,
        unit="tokens",
        passed=allowed is None or output <= allowed,
        is_used=allowed is not None,
    )


def _string_length(load: Load, limits: RateLimits) -> Ruling:
    allowed = limits.table.request.string_characters
    low, high = load.characters.low, load.characters.high
    passed = _grows(high, allowed, load)
    if passed is False and low <= allowed:
        passed = None
    return Ruling(limit="string-length", allowed=allowed, actual=high, unit="characters", passed=passed)


def _tokens_per_minute(
    model: Model, load: Load, asked: Asked, found: ModelLimits | None, row: TierLimits | None
) -> Ruling:
    tokens = load.tokens(model)
    allowed = row.tokens_per_minute if row else None
    actual = asked.per_minute * max(tokens, asked.workload.output_tokens)
    passed: bool | None = None if allowed is None else actual <= allowed
    if not load.inputs.complete and passed is not None:
        # More input may be too long, and may also be long enough for a limit of its own.
        shorter = replace(asked.workload, output_tokens=0, tier="standard")
        longer = rooms(model, found, asked.usage_tier, shorter, asked.per_minute)
        passed = None if longer and tokens <= longer[-1].most else False
    return Ruling(
        limit="tokens-per-minute",
        allowed=allowed,
        actual=actual,
        unit="tokens",
        passed=passed,
        is_used=not asked.is_batch,
    )


def _requests_per_minute(asked: Asked, row: TierLimits | None) -> Ruling:
    allowed = row.requests_per_minute if row else None
    return Ruling(
        limit="requests-per-minute",
        allowed=allowed,
        actual=asked.per_minute,
        unit="requests",
        passed=None if allowed is None else asked.per_minute <= allowed,
        is_used=not asked.is_batch,
    )


def _batch_file(load: Load, limits: RateLimits) -> Ruling:
    """Judge the length of the file, or the number of its requests if that is what is too much."""
    batch = limits.table.batch
    if load.inputs.bytes > batch.file_bytes:
        return Ruling(
            limit="batch-file", allowed=batch.file_bytes, actual=load.inputs.bytes, unit="bytes", passed=False
        )
    return Ruling(
        limit="batch-file",
        allowed=batch.requests,
        actual=load.requests,
        unit="requests",
        passed=_grows(load.requests, batch.requests, load),
    )


def _batch_queue(model: Model, load: Load, asked: Asked, row: TierLimits | None) -> Ruling:
    actual, allowed = load.all_tokens(model), row.batch_queue if row else None
    return Ruling(
        limit="batch-queue",
        allowed=allowed,
        actual=actual,
        unit="tokens",
        passed=_grows(actual, allowed, load),
        is_used=asked.is_batch,
    )


def _shutdown(model: Model, asked: Asked) -> Ruling:
    left = (model.shutdown - asked.as_of).days if model.shutdown else None
    return Ruling(
        limit="shutdown",
        allowed=(asked.until - asked.as_of).days,
        actual=left,
        unit="days",
        passed=is_served(model, asked),
    )


def is_served(model: Model, asked: Asked) -> bool:
    """Say whether a model can be called from the first day to the last."""
    return model.released <= asked.as_of and (model.shutdown is None or model.shutdown > asked.until)


def _fine_tuning(model: Model, asked: Asked, limits: RateLimits) -> Ruling:
    """Judge whether a training job is still accepted; open to some means that it is not known."""
    tuning = model.fine_tuning
    closes = min(filter(None, (tuning.closes, model.shutdown)), default=None) if tuning else asked.as_of
    left = (closes - asked.as_of).days if tuning and closes else None
    passed: bool | None = closes is None or closes > asked.until
    if passed and any(step.since <= asked.until for step in limits.table.fine_tuning_closed):
        passed = None
    return Ruling(
        limit="fine-tuning",
        allowed=(asked.until - asked.as_of).days,
        actual=left,
        unit="days",
        passed=passed,
        is_used=asked.fine_tune,
    )
