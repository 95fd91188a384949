"""What ``usage`` shows: dollars by model, day and tier, or by what else was asked."""

from __future__ import annotations

from collections.abc import Iterator

from ...render.json import plain_decimal
from ...render.model_names import model_name_notes
from ...render.numbers import dollars, plural, signed
from ...render.sheet import Cell, Sheet
from ...render.skipped import lost_lines
from .charges import Charge, Spent
from .document import bill_document
from .lines import LineCounts
from .statement import Bill

__all__ = ["bill_sheet", "charge_sentence", "spent_sheet"]


def bill_sheet(bill: Bill) -> Sheet:
    """Return a row for each key of the report, for people: amounts rounded, and a row for the sum.

    A kind of token that nobody used has no column.
    """
    keys = tuple(key.capitalize() for key in bill.keys)
    headings = (*keys, *_SHOWN)
    always = {*keys, *_ALWAYS}
    groups = [*bill.rows, bill.total] if len(bill.rows) != 1 else list(bill.rows)
    rows = [_shown(row, bill, is_sum=row.model is None and at == len(groups) - 1) for at, row in enumerate(groups)]
    kept = [at for at, heading in enumerate(headings) if heading in always or any(row[at] for row in rows)]
    return Sheet(
        title=_title(bill),
        columns=tuple(headings[at] for at in kept),
        rows=tuple(tuple(row[at] or None if headings[at] not in always else row[at] for at in kept) for row in rows),
        document=bill_document(bill),
        notes=tuple(_notes(bill)),
        quiet=(plain_decimal(bill.total.charge.total),),
    )


_SHOWN = ("Answers", "Input", "Cached", "Written", "Output", "Reasoning", "Searches", "Cost")
_ALWAYS = frozenset({"Answers", "Input", "Output", "Cost"})

_COLUMNS = (
    *("Answers", "Input tokens", "Cached tokens", "Written tokens", "Written 1h tokens"),
    *("Output tokens", "Reasoning tokens", "Web searches"),
    *("Cost input", "Cost cached input", "Cost cache write", "Cost output", "Cost reasoning", "Cost fees"),
    "Cost total",
)


def spent_sheet(bill: Bill) -> Sheet:
    """Return a row for each key, for spreadsheets and scripts: every kind of token and every digit."""
    columns = (*(key.capitalize() for key in bill.keys), *_COLUMNS)
    rows = tuple(_cells(row, bill) for row in bill.rows)
    return Sheet(title=_title(bill), columns=columns, rows=rows, notes=tuple(_notes(bill)))


def _title(bill: Bill) -> str:
    at_least = "at least " if not bill.is_complete else ""
    said = plural(bill.total.requests, "answer")
    return f"What {_named(bill.paths)} cost: {said}, {at_least}{dollars(bill.total.charge.total)}"


_MOST_NAMED = 3


def _named(paths: tuple[str, ...]) -> str:
    more = len(paths) - _MOST_NAMED
    return ", ".join(paths[:_MOST_NAMED]) + (f" and {plural(more, 'more path')}" if more > 0 else "")


def _keys(row: Spent, bill: Bill, *, is_sum: bool) -> tuple[Cell, ...]:
    values: tuple[Cell, ...] = tuple(getattr(row, key) for key in bill.keys)
    return ("all", *values[1:]) if is_sum else values


def _shown(row: Spent, bill: Bill, *, is_sum: bool) -> tuple[Cell, ...]:
    usage = row.usage
    return (
        *_keys(row, bill, is_sum=is_sum),
        row.requests,
        usage.input_tokens,
        usage.cached_tokens,
        usage.written_tokens + usage.written_1h_tokens,
        usage.output_tokens,
        usage.reasoning_tokens,
        usage.web_searches,
        dollars(row.charge.total),
    )


def _cells(row: Spent, bill: Bill) -> tuple[Cell, ...]:
    usage, charge = row.usage, row.charge
    return (
        *_keys(row, bill, is_sum=False),
        *(row.requests, usage.input_tokens, usage.cached_tokens, usage.written_tokens, usage.written_1h_tokens),
        *(usage.output_tokens, usage.reasoning_tokens, usage.web_searches),
        *(charge.input, charge.cached_input, charge.cache_write, charge.output, charge.reasoning, charge.fees),
        charge.total,
    )


