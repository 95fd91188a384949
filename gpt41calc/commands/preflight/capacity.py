"""How many input tokens one request may have, and into how few requests an input can be divided."""

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
    """Return every length of input that a model accepts in one request, the shortest first.

    Args:
        model: whose window and caps hold.
        limits: what it accepts by tier; none, or a number that is missing: not known, so nothing is refused for it.
        usage_tier: the tier of the organisation.
        workload: the output of a request, and whether it is sent in a batch.
        per_minute: requests in a minute, all of the same length.
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
    """Return the lengths for which one limit of tokens holds."""
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
    """Return the longest input of a stretch that the limit of its tier allows; -1: none."""
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
    """Return accepted lengths, those that touch joined: between them there is no gap."""
    joined: list[AcceptedLength] = []
    for length in found:
        if joined and joined[-1].most + 1 == length.least:
            joined[-1] = AcceptedLength(joined[-1].least, length.most)
        else:
            joined.append(length)
    return joined
