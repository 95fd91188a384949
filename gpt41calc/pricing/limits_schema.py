"""The records of ``limits.toml``: request, batch and rate limits."""

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
"""The usage tiers of an organisation, which depend on how much it has paid so far."""


Tier = Annotated[int, Constrained(strict=True, ge=USAGE_TIERS[0], le=USAGE_TIERS[-1])]
"""A usage tier."""


class RequestLimits(Record):
    """Limits of one request that apply to all models and tiers."""

    string_characters: Tokens
    """Most characters of a single text: a message, or one part of it."""

    source: Cited
    """Keys of the table's ``sources``."""

    checked: Day
    """Day on which they were last compared with the source."""


class BatchLimits(Record):
    """Limits of one batch file."""

    requests: Tokens
    """Most requests in one file."""

    file_bytes: Tokens
    """Largest file, in bytes."""

    source: Cited
    """Keys of the table's ``sources``."""

    checked: Day
    """Day on which they were last compared with the source."""


class UsageTier(Record):
    """The condition for a usage tier."""

    usage_tier: Tier
    """The usage tier."""

    paid: Annotated[int, Constrained(strict=True, ge=0)]
    """Least total payment so far, in US dollars."""

    source: Cited
    """Keys of the table's ``sources``."""


class FineTuningClosed(Record):
    """A date from which fine-tuning is closed to some organisations."""

    since: Day
    """First day on which it is closed."""

    to: Line
    """The usage tiers to which it is closed."""

    source: Cited
    """Keys of the table's ``sources``."""


class TierLimits(Record):
    """The rate limits of one model for one usage tier; a missing number is not known."""

    usage_tier: Tier
    """The usage tier."""

    requests_per_minute: Tokens | None = None
    """Most ordinary requests per minute. None if it is not known."""

    requests_per_day: Tokens | None = None
    """Most ordinary requests per day. None if there is only a limit per minute."""

    tokens_per_minute: Tokens | None = None
    """Most tokens of ordinary requests per minute; a request counts as its input or its longest answer, whichever is
    more. None if it is not known.
    """

    batch_queue: Tokens | None = None
    """Most input tokens of all waiting batches together. None if it is not known."""


class ModelLimits(Record):
    """The rate limits of one model for all usage tiers."""

    id: Name
    """Identifier of the model in the pricing table."""

    standard: tuple[TierLimits, ...] = ()
    """Limits of ordinary requests, one row per usage tier."""

    long_context_above: Tokens | None = None
    """Input tokens above which ``long_context`` applies. None if ``standard`` applies to all lengths."""

    long_context: tuple[TierLimits, ...] = ()
    """Limits of long-context requests, one row per usage tier; empty if they are not known."""

    source: Cited
    """Keys of the table's ``sources``."""

    checked: Day
    """Day on which they were last compared with the source."""

    note: Line | None = None
    """Remark on what is disputed or unusual. None if there is nothing to say."""

    def __post_init__(self) -> None:
        """Refuse a usage tier that occurs twice, and long-context limits without a length."""
        for rows in (self.standard, self.long_context):
            tiers = [row.usage_tier for row in rows]
            if len(set(tiers)) < len(tiers):
                message = f"expected every usage_tier once, found {tiers}"
                raise ValueError(message)
        if self.long_context and self.long_context_above is None:
            message = "expected long_context_above beside long_context"
            raise ValueError(message)

    def at(self, usage_tier: int, input_tokens: int) -> TierLimits | None:
        """Return the limits for a request of this input length and a usage tier. None if they are not known."""
        is_long = self.is_long(input_tokens)
        rows = self.long_context if is_long else self.standard
        return next((row for row in rows if row.usage_tier == usage_tier), None)

    def is_long(self, input_tokens: int) -> bool:
        """Return whether a request of this input length counts as long-context."""
        return self.long_context_above is not None and input_tokens > self.long_context_above


class LimitsTable(Record):
    """The table of all limits, with their sources."""

    schema_version: Literal[1]
    """Version of the table's format."""

    checked: Day
    """Day on which the table as a whole was last compared with its sources."""

    sources: dict[Name, Line]
    """Short names of the sources, and the page or document of each."""

    request: RequestLimits
    """Limits of one request."""

    batch: BatchLimits
    """Limits of one batch file."""

    usage_tier: tuple[UsageTier, ...]
    """The condition for each usage tier."""

    fine_tuning_closed: tuple[FineTuningClosed, ...] = ()
    """The steps in which fine-tuning was closed, earliest first."""

    model: tuple[ModelLimits, ...]
    """Rate limits by model."""

    def __post_init__(self) -> None:
        """Refuse a citation of a source that is not listed."""
        rows = (self.usage_tier, self.fine_tuning_closed, self.model)
        cited = [self.request.source, self.batch.source, *(row.source for each in rows for row in each)]
        for source in (source for each in cited for source in each):
            if source not in self.sources:
                message = f"source: expected a key of [sources], found {source}"
                raise ValueError(message)
