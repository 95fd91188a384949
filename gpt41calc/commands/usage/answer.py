"""One answer of an API, as far as it is about money, and the tokens that it took."""

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
    """The tokens of one answer, or of several; no token of the prompt is of two kinds.

    >>> both = Usage(fresh_tokens=900, cached_tokens=100) + Usage(output_tokens=50, reasoning_tokens=20)
    >>> both.input_tokens, both.output_tokens, both.reasoning_tokens
    (1000, 50, 20)
    """

    fresh_tokens: int = 0
    """Prompt tokens that a cache neither served nor kept."""

    cached_tokens: int = 0
    """Prompt tokens that the cache served."""

    written_tokens: int = 0
    """Prompt tokens that were written to a cache and charged as such."""

    written_1h_tokens: int = 0
    """Prompt tokens that were written to a cache that is kept for an hour."""

    output_tokens: int = 0
    """Generated tokens, those of reasoning among them."""

    reasoning_tokens: int = 0
    """Generated tokens that nobody sees."""

    web_searches: int = 0
    """Searches at the provider, each charged apart."""

    @property
    def input_tokens(self) -> int:
        """All tokens of the prompt."""
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
        """Return the usage of its seven numbers."""
        return cls(**dict(zip(cls.__slots__, numbers, strict=True)))

    def __add__(self, other: Usage) -> Usage:
        """Return the usage of both."""
        return Usage.of(map(add, self.numbers, other.numbers))

    def __sub__(self, other: Usage) -> Usage:
        """Return this usage without another that is part of it."""
        return Usage.of(map(sub, self.numbers, other.numbers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of an API, as far as it is about money."""

    place: str
    """Where it is: file and line."""

    model: str
    """The identifier of the model, as the answer has it."""

    tier: Tier
    """Which price list applies."""

    day: date | None
    """Day on which it was made, in UTC; None if the answer does not say."""

    usage: Usage
    """Its tokens."""

    custom_id: str | None = None
    """By what it is matched with its request, if it says so."""

    at: datetime | None = None
    """When it was made or logged, in UTC; None if nothing says it."""

    is_dated: bool = False
    """Whether the answer itself says when it was made; a log writes later, and each line at another time."""

    id: str | None = None
    """Its identifier, as the API gave it."""

    request_id: str | None = None
    """The identifier of the request, as the API or the batch gave it."""

    key: str | None = None
    """What identifies it in all files, where the shape of the log knows better than its identifiers."""

    session: str | None = None
    """The conversation that it belongs to."""

    file: str = ""
    """The file that it is in, which keeps answers apart where none names a session."""

    file_session: str | None = None
    """The name of its file, which stands for a session where the answer names none."""

    project: str | None = None
    """The project that it belongs to."""

    requests: int = 1
    """How many requests it stands for: more than one in what a provider sums up."""

    stated_cost: Decimal | None = None
    """US dollars, as the source has them; None if it states none."""

    region: str | None = None
    """Where it had to be made, if that costs more."""

    speed: str | None = None
    """How fast it was made, if that costs more."""

    searches: tuple[str, int] | None = None
    """The kind of web search and how often, where the answer lists its calls and the usage does not count them."""

    uncharged: tuple[str, ...] = ()
    """What is charged apart and has no price in any table, in words."""
