"""The input lengths that one request may have, given a model's window, caps and rate limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...calculator.accepted_length import AcceptedLength
from ...calculator.workload import Workload
from ...pricing.limits_schema import ModelLimits
from ...pricing.schema import Model

__all__ = ["accepted_lengths"]


def accepted_lengths(
    model: Model, limits: ModelLimits | None, usage_tier: int, workload: Workload, per_minute: int = 1
) -> list[AcceptedLength]:
    """Return every range of input lengths that a model accepts in one request, the shortest first.

    Args:
        model: the model whose window and caps apply.
        limits: its limits by usage tier; a missing limit is unknown, and refuses nothing.
        usage_tier: the usage tier of the organisation.
        workload: the output of a request, and whether it is sent in a batch.
        per_minute: number of requests per minute, all of the same length.
    """
    output = workload.output_tokens
    most = min(model.window - output, model.max_input or model.window)
    if model.max_output is not None and output > model.max_output:
        return []
    found: list[AcceptedLength] = []
    for least, longest in _stretches(limits, most):
        allowed = _allowed(limits, usage_tier, least, longest, output, per_minute, workload)
        if allowed >= least:
            found.append(AcceptedLength(least, allowed))
    return _joined(found)


def _stretches(limits: ModelLimits | None, most: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of lengths for which a single limit of tokens applies."""
    above = limits.long_context_above if limits else None
    if above is None or above >= most:
        yield 0, most
    else:
        yield 0, above
        yield above + 1, most


def _allowed(
    limits: ModelLimits | None,
    usage_tier: int,
    least: int,
    longest: int,
    output: int,
    per_minute: int,
    workload: Workload,
) -> int:
    """Return the longest input in a range that the tier's limit allows; -1 if none is allowed."""
    row = limits.at(usage_tier, least) if limits else None
    if row is None:
        return longest
    if workload.tier == "batch":
        return longest if row.batch_queue is None else min(longest, row.batch_queue)
    if row.tokens_per_minute is None:
        return longest
    share = row.tokens_per_minute // per_minute
    return min(longest, share) if output <= share else -1


def _joined(found: Sequence[AcceptedLength]) -> list[AcceptedLength]:
    """Return the ranges with adjacent ones merged."""
    joined: list[AcceptedLength] = []
    for length in found:
        if joined and joined[-1].most + 1 == length.least:
            joined[-1] = AcceptedLength(joined[-1].least, length.most)
        else:
            joined.append(length)
    return joined
