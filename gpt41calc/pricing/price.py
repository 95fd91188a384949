"""What is charged: prices by tier, date and prompt length, and of fine-tuning.

Prices are US dollars per one million tokens, as :class:`~decimal.Decimal`,
checked where they enter.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

__all__ = ["TIERS", "Day", "FineTuning", "Line", "Name", "Noun", "PerMillion", "Price", "PriceRow", "Tier", "Tokens"]

Tier = Literal["standard", "batch", "flex", "priority"]
"""How fast an answer is asked for; each tier has prices of its own."""

TIERS: tuple[Tier, ...] = get_args(Tier)

_MOST_EXPENSIVE_PER_MILLION = Decimal(1_000_000)
"""A dollar a token; more is a slip of the keyboard, and bounds all arithmetic."""


def _decimal(value: object) -> object:
    """Accept whole numbers where a price is expected, but never a bool or a float.

    ``bool`` is an ``int`` to Python, and a binary float is not the number
    that was written; neither may become money.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        message = f"expected a number, found {_toml_name(value)}"
        raise ValueError(message)
    number = Decimal(value)
    if not number.is_finite() or not 0 <= number <= _MOST_EXPENSIVE_PER_MILLION:
        message = f"expected a finite number from 0 to {_MOST_EXPENSIVE_PER_MILLION}, found {number:.12g}"
        raise ValueError(message)
    return number


def _toml_name(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'the text "{value[:40]}"'
    return {dict: "a table", list: "a list", date: "a date"}.get(type(value), type(value).__name__)


PerMillion = Annotated[Decimal, BeforeValidator(_decimal)]
"""US dollars per one million tokens; finite, not negative."""

Tokens = Annotated[int, Field(strict=True, gt=0, le=10**12)]
"""A positive number of tokens."""

Day = Annotated[date, Field(strict=True)]
"""A calendar day, written as a TOML date."""

Name = Annotated[str, Field(strict=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x20\x7f]+$")]
"""An identifier: no blanks, no control characters."""

Line = Annotated[str, Field(strict=True, min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""Text that fits on one line."""


class Noun(BaseModel):
    """Frozen, and strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Price(Noun):
    """What one tier charges, in US dollars per million tokens."""

    input: PerMillion
    """A prompt token that was not served from a cache."""

    output: PerMillion
    """A generated token; reasoning tokens are billed as output."""

    cached_input: PerMillion | None = None
    """A prompt token served from the prompt cache; none: no discount, ``input`` is charged."""

    cache_write: PerMillion | None = None
    """A prompt token written to the cache; none: writing is not charged apart."""

    cache_write_1h: PerMillion | None = None
    """A prompt token written to a cache that is kept for an hour."""


class PriceRow(Noun):
    """The prices that hold from a date on, for prompts above a length."""

    since: Day
    """First day on which these prices are charged."""

    above_input_tokens: Annotated[int, Field(strict=True, ge=0)] = 0
    """The whole request is charged by this row once its prompt is longer than this."""

    standard: Price
    """An ordinary request."""

    batch: Price | None = None
    """A request in a file that is answered within 24 hours."""

    flex: Price | None = None
    """A slower, cheaper request."""

    priority: Price | None = None
    """A faster, dearer request."""

    source: Annotated[tuple[Line, ...], Field(min_length=1)]
    """Keys of the table's ``sources`` that state these prices."""

    checked: Day
    """Day on which the prices were last compared with the source."""

    note: Line | None = None
    """What is disputed or peculiar about this row."""

    def of(self, tier: Tier) -> Price | None:
        """Return the prices of a tier, or none if the model has no such tier."""
        price: Price | None = getattr(self, tier)
        return price


class FineTuning(Noun):
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

    source: Annotated[tuple[Line, ...], Field(min_length=1)]
    """Keys of the table's ``sources``."""

    checked: Day
    """Day on which the prices were last compared with the source."""

    note: Line | None = None
    """What is disputed or peculiar."""
