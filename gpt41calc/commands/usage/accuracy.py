"""How far off was the estimate? Every request against its answer."""

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
    """One request, as it is estimated before it is sent."""

    place: str
    """Where it is: file and line."""

    custom_id: str
    """By what it is matched with its answer."""

    kind: str
    """What kind of request it is, as in ``chat: functions``."""

    input_tokens: int
    """Tokens of its prompt, corrected by a calibration if there is one."""

    input_low: int
    """The fewest tokens that the prompt may be billed."""

    input_high: int
    """The most tokens that the prompt may be billed."""

    modelled_tokens: int
    """Tokens of its prompt without a correction."""

    output_tokens: int
    """Tokens of its answer."""

    exactness: Exactness
    """How good the count of the prompt is."""

    messages: int
    """How many messages it has."""

    tools: int
    """How many tools it describes."""

    images: int = 0
    """How many images it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One request with its answer, or several; of both, tokens and US dollars."""

    custom_id: str | None
    """By what the two were matched. None for the sum of several requests."""

    model: str | None
    """Identifier of the model that answered. None for several."""

    kind: str | None
    """What kind of request it is, as in ``chat: functions``. None for several kinds."""

    requests: int
    """How many requests."""

    expected_input: int
    """Tokens of the prompt, estimated."""

    expected_input_low: int
    """The fewest tokens that were to be expected: 95 of 100 prompts of its kind are within the two."""

    expected_input_high: int
    """The most tokens that were to be expected."""

    actual_input: int
    """Tokens of the prompt, as the API counted them."""

    expected_output: int
    """Tokens of the answer, estimated."""

    actual_output: int
    """Tokens of the answer."""

    expected_cost: Decimal
    """US dollars, estimated: no token from the cache, at the prices of the answer's day and tier."""

    actual_cost: Decimal
    """US dollars that were charged."""

    @property
    def off(self) -> Decimal:
        """US dollars by which the estimate was too low; negative: too high."""
        return self.actual_cost - self.expected_cost

    @property
    def off_percent(self) -> Decimal | None:
        """The same in percent of what was charged. None if nothing was."""
        return _percent(self.off, self.actual_cost)

    @property
    def input_off_percent(self) -> Decimal | None:
        """By how much of its estimate the prompt was longer; negative: shorter. None if nothing was estimated."""
        return _percent(Decimal(self.actual_input - self.expected_input), Decimal(self.expected_input))


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageAccuracy:
    """All requests against their answers."""

    rows: tuple[Compared, ...]
    """One for each request that was answered, the worst estimate first."""

    total: Compared
    """All of them together."""

    unanswered: int
    """Requests without an answer."""

    unmatched: int
    """Answers without a request."""

    @property
    def kinds(self) -> tuple[Accuracy, ...]:
        """How good the estimates of prompts are, by kind of request, and of all of them last."""
        return accuracy_by_kind(_pair(row) for row in self.rows)


def compared(expected: Expected, actual: Priced, estimate: Priced) -> Compared:
    """Compare a request with its answer.

    Args:
        expected: the request.
        actual: its answer.
        estimate: the answer as it would be priced if it were as expected.
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
    """Put the worst estimates first, by dollars, and add all up."""
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
