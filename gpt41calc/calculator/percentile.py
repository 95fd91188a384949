"""The percentiles of answers that are kept, and can be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

__all__ = ["PERCENTILES", "Percentile"]

Percentile = Literal["p50", "p90", "p99"]
"""So many percent of the answers are at most as long."""

PERCENTILES: Mapping[Percentile, int] = {"p50": 50, "p90": 90, "p99": 99}
