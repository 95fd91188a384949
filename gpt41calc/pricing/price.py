"""What is charged: prices by tier, date and prompt length, and of fine-tuning.

Prices are US dollars per one million tokens, as :class:`~decimal.Decimal`,
checked where they enter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from .fields import Cited, Constrained, Day, Line, Name, PerMillion, Record, Tokens

__all__ = ["TIERS", "FineTuning", "Price", "PriceRow", "Tier"]

Tier = Literal["standard", "batch", "flex", "priority"]
"""How fast an answer is asked for; each tier has prices of its own."""

TIERS: tuple[Tier, ...] = get_args(Tier)


@dataclass(frozen=True, kw_only=True)
class Price(Record):
    """What one tier charges, in US dollars per million tokens."""

    input: PerMillion
    """A prompt token that was not served from a cache."""

    output: PerMillion
    """A generated token; reasoning tokens are billed as output."""

    cached_input: PerMillion | None = None
    """A prompt token served from the prompt cache. None if there is no discount: then ``input`` is charged."""

    cache_write: PerMillion | None = None
    """A prompt token written to the cache. None if writing is not charged apart."""

    cache_write_1h: PerMillion | None = None
    """A prompt token written to a cache that is kept for an hour."""


@dataclass(frozen=True, kw_only=True)
class PriceRow(Record):
    """The prices that hold from a date on, for prompts above a length."""

    since: Day
    """First day on which these prices are charged."""

    above_input_tokens: Annotated[int, Constrained(strict=True, ge=0)] = 0
    """The whole request is charged by this row once its prompt is longer than this."""

    standard: Price
    """An ordinary request."""

    batch: Price | None = None
    """A request in a file that is answered within 24 hours."""

    flex: Price | None = None
    """A slower, cheaper request."""

    priority: Price | None = None
    """A faster, dearer request."""

    source: Cited
    """Keys of the table's ``sources`` that state these prices."""

    checked: Day
    """Day on which the prices were last compared with the source."""

    note: Line | None = None
    """What is disputed or peculiar about this row."""

    def of(self, tier: Tier) -> Price | None:
        """Return the prices of a tier, or none if the model has no such tier."""
        price: Price | None = getattr(self, tier)
        return price


@dataclass(frozen=True, kw_only=True)
class FineTuning(Record):
    """What training and serving a fine-tuned copy of a model costs."""

    base: Name
    """The snapshot that is trained."""

    training: PerMillion | None = None
    """One million training tokens, in US dollars."""

    training_per_hour: PerMillion | None = None
    """One hour of reinforcement fine-tuning, in US dollars."""

    window: Tokens | None = None
    """Context window of the fine-tuned model, in tokens."""

    max_example: Tokens | None = None
    """Longest training example, in tokens; the rest is cut off."""

    closes: Day | None = None
    """First day on which no new training job is accepted."""

    standard: Price
    """Ordinary requests to the fine-tuned model."""

    batch: Price | None = None
    """Batch requests to the fine-tuned model."""

    source: Cited
    """Keys of the table's ``sources``."""

    checked: Day
    """Day on which the prices were last compared with the source."""

    note: Line | None = None
    """What is disputed or peculiar."""
