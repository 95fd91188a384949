"""How many batch files a dataset takes, and how long it waits in the batch queue."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from ...dataset.measured import Known
from ...pricing.limits_schema import USAGE_TIERS, BatchLimits, ModelLimits

__all__ = ["QueueTime", "batch_files", "queue_times"]

_BYTES_AROUND = 200
"""What a line of a batch file has around its text, at least: custom_id, method, url, model and the braces."""


@dataclass(frozen=True, slots=True)
class QueueTime:
    """How long a batch queue takes."""

    usage_tier: int
    """Of an organisation of this tier."""

    days: int | None
    """Days, each of which one queue is answered in. None if the limit is not known, or a row is over it."""


def queue_times(limits: ModelLimits | None, tokens: Known, longest: int) -> tuple[QueueTime, ...]:
    """Return how many days it takes at each usage tier until all rows have been in the batch queue.

    Args:
        limits: of the model; if it is None, they are not known.
        tokens: input tokens of all rows.
        longest: tokens of the longest row.
    """
    if limits is None:
        return ()
    found = []
    for tier in USAGE_TIERS:
        row = limits.at(tier, longest)
        queue = row.batch_queue if row else None
        days = None if queue is None or longest > queue else max(1, math.ceil(tokens.value / queue))
        found.append(QueueTime(tier, days))
    return tuple(found)


def batch_files(limits: BatchLimits, rows: Decimal, text_bytes: Decimal, template_bytes: int) -> int:
    """Return how many batch files it takes at least: by their number of requests, or by their length.

    >>> from gpt41calc.pricing.rate_limits import load_limits
    >>> batch_files(load_limits().table.batch, Decimal(120_000), Decimal(10**6), 0)
    3
    """
    size = text_bytes + rows * (template_bytes + _BYTES_AROUND)
    return max(1, math.ceil(rows / limits.requests), math.ceil(size / limits.file_bytes))
