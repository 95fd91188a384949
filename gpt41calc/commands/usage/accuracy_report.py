"""The table of ``usage --input``: estimated and actual numbers, request by request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ...render.cells import Figure, Money
from ...render.numbers import dollars, percent, plural, signed
from ...render.sheet import Cell, Look, Sheet, short_notes
from .accuracy import Compared, UsageAccuracy
from .document import usage_document
from .usage_cost import UsageCost

__all__ = ["accuracy_sentence", "accuracy_sheet"]

_MOST_COMPARED = 10

_HEADINGS = (
    *("Request", "Model", "Input est.", "Input", "Output est.", "Output"),
    *("Estimated $", "Charged $", "Off $", "Off %"),
)
_COLUMNS = (
    *("Request", "Model", "Expected input tokens", "Actual input tokens"),
    *("Expected output tokens", "Actual output tokens", "Expected cost", "Actual cost", "Off", "Off percent"),
)
"""The columns for scripts, with distinct names."""


def accuracy_sheet(usage_cost: UsageCost, accuracy: UsageAccuracy, *, most: int | None = _MOST_COMPARED) -> Sheet:
    """Return a row per request, the worst estimate first: a few rounded ones for people, or all with every digit."""
    rows: Sequence[Compared] = accuracy.rows if most is None else accuracy.rows[:most]
    last = [accuracy.total] if most is not None and len(accuracy.rows) > 1 else []
    cells = _exactly if most is None else _roughly
    notes, explained = short_notes(_accuracy_notes(usage_cost, accuracy, hidden=len(accuracy.rows) - len(rows)))
    return Sheet(
        title=_accuracy_title(accuracy),
        columns=_COLUMNS if most is None else _HEADINGS,
        rows=tuple(cells(one) for one in (*rows, *last)),
        document=usage_document(usage_cost),
        notes=notes,
        explained=explained,
        look=Look(expendable=("Input est.", "Output est.", "Model", "Off %")),
    )


def _accuracy_title(accuracy: UsageAccuracy) -> str:
    return f"Estimate against actual: {plural(len(accuracy.rows), 'request')}, the most dollars off first"


def _exactly(one: Compared) -> tuple[Cell, ...]:
    return (*_compared_tokens(one), one.expected_cost, one.actual_cost, one.off, one.off_percent)


def _roughly(one: Compared) -> tuple[Cell, ...]:
    off = one.off_percent
    return (
        *_compared_tokens(one),
        Money(one.expected_cost),
        Money(one.actual_cost),
        Figure(signed(dollars(one.off), one.off)),
        None if off is None else Figure(signed(percent(off), off)),
    )


def _compared_tokens(one: Compared) -> tuple[Cell, ...]:
    return (
        "all" if one.custom_id is None else one.custom_id,
        one.model,
        one.expected_input,
        one.actual_input,
        one.expected_output,
        one.actual_output,
    )


def _accuracy_notes(usage_cost: UsageCost, accuracy: UsageAccuracy, *, hidden: int) -> Iterator[str]:
    whole = accuracy.total
    if whole.requests:
        yield accuracy_sentence(whole)
    if hidden:
        yield f"and {plural(hidden, 'request')} whose estimate was closer; --format csv and json list every one"
    yield f"estimated: {usage_cost.expected_output}; no token from a cache; prices of the answer's day and tier"
    if accuracy.unanswered:
        yield f"{plural(accuracy.unanswered, 'request')} without an answer"
    if accuracy.unmatched:
        yield f"{plural(accuracy.unmatched, 'answer')} without a request of the same custom_id: not compared"


def accuracy_sentence(whole: Compared) -> str:
    """Return a sentence with the error of an estimate."""
    off = whole.input_off_percent
    prompts = "" if off is None else f"; prompts were {_by(off)} estimated"
    share = "" if whole.off_percent is None else f" ({signed(percent(whole.off_percent), whole.off_percent)})"
    return (
        f"estimated {dollars(whole.expected_cost)}, charged {dollars(whole.actual_cost)}: "
        f"{signed(dollars(whole.off), whole.off)}{share}{prompts}"
    )


def _by(off: Decimal) -> str:
    return f"{percent(abs(off))} {'longer' if off > 0 else 'shorter'} than" if off else "as long as"
