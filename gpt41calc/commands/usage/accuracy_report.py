"""What ``usage --input`` shows: estimate against actual, request by request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ...render.cells import Figure, Money
from ...render.numbers import dollars, percent, plural, signed
from ...render.sheet import Cell, Look, Sheet, short_notes
from .accuracy import Compared, Reckoning
from .document import bill_document
from .statement import Bill

__all__ = ["reckoned_sentence", "reckoning_sheet"]

_MOST_COMPARED = 10

_HEADINGS = (
    *("Request", "Model", "Input est.", "Input", "Output est.", "Output"),
    *("Estimated $", "Charged $", "Off $", "Off %"),
)
_COLUMNS = (
    *("Request", "Model", "Expected input tokens", "Actual input tokens"),
    *("Expected output tokens", "Actual output tokens", "Expected cost", "Actual cost", "Off", "Off percent"),
)
"""The same for scripts: no name twice."""


def reckoning_sheet(bill: Bill, reckoned: Reckoning, *, most: int | None = _MOST_COMPARED) -> Sheet:
    """Return a row a request, the worst estimate first: so many rounded for people, or all with every digit."""
    rows: Sequence[Compared] = reckoned.rows if most is None else reckoned.rows[:most]
    last = [reckoned.total] if most is not None and len(reckoned.rows) > 1 else []
    cells = _exactly if most is None else _roughly
    notes, explained = short_notes(_reckoned_notes(bill, reckoned, hidden=len(reckoned.rows) - len(rows)))
    return Sheet(
        title=_reckoned_title(reckoned),
        columns=_COLUMNS if most is None else _HEADINGS,
        rows=tuple(cells(one) for one in (*rows, *last)),
        document=bill_document(bill),
        notes=notes,
        explained=explained,
        look=Look(expendable=("Off $", "Input est.", "Output est.", "Model")),
    )


def _reckoned_title(reckoned: Reckoning) -> str:
    return f"Estimate against actual: {plural(len(reckoned.rows), 'request')}, the worst first"


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


def _reckoned_notes(bill: Bill, reckoned: Reckoning, *, hidden: int) -> Iterator[str]:
    whole = reckoned.total
    if whole.requests:
        yield reckoned_sentence(whole)
    if hidden:
        yield f"and {plural(hidden, 'request')} whose estimate was closer; --format csv and json list every one"
    yield f"estimated: {bill.expected_output}; no token from a cache; prices of the answer's day and tier"
    if reckoned.unanswered:
        yield f"{plural(reckoned.unanswered, 'request')} without an answer"
    if reckoned.unasked:
        yield f"{plural(reckoned.unasked, 'answer')} without a request of the same custom_id: not compared"


def reckoned_sentence(whole: Compared) -> str:
    """Say how far off an estimate was."""
    off = whole.input_off_percent
    prompts = "" if off is None else f"; prompts were {_by(off)} estimated"
    share = "" if whole.off_percent is None else f" ({signed(percent(whole.off_percent), whole.off_percent)})"
    return (
        f"estimated {dollars(whole.expected_cost)}, charged {dollars(whole.actual_cost)}: "
        f"{signed(dollars(whole.off), whole.off)}{share}{prompts}"
    )


def _by(off: Decimal) -> str:
    return f"{percent(abs(off))} {'longer' if off > 0 else 'shorter'} than" if off else "as long as"
