"""Counts of a request by its vendor's token-counting endpoint, beside the counts made here."""

from __future__ import annotations

from dataclasses import dataclass

from .interval import Interval

__all__ = ["EndpointCount", "EndpointCounts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointCount:
    """The count of one request by an endpoint."""

    path: str
    """Path of the input that holds the request, as the user wrote it."""

    vendor: str
    """The vendor of the endpoint, for example ``Anthropic``."""

    model: str
    """The model named in the request to the endpoint."""

    tokens: int
    """Input tokens as counted by the endpoint."""

    offline: Interval[int]
    """Input tokens as counted here, with the range in which the billed tokens are expected."""

    is_cached: bool = False
    """Whether the count comes from the cache, stored by an earlier run."""

    is_translated: bool = False
    """Whether the request was translated for another API of the vendor, the one whose endpoint counts."""

    @property
    def difference(self) -> int:
        """Tokens of the endpoint's count minus the count made here."""
        return self.tokens - self.offline.value

    @property
    def is_within(self) -> bool:
        """Whether the endpoint's count lies within the range given here."""
        return self.offline.low <= self.tokens <= self.offline.high


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointCounts:
    """The counts of all requests of a run by endpoints."""

    counts: tuple[EndpointCount, ...]
    """The counts, in the order of the inputs."""

    failure: str | None = None
    """Why the remaining requests have no count, as a sentence. None if every request has one."""
