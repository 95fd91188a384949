"""How many input tokens one request may have, and into how few requests an input can be divided."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...calculator.workload import Workload
from ...pricing.rate_limits import ModelLimits
from ...pricing.schema import Model

__all__ = ["Room", "accepts", "fewest_requests", "rooms"]


@dataclass(frozen=True, slots=True)
class Room:
    """Lengths of input that are accepted, from one to another.

    A model may have two rooms with a gap between them: requests with a long
    context have a limit of tokens per minute of their own, and it may allow
    more than the ordinary one does of a request that is just too short for it.
    """

    least: int
    """Fewest input tokens."""

    most: int
    """Most input tokens."""


def rooms(
    model: Model, limits: ModelLimits | None, usage_tier: int, workload: Workload, per_minute: int = 1
) -> list[Room]:
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
    found: list[Room] = []
    for least, longest in _stretches(limits, most):
        allowed = _allowed(limits, usage_tier, least, longest, output, per_minute, workload)
        if allowed >= least:
            found.append(Room(least, allowed))
    return _joined(found)


def accepts(found: Sequence[Room], tokens: int) -> bool:
    """Say whether an input of this length has room in one request."""
    return any(room.least <= tokens <= room.most for room in found)


def fewest_requests(tokens: int, found: Sequence[Room]) -> int | None:
    """Return the fewest requests that an input can be divided into; none: there is no room at all.

    >>> [fewest_requests(tokens, [Room(0, 30), Room(129, 200)]) for tokens in (30, 31, 129, 230, 231, 258, 401)]
    [1, 2, 1, 2, 3, 2, 3]
    """
    if not found:
        return None
    if accepts(found, tokens):
        return 1
    largest = found[-1]
    if len(found) == 1:
        requests = math.ceil(tokens / largest.most) if largest.most > 0 else 0
        return requests if requests and tokens >= requests * largest.least else None
    short = found[0].most
    if short <= 0:
        return None
    requests = math.ceil(tokens / largest.most)
    while not any(
        long * largest.least <= tokens <= long * largest.most + (requests - long) * short
        for long in range(requests + 1)
    ):
        requests += 1
    return requests


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


def _joined(found: Sequence[Room]) -> list[Room]:
    """Return rooms without those that touch: between them there is no gap."""
    joined: list[Room] = []
    for room in found:
        if joined and joined[-1].most + 1 == room.least:
            joined[-1] = Room(joined[-1].least, room.most)
        else:
            joined.append(room)
    return joined
