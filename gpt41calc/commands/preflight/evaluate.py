"""Evaluate requests and their rate against the limits of the API."""

from __future__ import annotations

from dataclasses import replace

from ...calculator.interval import Exactness
from ...calculator.limit_check import LimitCheck
from ...pricing.limits_schema import ModelLimits, TierLimits
from ...pricing.rate_limits import RateLimits
from ...pricing.schema import Model
from .capacity import accepted_lengths
from .results import Load, Traffic

__all__ = ["is_served", "limit_checks"]


def limit_checks(model: Model, load: Load, traffic: Traffic, limits: RateLimits) -> tuple[LimitCheck, ...]:
    """Return the check of every limit for one model, in the order of the report, without remedies.

    Where a count is estimated, its upper bound must be within a limit. Missing input can only make a request longer.
    """
    found = limits.find(model.id)
    tokens = load.tokens(model)
    row = found.at(traffic.usage_tier, tokens) if found else None
    is_long = found.is_long(tokens) if found else False
    checks = (
        _window(model, load, traffic),
        _output_cap(model, load, traffic),
        _string_length(load, limits),
        replace(_tokens_per_minute(model, load, traffic, found, row), is_long=is_long),
        replace(_requests_per_minute(traffic, row), is_long=is_long),
        *([_batch_file(load, limits)] if load.is_batch_file else []),
        replace(_batch_queue(model, load, traffic, row), is_long=is_long),
        _shutdown(model, traffic),
        _fine_tuning(model, traffic, limits),
    )
    exactness: Exactness = "modelled" if load.is_batch_file and model.ratio is None else model.text_exactness
    return tuple(replace(one, exactness=exactness if one.limit in _OF_TOKENS else "exact") for one in checks)


_OF_TOKENS = frozenset({"window", "tokens-per-minute", "batch-queue"})
"""Limits that depend on the token count."""


def _grows(actual: int, allowed: int | None, load: Load) -> bool | None:
    """Return whether a limit on a quantity that only grows is kept. None if that is not known."""
    if allowed is None:
        return None
    if actual > allowed:
        return False
    return True if load.inputs.complete else None


def _window(model: Model, load: Load, traffic: Traffic) -> LimitCheck:
    """Check input and output together, or only the input if it alone is too long."""
    counted, output = load.range(model), traffic.workload.output_tokens
    tokens = counted.high
    actual, allowed = tokens + output, model.window
    if actual <= allowed and model.max_input is not None and tokens > model.max_input:
        actual, allowed, output = tokens, model.max_input, 0
    return LimitCheck(
        limit="window",
        allowed=allowed,
        actual=actual,
        unit="tokens",
        passed=_grows(actual, allowed, load),
        low=None if counted.is_exact else counted.low + output,
    )


def _output_cap(model: Model, load: Load, traffic: Traffic) -> LimitCheck:
    output = max(traffic.workload.output_tokens, load.output_tokens)
    allowed = model.max_output
    return LimitCheck(
        limit="output-cap",
        allowed=allowed,
        actual=output,
        unit="tokens",
        passed=allowed is None or output <= allowed,
        is_used=allowed is not None,
    )


def _string_length(load: Load, limits: RateLimits) -> LimitCheck:
    allowed = limits.table.request.string_characters
    low, high = load.characters.low, load.characters.high
    passed = _grows(high, allowed, load)
    if passed is False and low <= allowed:
        passed = None
    return LimitCheck(limit="string-length", allowed=allowed, actual=high, unit="characters", passed=passed)


def _tokens_per_minute(
    model: Model, load: Load, traffic: Traffic, found: ModelLimits | None, row: TierLimits | None
) -> LimitCheck:
    tokens = load.tokens(model)
    allowed = row.tokens_per_minute if row else None
    actual = traffic.per_minute * max(tokens, traffic.workload.output_tokens)
    passed: bool | None = None if allowed is None else actual <= allowed
    if not load.inputs.complete and passed is not None:
        # More input may exceed this limit, but may also be long enough for the long-context limit.
        shorter = replace(traffic.workload, output_tokens=0, tier="standard")
        longer = accepted_lengths(model, found, traffic.usage_tier, shorter, traffic.per_minute)
        passed = None if longer and tokens <= longer[-1].most else False
    return LimitCheck(
        limit="tokens-per-minute",
        allowed=allowed,
        actual=actual,
        unit="tokens",
        passed=passed,
        is_used=not traffic.is_batch,
    )


def _requests_per_minute(traffic: Traffic, row: TierLimits | None) -> LimitCheck:
    allowed = row.requests_per_minute if row else None
    return LimitCheck(
        limit="requests-per-minute",
        allowed=allowed,
        actual=traffic.per_minute,
        unit="requests",
        passed=None if allowed is None else traffic.per_minute <= allowed,
        is_used=not traffic.is_batch,
    )


def _batch_file(load: Load, limits: RateLimits) -> LimitCheck:
    """Check the size of the file, or the number of its requests if that is exceeded."""
    batch = limits.table.batch
    if load.inputs.bytes > batch.file_bytes:
        return LimitCheck(
            limit="batch-file", allowed=batch.file_bytes, actual=load.inputs.bytes, unit="bytes", passed=False
        )
    return LimitCheck(
        limit="batch-file",
        allowed=batch.requests,
        actual=load.requests,
        unit="requests",
        passed=_grows(load.requests, batch.requests, load),
    )


def _batch_queue(model: Model, load: Load, traffic: Traffic, row: TierLimits | None) -> LimitCheck:
    counted, allowed = load.total_range(model), row.batch_queue if row else None
    actual = counted.high
    return LimitCheck(
        limit="batch-queue",
        allowed=allowed,
        actual=actual,
        unit="tokens",
        passed=_grows(actual, allowed, load),
        low=None if counted.is_exact else counted.low,
        is_used=traffic.is_batch,
    )


def _shutdown(model: Model, traffic: Traffic) -> LimitCheck:
    left = (model.shutdown - traffic.as_of).days if model.shutdown else None
    return LimitCheck(
        limit="shutdown",
        allowed=(traffic.until - traffic.as_of).days,
        actual=left,
        unit="days",
        passed=is_served(model, traffic),
    )


def is_served(model: Model, traffic: Traffic) -> bool:
    """Return whether a model is available from the first day to the last."""
    return model.released <= traffic.as_of and (model.shutdown is None or model.shutdown > traffic.until)


def _fine_tuning(model: Model, traffic: Traffic, limits: RateLimits) -> LimitCheck:
    """Check whether a training job is still accepted; unknown if only some organisations may start one."""
    tuning = model.fine_tuning
    closes = min(filter(None, (tuning.closes, model.shutdown)), default=None) if tuning else traffic.as_of
    left = (closes - traffic.as_of).days if tuning and closes else None
    passed: bool | None = closes is None or closes > traffic.until
    if passed and any(step.since <= traffic.until for step in limits.table.fine_tuning_closed):
        passed = None
    return LimitCheck(
        limit="fine-tuning",
        allowed=(traffic.until - traffic.as_of).days,
        actual=left,
        unit="days",
        passed=passed,
        is_used=traffic.fine_tune,
    )
