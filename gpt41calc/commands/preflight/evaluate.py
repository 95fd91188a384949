"""Will it be accepted? A request, and how often it is made, against the limits of the API."""

from __future__ import annotations

from dataclasses import replace

from ...calculator.interval import Exactness
from ...pricing.rate_limits import ModelLimits, RateLimits, TierLimits
from ...pricing.schema import Model
from .capacity import rooms
from .results import Asked, Load, Ruling

__all__ = ["is_served", "rulings"]


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
