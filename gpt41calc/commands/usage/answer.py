"""One answer of an API: its tokens, and everything that affects its price."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import add, sub

from ...pricing.price import Tier

__all__ = ["Answer", "Usage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """The tokens of one answer, or of several; every prompt token is in exactly one category.

    >>> both = Usage(fresh_tokens=900, cached_tokens=100) + Usage(output_tokens=50, reasoning_tokens=20)
    >>> both.input_tokens, both.output_tokens, both.reasoning_tokens
    (1000, 50, 20)
    """

    fresh_tokens: int = 0
    """Prompt tokens neither read from a cache nor written to one."""

    cached_tokens: int = 0
    """Prompt tokens read from the cache."""

    written_tokens: int = 0
    """Prompt tokens written to a cache and charged as such."""

    written_1h_tokens: int = 0
    """Prompt tokens written to a cache with a lifetime of one hour."""

    output_tokens: int = 0
    """Generated tokens, including reasoning tokens."""

    reasoning_tokens: int = 0
    """Reasoning tokens, which are not visible in the answer."""

    web_searches: int = 0
    """Web searches at the provider, each with a price."""

    @property
    def input_tokens(self) -> int:
        """All prompt tokens."""
        return self.fresh_tokens + self.cached_tokens + self.written_tokens + self.written_1h_tokens

    @property
    def numbers(self) -> tuple[int, ...]:
        """All seven numbers, in the order of the fields."""
        return (
            self.fresh_tokens,
            self.cached_tokens,
            self.written_tokens,
            self.written_1h_tokens,
            self.output_tokens,
            self.reasoning_tokens,
            self.web_searches,
        )

    @classmethod
    def of(cls, numbers: Iterable[int]) -> Usage:
        """Return the usage with the given seven numbers."""
        return cls(**dict(zip(cls.__slots__, numbers, strict=True)))

    def __add__(self, other: Usage) -> Usage:
        """Return the sum of two usages."""
        return Usage.of(map(add, self.numbers, other.numbers))

    def __sub__(self, other: Usage) -> Usage:
        """Return this usage minus another one that is contained in it."""
        return Usage.of(map(sub, self.numbers, other.numbers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of an API, with everything that affects its price."""

    place: str
    """Its location: file and line."""

    model: str
    """Identifier of the model, as in the answer."""

    tier: Tier
    """Service tier whose prices apply."""

    day: date | None
    """Day on which it was made, in UTC; None if not known."""

    usage: Usage
    """Its tokens."""

    custom_id: str | None = None
    """Identifier that matches it with its request. None if there is none."""

    at: datetime | None = None
    """Time when it was made or logged, in UTC; None if not known."""

    is_dated: bool = False
    """Whether the time is in the answer itself; a log writes later, and each line at a different time."""

    id: str | None = None
    """Identifier given by the API. None if there is none."""

    request_id: str | None = None
    """Identifier of the request, given by the API or the batch. None if there is none."""

    key: str | None = None
    """Key that identifies it across files, if the log format has a better one than its identifiers. None if not."""

    session: str | None = None
    """The conversation to which it belongs. None if not known."""

    file: str = ""
    """The file that contains it, used to separate answers without a session."""

    file_session: str | None = None
    """Name of its file, used as the session if the answer has none. None if the file is not one session."""

    project: str | None = None
    """The project to which it belongs. None if not known."""

    requests: int = 1
    """Number of requests: more than one in a provider's summary."""

    stated_cost: Decimal | None = None
    """Cost stated by the source, in US dollars; None if it states none."""

    region: str | None = None
    """Region of processing, if that costs more. None if not."""

    speed: str | None = None
    """Speed mode, if that costs more. None if not."""

    searches: tuple[str, int] | None = None
    """Kind and number of web searches, if the answer lists its calls and the usage does not count them. None if there
    is nothing to add.
    """

    uncharged: tuple[str, ...] = ()
    """Separately charged items without a known price, as phrases."""
