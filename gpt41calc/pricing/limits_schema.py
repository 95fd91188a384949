"""The table of limits: what limits.toml may hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from .fields import Cited, Constrained, Day, Line, Name, Record, Tokens

__all__ = [
    "USAGE_TIERS",
    "BatchLimits",
    "FineTuningClosed",
    "LimitsTable",
    "ModelLimits",
    "RequestLimits",
    "Tier",
    "TierLimits",
    "UsageTier",
]


USAGE_TIERS = (1, 2, 3, 4, 5)
"""The tiers of an organisation, by what it has paid so far."""


Tier = Annotated[int, Constrained(strict=True, ge=USAGE_TIERS[0], le=USAGE_TIERS[-1])]
"""A usage tier."""


@dataclass(frozen=True, kw_only=True)
class RequestLimits(Record):
    """What one request may hold, whatever the model and the tier."""

    string_characters: Tokens
    """Characters of a single text: a message, or a part of one."""

    source: Cited
    """Keys of the table's ``sources``."""

    checked: Day
    """Day on which they were last compared with the source."""


@dataclass(frozen=True, kw_only=True)
class BatchLimits(Record):
    """What one batch file may hold."""

    requests: Tokens
    """Requests."""

    file_bytes: Tokens
    """Bytes of the file."""

    source: Cited
    """Keys of the table's ``sources``."""

    checked: Day
    """Day on which they were last compared with the source."""


@dataclass(frozen=True, kw_only=True)
class UsageTier(Record):
    """What it takes to be in a tier."""

    usage_tier: Tier
    """The tier."""

    paid: Annotated[int, Constrained(strict=True, ge=0)]
    """US dollars that were paid so far."""

    source: Cited
    """Keys of the table's ``sources``."""


@dataclass(frozen=True, kw_only=True)
class FineTuningClosed(Record):
    """A day on which fine-tuning was closed to some."""

    since: Day
    """First day."""

    to: Line
    """The usage tiers that it holds for."""

    source: Cited
    """Keys of the table's ``sources``."""


@dataclass(frozen=True, kw_only=True)
class TierLimits(Record):
    """What a model accepts of an organisation of one tier; what is missing is not known."""

    usage_tier: Tier
    """The tier."""

    requests_per_minute: Tokens | None = None
    """Ordinary requests."""

    requests_per_day: Tokens | None = None
    """Ordinary requests. None if only those of a minute are limited."""

    tokens_per_minute: Tokens | None = None
    """Tokens of ordinary requests: input or longest answer, whichever is more."""

    batch_queue: Tokens | None = None
    """Input tokens of all batches that are waiting."""


@dataclass(frozen=True, kw_only=True)
class ModelLimits(Record):
    """What a model accepts, tier by tier."""

    id: Name
    """The identifier that the pricing table has."""

    standard: tuple[TierLimits, ...] = ()
    """One for each tier."""

    long_context_above: Tokens | None = None
    """Input tokens above which ``long_context`` holds. None if ``standard`` holds for all lengths."""

    long_context: tuple[TierLimits, ...] = ()
    """One for each tier. None if they are not known."""

    source: Cited
    """Keys of the table's ``sources``."""

    checked: Day
    """Day on which they were last compared with the source."""

    note: Line | None = None
    """What is disputed or peculiar."""

    def __post_init__(self) -> None:
        """Refuse a tier that is there twice, and long requests without a length."""
        for rows in (self.standard, self.long_context):
            tiers = [row.usage_tier for row in rows]
            if len(set(tiers)) < len(tiers):
                message = f"expected every usage_tier once, found {tiers}"
                raise ValueError(message)
        if self.long_context and self.long_context_above is None:
            message = "expected long_context_above beside long_context"
            raise ValueError(message)

    def at(self, usage_tier: int, input_tokens: int) -> TierLimits | None:
        """Return what holds for a request of this length. None if it is not known."""
        is_long = self.is_long(input_tokens)
        rows = self.long_context if is_long else self.standard
        return next((row for row in rows if row.usage_tier == usage_tier), None)

    def is_long(self, input_tokens: int) -> bool:
        """Say whether a request of this length is limited as a long one."""
        return self.long_context_above is not None and input_tokens > self.long_context_above


@dataclass(frozen=True, kw_only=True)
class LimitsTable(Record):
    """Every limit, and where its number was read."""

    schema_version: Literal[1]
    """The form of the table."""

    checked: Day
    """Day on which the table as a whole was last read against its sources."""

    sources: dict[Name, Line]
    """Short names of the sources, and what they stand for."""

    request: RequestLimits
    """What one request may hold."""

    batch: BatchLimits
    """What one batch file may hold."""

    usage_tier: tuple[UsageTier, ...]
    """What it takes to be in each tier."""

    fine_tuning_closed: tuple[FineTuningClosed, ...] = ()
    """The steps in which fine-tuning was closed, the earliest first."""

    model: tuple[ModelLimits, ...]
    """What each model accepts."""

    def __post_init__(self) -> None:
        """Refuse what cites a source that is not there."""
        rows = (self.usage_tier, self.fine_tuning_closed, self.model)
        cited = [self.request.source, self.batch.source, *(row.source for each in rows for row in each)]
        for source in (source for each in cited for source in each):
            if source not in self.sources:
                message = f"source: expected a key of [sources], found {source}"
                raise ValueError(message)
