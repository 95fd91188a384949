"""The nouns of the pricing table, validated where they enter.

Prices are US dollars per one million tokens, as :class:`~decimal.Decimal`.
A table is a list of models; a model has a list of price rows, one for each
date and prompt length from which its prices hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

__all__ = [
    "TIERS",
    "Caching",
    "Encoding",
    "FineTuning",
    "Model",
    "Price",
    "PriceRow",
    "PricingTable",
    "Ratio",
    "Status",
    "Tier",
]

Tier = Literal["standard", "batch", "flex", "priority"]
"""How fast an answer is asked for; each tier has prices of its own."""

Status = Literal["unreleased", "live", "deprecated", "retired"]
"""Where a model stands on a day; ``deprecated`` means that a shutdown date is announced."""

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

Encoding = Literal["o200k_base", "cl100k_base"]
"""The public tokenizers whose vocabulary is in the package."""

Name = Annotated[str, Field(strict=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x20\x7f]+$")]
"""An identifier: no blanks, no control characters."""

Line = Annotated[str, Field(strict=True, min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""Text that fits on one line."""


class _Noun(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Price(_Noun):
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


class PriceRow(_Noun):
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


class Ratio(_Noun):
    """Tokens of a tokenizer that is not public, per token of one that is."""

    of: Encoding
    """The encoding that is counted exactly."""

    low: PerMillion
    """Smallest ratio that was published for any kind of text."""

    value: PerMillion
    """The ratio to expect."""

    high: PerMillion
    """Largest ratio that was published for any kind of text."""

    source: Annotated[tuple[Line, ...], Field(min_length=1)]
    """Keys of the table's ``sources`` that state the three numbers."""

    @model_validator(mode="after")
    def _ordered(self) -> Ratio:
        if not 0 < self.low <= self.value <= self.high <= 10:  # noqa: PLR2004
            message = "expected 0 < low <= value <= high <= 10"
            raise ValueError(message)
        return self


class Caching(_Noun):
    """When a prompt cache serves anything."""

    minimum: Tokens
    """Shortest prompt that is cached, in tokens."""

    step: Tokens = 1
    """Cached prefixes end at multiples of this many tokens."""


class FineTuning(_Noun):
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


class Model(_Noun):
    """One model: how it counts, what it takes, when it lives, what it costs."""

    id: Name
    """The identifier that is sent to the API."""

    name: Line
    """The name people use."""

    provider: Literal["openai", "anthropic", "google", "other"]
    """Who serves it."""

    aliases: tuple[Name, ...] = ()
    """Other identifiers of the same model: moving names, names on other clouds."""

    snapshots: tuple[Name, ...] = ()
    """Dated identifiers that are billed by this entry."""

    encoding: Encoding | None = None
    """Its public tokenizer; exactly one of ``encoding`` and ``ratio`` is given."""

    ratio: Ratio | None = None
    """How to estimate its tokens when its tokenizer is not public."""

    window: Tokens
    """Context window: input and output tokens of one request together."""

    max_output: Tokens | None = None
    """Longest answer, in tokens; none: limited by the window alone."""

    max_input: Tokens | None = None
    """Longest prompt, in tokens, where it is shorter than the window."""

    knowledge_cutoff: Line | None = None
    """Up to when the training data reaches, as the vendor puts it."""

    released: Day
    """First day on which it could be called."""

    deprecated: Day | None = None
    """Day on which its shutdown was announced."""

    shutdown: Day | None = None
    """First day on which it can no longer be called."""

    replacement: Name | None = None
    """What to move to."""

    caching: Caching | None = None
    """Rules of its automatic prompt cache; none: it has none."""

    limits_source: Annotated[tuple[Line, ...], Field(min_length=1)]
    """Keys of the table's ``sources`` for window, output cap and dates."""

    note: Line | None = None
    """What is disputed or peculiar about the model."""

    price: Annotated[tuple[PriceRow, ...], Field(min_length=1)]
    """Every price it ever had."""

    fine_tuning: FineTuning | None = None
    """Training it, and serving the result."""

    @model_validator(mode="after")
    def _one_tokenizer(self) -> Model:
        if (self.encoding is None) == (self.ratio is None):
            message = "expected either encoding or ratio"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _dates_in_order(self) -> Model:
        days = [day for day in (self.released, self.deprecated, self.shutdown) if day]
        if days != sorted(days):
            message = "expected released <= deprecated <= shutdown"
            raise ValueError(message)
        if self.deprecated and not self.shutdown:
            message = "expected a shutdown date beside deprecated"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _no_overlap(self) -> Model:
        seen: set[tuple[date, int]] = set()
        for row in self.price:
            key = (row.since, row.above_input_tokens)
            if key in seen:
                message = f"overlapping dates: two price rows since {row.since} above {row.above_input_tokens} tokens"
                raise ValueError(message)
            seen.add(key)
        if not any(row.above_input_tokens == 0 for row in self.price):
            message = "missing price: expected a price row without above_input_tokens"
            raise ValueError(message)
        return self

    @property
    def counted_in(self) -> Encoding:
        """The encoding whose exact count its own count is made of."""
        if self.ratio is not None:
            return self.ratio.of
        if self.encoding is None:
            message = f"{self.id} has neither encoding nor ratio"
            raise ValueError(message)
        return self.encoding

    @property
    def names(self) -> tuple[str, ...]:
        """Every identifier that means this model."""
        return (self.id, *self.aliases, *self.snapshots)

    def status(self, on: date) -> Status:
        """Return where the model stands on a day."""
        if on < self.released:
            return "unreleased"
        if self.shutdown is None:
            return "live"
        if on >= self.shutdown:
            return "retired"
        return "live" if self.deprecated and on < self.deprecated else "deprecated"

    def row(self, *, on: date, input_tokens: int) -> PriceRow | None:
        """Return the row that prices a request of this length on a day.

        The whole request is charged by the row of the highest step that its
        prompt exceeds, and by the newest such row in force.
        """
        in_force = [
            row
            for row in self.price
            if row.since <= on and (input_tokens > row.above_input_tokens or not row.above_input_tokens)
        ]
        return max(in_force, key=lambda row: (row.above_input_tokens, row.since), default=None)


class PricingTable(_Noun):
    """Every model that can be priced, and where its numbers were read."""

    schema_version: Literal[1]
    """The form of the table."""

    checked: Day
    """Day on which the table as a whole was last read against its sources."""

    sources: dict[Name, Line]
    """Short names of the sources, and what they stand for."""

    model: Annotated[tuple[Model, ...], Field(min_length=1)]
    """The models, in the order in which they are listed."""

    @model_validator(mode="after")
    def _names_are_unique(self) -> PricingTable:
        owner: dict[str, str] = {}
        for model in self.model:
            for name in model.names:
                if name in owner:
                    message = f"model {model.id}: the name {name} already belongs to {owner[name]}"
                    raise ValueError(message)
                owner[name] = model.id
        return self

    @model_validator(mode="after")
    def _references_exist(self) -> PricingTable:
        ids = {model.id for model in self.model}
        for model in self.model:
            if model.replacement and model.replacement not in ids:
                message = (
                    f"model {model.id}: replacement: expected the id of a model in the table, found {model.replacement}"
                )
                raise ValueError(message)
            for source in _cited(model):
                if source not in self.sources:
                    message = f"model {model.id}: source: expected a key of [sources], found {source}"
                    raise ValueError(message)
        return self


def _cited(model: Model) -> Iterator[str]:
    yield from model.limits_source
    for row in model.price:
        yield from row.source
    if model.fine_tuning:
        yield from model.fine_tuning.source
    if model.ratio:
        yield from model.ratio.source
