"""The tokens of a request as an endpoint of its vendor counts them, beside those that were counted here."""

from __future__ import annotations

from dataclasses import dataclass

from .interval import Interval

__all__ = ["EndpointCount", "EndpointCounts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointCount:
    """What an endpoint says of a request."""

    path: str
    """The input that holds the request, as the user would recognise it."""

    vendor: str
    """Whose endpoint was asked, as it is written: ``Anthropic``."""

    model: str
    """The model that was named to it."""

    tokens: int
    """Input tokens as the endpoint counts them."""

    offline: Interval[int]
    """Input tokens as they are counted here, with the range that billed tokens lie in."""

    is_cached: bool = False
    """Whether an earlier run asked, and its answer is in the cache."""

    is_translated: bool = False
    """Whether the request had to be written for another API of the vendor, which is the one that counts."""

    @property
    def difference(self) -> int:
        """How many tokens more than here the endpoint counts; negative if it counts fewer."""
        return self.tokens - self.offline.value

    @property
    def is_within(self) -> bool:
        """Whether the endpoint's number lies within the range that is given here."""
        return self.offline.low <= self.tokens <= self.offline.high


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointCounts:
    """What endpoints say of the requests of a run."""

    counts: tuple[EndpointCount, ...]
    """The answers, in the order of the inputs."""

    failure: str | None = None
    """Why the remaining requests have no answer, in a sentence. None if every request has one."""
