"""The workload: number of requests, output tokens, cached tokens and tier, beside the input itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple, get_args

from ..errors import WorkloadError
from ..pricing.price import Tier
from .percentile import Percentile

__all__ = ["DEFAULT_OUTPUT_TOKENS", "ForecastSource", "Workload"]

DEFAULT_OUTPUT_TOKENS = 1000
"""Output tokens assumed if none are given; every report says so."""

_MOST = 10**15
_WHOLE = 100


class ForecastSource(NamedTuple):
    """Source of an answer length that was not given as an option."""

    percentile: Percentile
    """The percentile of the observed answer lengths that is used."""

    path: str
    """Path of the calibration file."""

    model: str | None
    """Identifier of the model whose answers were observed. None if the numbers are of all models in the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Number of requests, and the tokens of each beside its input.

    Raises:
        WorkloadError: a number is negative or absurd, or the tier is unknown.

    >>> Workload(requests=100, output_tokens=500).tier
    'standard'
    """

    requests: int = 1
    """Number of requests."""

    cached_tokens: int = 0
    """Input tokens of each request that are read from the prompt cache."""

    cached_percent: Decimal | None = None
    """Percent of the input that is read from the prompt cache, from 0 to 100; None if ``cached_tokens`` is used."""

    output_tokens: int = DEFAULT_OUTPUT_TOKENS
    """Output tokens of each request."""

    tier: Tier = "standard"
    """Service tier whose prices apply."""

    forecast_source: ForecastSource | None = None
    """Source of ``output_tokens``. None if it was given as an option, or is the default."""

    def __post_init__(self) -> None:
        """Refuse negative, too large or contradictory values."""
        for name in ("requests", "cached_tokens", "output_tokens"):
            number = getattr(self, name)
            if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= _MOST:
                message = f"{name}: expected a whole number from 0 to {_MOST:,}, found {number!r:.40}"
                raise WorkloadError(message)
        if self.cached_percent is not None and not 0 <= self.cached_percent <= _WHOLE:
            message = f"cached tokens: expected a share from 0 to 100 %, found {self.cached_percent:f} %"
            raise WorkloadError(message)
        if self.tier not in get_args(Tier):
            message = f"tier: expected {', '.join(get_args(Tier))}, found {self.tier!r:.40}"
            raise WorkloadError(message)

    def cached_of(self, input_tokens: int) -> Workload:
        """Return the workload with its cached percentage converted to tokens of an input, rounded down.

        >>> from decimal import Decimal
        >>> Workload(cached_percent=Decimal(80)).cached_of(1001).cached_tokens
        800
        """
        if self.cached_percent is None:
            return self
        return replace(self, cached_tokens=int(input_tokens * self.cached_percent / _WHOLE))
