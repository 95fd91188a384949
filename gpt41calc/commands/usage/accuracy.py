"""Compare the estimate of every request with its answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from ...calculator.accuracy import Accuracy, Pair, accuracy_by_kind
from ...calculator.interval import Exactness, Interval
from .charges import Priced

__all__ = ["Compared", "Expected", "UsageAccuracy", "compared", "usage_accuracy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The estimate of one request before it is sent."""

    place: str
    """Its location: file and line."""

    custom_id: str
    """Identifier that matches it with its answer."""

    kind: str
    """Kind of the request, for example ``chat: functions``."""

    input_tokens: int
    """Estimated tokens of its prompt, corrected by a calibration if there is one."""

    input_low: int
    """Fewest tokens that may be billed for the prompt."""

    input_high: int
    """Most tokens that may be billed for the prompt."""

    modelled_tokens: int
    """Estimated tokens of its prompt without the correction."""

    output_tokens: int
    """Expected tokens of its answer."""

    exactness: Exactness
    """Exactness of the prompt's count."""

    messages: int
    """Number of messages."""

    tools: int
    """Number of tools."""

    images: int = 0
    """Number of images."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Estimated and actual tokens and costs of one request, or of several together."""

    custom_id: str | None
    """Identifier of the request. None for several requests."""

    model: str | None
    """Identifier of the model that answered. None for several models."""

    kind: str | None
    """Kind of the request, for example ``chat: functions``. None for several kinds."""

    requests: int
    """Number of requests."""

    expected_input: int
    """Estimated tokens of the prompt."""

    expected_input_low: int
    """Lower bound of the estimate; 95 of 100 prompts of its kind are within the bounds."""

    expected_input_high: int
    """Upper bound of the estimate."""

    actual_input: int
    """Tokens of the prompt as counted by the API."""

    expected_output: int
    """Estimated tokens of the answer."""

    actual_output: int
    """Actual tokens of the answer."""

    expected_cost: Decimal
    """Estimated cost in US dollars, without cached tokens, at the prices of the answer's day and tier."""

    actual_cost: Decimal
    """Actual cost in US dollars."""

    @property
    def off(self) -> Decimal:
        """Actual minus estimated cost in US dollars; negative if the estimate was too high."""
        return self.actual_cost - self.expected_cost

    @property
    def off_percent(self) -> Decimal | None:
        """The same in percent of the actual cost. None if that is zero."""
        return _percent(self.off, self.actual_cost)

    @property
    def input_off_percent(self) -> Decimal | None:
        """Percent by which the prompt was longer than estimated; negative if shorter. None if the estimate is zero."""
        return _percent(Decimal(self.actual_input - self.expected_input), Decimal(self.expected_input))


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageAccuracy:
    """The comparison of all requests with their answers."""

    rows: tuple[Compared, ...]
    """One row per answered request, the worst estimate first."""

    total: Compared
    """The sum of all rows."""

    unanswered: int
    """Number of requests without an answer."""

    unmatched: int
    """Number of answers without a request."""

    @property
    def kinds(self) -> tuple[Accuracy, ...]:
        """Accuracy of the prompt estimates by kind of request, and for all kinds as the last entry."""
        return accuracy_by_kind(_pair(row) for row in self.rows)


def compared(expected: Expected, actual: Priced, estimate: Priced) -> Compared:
    """Return the comparison of a request with its answer.

    Args:
        expected: the request.
        actual: its answer.
        estimate: the answer with the expected tokens, priced.
    """
    return Compared(
        custom_id=expected.custom_id,
        model=actual.model.id,
        kind=expected.kind,
        requests=1,
        expected_input=expected.input_tokens,
        expected_input_low=expected.input_low,
        expected_input_high=expected.input_high,
        actual_input=actual.answer.usage.input_tokens,
        expected_output=expected.output_tokens,
        actual_output=actual.answer.usage.output_tokens,
        expected_cost=estimate.charge.total,
        actual_cost=actual.charge.total,
    )


def usage_accuracy(pairs: Iterable[Compared], *, unanswered: int, unmatched: int) -> UsageAccuracy:
    """Return the comparison of all requests, the worst estimate in dollars first, with their sum."""
    rows = sorted(pairs, key=lambda one: (-abs(one.off), one.custom_id or ""))
    nothing = Compared(
        custom_id=None,
        model=None,
        kind=None,
        requests=0,
        expected_input=0,
        expected_input_low=0,
        expected_input_high=0,
        actual_input=0,
        expected_output=0,
        actual_output=0,
        expected_cost=Decimal(),
        actual_cost=Decimal(),
    )
    sums = {name: sum((getattr(one, name) for one in rows), getattr(nothing, name)) for name in _SUMMED}
    return UsageAccuracy(rows=tuple(rows), total=replace(nothing, **sums), unanswered=unanswered, unmatched=unmatched)


_SUMMED = tuple(name for name in Compared.__slots__ if name not in {"custom_id", "model", "kind"})


def _pair(row: Compared) -> Pair:
    estimate = Interval(row.expected_input_low, row.expected_input, row.expected_input_high)
    return Pair(kind=row.kind or "", actual=row.actual_input, estimate=estimate)


def _percent(part: Decimal, whole: Decimal) -> Decimal | None:
    return (100 * part / whole).quantize(Decimal("0.01")) if whole else None
