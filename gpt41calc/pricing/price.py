"""Prices of a model by tier, date and prompt length, and prices of fine-tuning.

Prices are US dollars per million tokens, as :class:`~decimal.Decimal`, validated when they are read.
"""

from typing import Annotated, Literal, get_args

from .fields import Cited, Constrained, Day, Line, Name, PerMillion, Record, Tokens

__all__ = ["TIERS", "FineTuning", "Price", "PriceRow", "Tier"]

Tier = Literal["standard", "batch", "flex", "priority"]
"""Service tier; each has its own prices."""

TIERS: tuple[Tier, ...] = get_args(Tier)


class Price(Record):
    """The prices of one tier, in US dollars per million tokens."""

    input: PerMillion
    """Price of prompt tokens that are not read from the cache."""

    output: PerMillion
    """Price of generated tokens; reasoning tokens count as output."""

    cached_input: PerMillion | None = None
    """Price of prompt tokens read from the prompt cache. None if there is no discount: then ``input`` applies."""

    cache_write: PerMillion | None = None
    """Price of prompt tokens written to the cache. None if writing has no price of its own."""

    cache_write_1h: PerMillion | None = None
    """Price of prompt tokens written to a cache with a lifetime of one hour. None if there is no such cache."""


class PriceRow(Record):
    """The prices from a date on, for prompts above a length."""

    since: Day
    """First day on which these prices apply."""

    above_input_tokens: Annotated[int, Constrained(strict=True, ge=0)] = 0
    """A request whose prompt has more input tokens than this is charged entirely by this row."""

    standard: Price
    """Prices of ordinary requests."""

    batch: Price | None = None
    """Prices of requests in a batch file, answered within 24 hours. None if there is no such tier."""

    flex: Price | None = None
    """Prices of slower, cheaper requests. None if there is no such tier."""

    priority: Price | None = None
    """Prices of faster, more expensive requests. None if there is no such tier."""

    source: Cited
    """Keys of the table's ``sources`` that state these prices."""

    checked: Day
    """Day on which the prices were last compared with the source."""

    note: Line | None = None
    """Remark on what is disputed or unusual about this row. None if there is nothing to say."""

    def of(self, tier: Tier) -> Price | None:
        """Return the prices of a tier. None if the model does not have the tier."""
        price: Price | None = getattr(self, tier)
        return price


class FineTuning(Record):
    """Prices and limits for training a model and for using the trained copy."""

    base: Name
    """The snapshot that is trained."""

    training: PerMillion | None = None
    """Price of training tokens, in US dollars per million. None if training is charged per hour."""

    training_per_hour: PerMillion | None = None
    """Price of reinforcement fine-tuning, in US dollars per hour. None if training is charged per token."""

    window: Tokens | None = None
    """Context window of the fine-tuned model, in tokens. None if it is the model's own."""

    max_example: Tokens | None = None
    """Longest training example, in tokens; longer ones are truncated. None if none is published."""

    closes: Day | None = None
    """First day on which no new training job is accepted. None if none is announced."""

    standard: Price
    """Prices of ordinary requests to the fine-tuned model."""

    batch: Price | None = None
    """Prices of batch requests to the fine-tuned model. None if it takes none."""

    source: Cited
    """Keys of the table's ``sources``."""

    checked: Day
    """Day on which the prices were last compared with the source."""

    note: Line | None = None
    """Remark on what is disputed or unusual. None if there is nothing to say."""