def _notes(bill: Bill) -> Iterator[str]:
    whole = bill.total
    if whole.requests:
        yield charge_sentence(whole.charge)
    if len(bill.models) > 1 and bill.keys != ("model",) and len(bill.models) < len(bill.rows):
        yield "by model: " + ", ".join(f"{row.model} {dollars(row.charge.total)}" for row in bill.models)
    zone = "" if bill.zone == "UTC" else f"; days, weeks and months of {bill.zone}"
    yield f"prices of the day of each answer (table checked {bill.pricing_checked}){zone}"
    if bill.undated:
        yield f"{plural(bill.undated, 'answer')} without a day: prices of {bill.as_of}"
    yield from _line_notes(bill)
    if bill.stated.answers:
        yield _stated_sentence(bill)
    if bill.calibration:
        yield f"what was learned is in {bill.calibration}"
    yield from model_name_notes(bill.names_taken)
    if bill.overlay:
        yield f"prices from {bill.overlay} are laid over the shipped table"
    if bill.config:
        yield f"options from {bill.config}"
    for one in bill.missing[:_MOST_LISTED]:
        yield f"{one.path}: {one.reason}"
    if (more := len(bill.missing) - _MOST_LISTED) > 0:
        yield f"and {plural(more, 'more answer')} with such a charge; --json lists every one"
    yield from lost_lines(bill.skipped)


_MOST_LISTED = 10


def _line_notes(bill: Bill) -> Iterator[str]:
    lines = bill.lines
    if bill.repeated:
        merged = bill.merged_lines
        verb = "was" if bill.repeated == 1 else "were"
        often = "twice" if merged == bill.repeated else "more than once"
        yield f"{plural(bill.repeated, 'answer')} {verb} there {often}: {plural(merged, 'line')} merged"
    yield lines_sentence(lines)
    if lines.reasons:
        total = lines.reasons.total()
        said = ", ".join(f"{count:,} {reason.removeprefix('a ')}" for reason, count in lines.reasons.most_common())
        yield f"lines without usage: {total:,} ({said})"


def lines_sentence(lines: LineCounts) -> str:
    """Say what became of every line; the four add up.

    >>> lines_sentence(LineCounts(billed=1, duplicate=2, no_usage=1))
    '4 lines: 1 billed, 2 duplicate, 0 replay, 1 no usage'
    """
    refused = f" ({lines.refused:,} refused)" if lines.refused else ""
    return (
        f"{plural(lines.total, 'line')}: {lines.billed:,} billed, {lines.duplicate:,} duplicate, "
        f"{lines.replay:,} replay, {lines.no_usage:,} no usage{refused}"
    )


def _stated_sentence(bill: Bill) -> str:
    stated = bill.stated
    difference = stated.cost - stated.ours
    said = "the same" if not difference else f"{signed(dollars(difference), difference)} apart"
    verb = "states its" if stated.answers == 1 else "state their"
    return (
        f"{plural(stated.answers, 'answer')} {verb} cost: {dollars(stated.cost)}, "
        f"by the price table {dollars(stated.ours)} ({said})"
    )


def charge_sentence(charge: Charge) -> str:
    """Say what an amount is made of.

    >>> from decimal import Decimal
    >>> charge_sentence(Charge(input=Decimal(2), cached_input=Decimal("0.5"), output=Decimal(8)))
    '$2.00 input + $0.50 cached input + $8.00 output = $10.50'
    """
    parts = (
        (charge.input, "input"),
        (charge.cached_input, "cached input"),
        (charge.cache_write, "written to a cache"),
        (charge.output, "output"),
        (charge.reasoning, "reasoning"),
        (charge.fees, "fees of tools"),
    )
    said = [f"{dollars(amount)} {what}" for amount, what in parts if amount] or ["nothing"]
    return f"{' + '.join(said)} = {dollars(charge.total)}"
