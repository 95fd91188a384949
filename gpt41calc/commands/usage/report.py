"""What ``usage`` shows: dollars by model, day and tier, and estimate against actual."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from ...render.escape import as_unicode
from ...render.json import plain_decimal
from ...render.json_fields import header, name_or_none, path_keys, skip_keys
from ...render.numbers import dollars, percent, plural, signed
from ...render.sheet import Cell, Sheet
from ...render.skipped import lost_lines, skipped_sentence
from ...tally import Skipped
from .accuracy import Compared, Reckoning
from .charges import Charge, Spent, Usage
from .statement import Bill

__all__ = ["bill_document", "bill_sheet", "reckoning_sheet", "spent_sheet"]

_MOST_COMPARED = 10

_COLUMNS = (
    "Model",
    "Day",
    "Tier",
    "Answers",
    "Input",
    "Cached",
    "Written",
    "Output",
    "Reasoning",
    "Input $",
    "Cached $",
    "Written $",
    "Output $",
    "Reasoning $",
    "Total $",
)


def bill_sheet(bill: Bill) -> Sheet:
    """Return a row a model, day and tier, for people: amounts rounded, and a row for the sum.

    A kind of token that nobody used has no column.
    """
    groups = [*bill.rows, bill.total] if len(bill.rows) != 1 else list(bill.rows)
    rows = [_shown(row, is_sum=row.model is None) for row in groups]
    kept = [at for at, heading in enumerate(_SHOWN) if heading in _ALWAYS or any(row[at] for row in rows)]
    return Sheet(
        title=_title(bill),
        columns=tuple(_SHOWN[at] for at in kept),
        rows=tuple(tuple(row[at] or None if _SHOWN[at] not in _ALWAYS else row[at] for at in kept) for row in rows),
        document=bill_document(bill),
        notes=tuple(_notes(bill)),
        quiet=(plain_decimal(bill.total.charge.total),),
    )


_SHOWN = ("Model", "Day", "Tier", "Answers", "Input", "Cached", "Written", "Output", "Reasoning", "Cost")
_ALWAYS = frozenset({"Model", "Day", "Tier", "Answers", "Input", "Output", "Cost"})


def spent_sheet(bill: Bill) -> Sheet:
    """Return a row a model, day and tier, for spreadsheets and scripts: every kind of token and every digit."""
    return Sheet(title=_title(bill), columns=_COLUMNS, rows=tuple(map(_cells, bill.rows)), notes=tuple(_notes(bill)))


def _title(bill: Bill) -> str:
    return f"What {', '.join(bill.paths)} cost: {plural(bill.total.requests, 'answer')}"


def _shown(row: Spent, *, is_sum: bool) -> tuple[Cell, ...]:
    usage = row.usage
    return (
        "all" if is_sum else row.model,
        row.day,
        row.tier,
        row.requests,
        usage.input_tokens,
        usage.cached_tokens,
        usage.written_tokens + usage.written_1h_tokens,
        usage.output_tokens,
        usage.reasoning_tokens,
        dollars(row.charge.total),
    )


def _cells(row: Spent) -> tuple[Cell, ...]:
    usage, charge = row.usage, row.charge
    written = usage.written_tokens + usage.written_1h_tokens
    amounts = (charge.input, charge.cached_input, charge.cache_write, charge.output, charge.reasoning, charge.total)
    return (
        *(row.model, row.day, row.tier, row.requests, usage.input_tokens, usage.cached_tokens, written),
        *(usage.output_tokens, usage.reasoning_tokens),
        *amounts,
    )


def _notes(bill: Bill) -> Iterator[str]:
    whole = bill.total
    if whole.requests:
        yield charge_sentence(whole.charge)
    if len(bill.models) > 1 and len(bill.models) < len(bill.rows):
        yield "by model: " + ", ".join(f"{row.model} {dollars(row.charge.total)}" for row in bill.models)
    yield f"prices of the day of each answer (table checked {bill.pricing_checked})"
    if bill.undated:
        yield f"{plural(bill.undated, 'answer')} without a day: prices of {bill.as_of}"
    if bill.failed:
        yield f"lines without usage: {skipped_sentence(_by_kind(bill))}"
    if bill.calibration:
        yield f"what was learned is in {bill.calibration}"
    if bill.overlay:
        yield f"prices from {bill.overlay} are laid over the shipped table"
    if bill.config:
        yield f"options from {bill.config}"
    yield from lost_lines(bill.skipped)


def _by_kind(bill: Bill) -> Iterator[Skipped]:
    """Return failures with one reason for all of them: their messages are as many as there are failures."""
    return (one._replace(reason=one.reason.partition(":")[0]) for one in bill.failed)


def charge_sentence(charge: Charge) -> str:
    """Say what an amount is made of.

    >>> charge_sentence(Charge(input=Decimal(2), cached_input=Decimal("0.5"), output=Decimal(8)))
    '$2.00 input + $0.50 cached input + $8.00 output = $10.50'
    """
    parts = (
        (charge.input, "input"),
        (charge.cached_input, "cached input"),
        (charge.cache_write, "written to a cache"),
        (charge.output, "output"),
        (charge.reasoning, "reasoning"),
    )
    said = [f"{dollars(amount)} {what}" for amount, what in parts if amount] or ["nothing"]
    return f"{' + '.join(said)} = {dollars(charge.total)}"


def reckoning_sheet(bill: Bill, reckoned: Reckoning, *, most: int | None = _MOST_COMPARED) -> Sheet:
    """Return a row a request, the worst estimate first: so many rounded for people, or all with every digit."""
    rows: Sequence[Compared] = reckoned.rows if most is None else reckoned.rows[:most]
    last = [reckoned.total] if most is not None and len(reckoned.rows) > 1 else []
    cells = _exactly if most is None else _roughly
    return Sheet(
        title=_reckoned_title(reckoned),
        columns=(
            *("Request", "Model", "Input est.", "Input", "Output est.", "Output"),
            *("Estimated $", "Charged $", "Off $", "Off %"),
        ),
        rows=tuple(cells(one) for one in (*rows, *last)),
        document=bill_document(bill),
        notes=tuple(_reckoned_notes(bill, reckoned, hidden=len(reckoned.rows) - len(rows))),
    )


def _reckoned_title(reckoned: Reckoning) -> str:
    return f"Estimate against actual: {plural(len(reckoned.rows), 'request')}, the worst first"


def _exactly(one: Compared) -> tuple[Cell, ...]:
    return (*_compared_tokens(one), one.expected_cost, one.actual_cost, one.off, one.off_percent)


def _roughly(one: Compared) -> tuple[Cell, ...]:
    off = one.off_percent
    return (
        *_compared_tokens(one),
        dollars(one.expected_cost),
        dollars(one.actual_cost),
        signed(dollars(one.off), one.off),
        None if off is None else signed(percent(off), off),
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


def bill_document(bill: Bill) -> dict[str, Any]:
    """Return the document of ``usage``."""
    whole = bill.total
    return {
        **header(),
        "as_of": bill.as_of.isoformat(),
        "pricing": {"checked": bill.pricing_checked.isoformat(), "overlay": name_or_none(bill.overlay)},
        **({"config": name_or_none(bill.config)} if bill.config else {}),
        "files": [path_keys(path) for path in bill.paths],
        "complete": not bill.skipped,
        "answers": whole.requests,
        "undated": bill.undated,
        "usage": _usage(whole.usage),
        "cost": _cost(whole.charge),
        "rows": [_spent(row) for row in bill.rows],
        "models": [_spent(row) for row in bill.models],
        **({"reckoning": _reckoning(bill, bill.reckoning)} if bill.reckoning else {}),
        **({"calibration": as_unicode(bill.calibration)} if bill.calibration else {}),
        "without_usage": [skip_keys(one) for one in bill.failed],
        "skipped": [skip_keys(one) for one in bill.skipped],
    }


def _spent(row: Spent) -> dict[str, Any]:
    kind = {} if row.tier is None else {"day": row.day.isoformat() if row.day else None, "tier": row.tier}
    return {
        "model": row.model,
        **kind,
        "answers": row.requests,
        "usage": _usage(row.usage),
        "cost": _cost(row.charge),
    }


def _usage(usage: Usage) -> dict[str, int]:
    return {
        "input_tokens": usage.input_tokens,
        "cached_tokens": usage.cached_tokens,
        "cache_write_tokens": usage.written_tokens,
        "cache_write_1h_tokens": usage.written_1h_tokens,
        "output_tokens": usage.output_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
    }


def _cost(charge: Charge) -> dict[str, Decimal]:
    return {
        "input": charge.input,
        "cached_input": charge.cached_input,
        "cache_write": charge.cache_write,
        "output": charge.output,
        "reasoning": charge.reasoning,
        "total": charge.total,
    }


def _reckoning(bill: Bill, reckoned: Reckoning) -> dict[str, Any]:
    return {
        "expected_output": bill.expected_output,
        "total": _compared(reckoned.total),
        "unanswered": reckoned.unanswered,
        "unasked": reckoned.unasked,
        "requests": [
            {"custom_id": as_unicode(one.custom_id or ""), "model": one.model, **_compared(one)}
            for one in reckoned.rows
        ],
    }


def _compared(one: Compared) -> dict[str, Any]:
    return {
        "expected_input_tokens": one.expected_input,
        "actual_input_tokens": one.actual_input,
        "expected_output_tokens": one.expected_output,
        "actual_output_tokens": one.actual_output,
        "expected_cost": one.expected_cost,
        "actual_cost": one.actual_cost,
        "off": one.off,
        "off_percent": one.off_percent,
    }
