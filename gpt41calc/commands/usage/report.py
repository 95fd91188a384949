"""The report of ``usage``: costs by model, day and tier, or by other keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...render.answer import Answer
from ...render.cells import Money
from ...render.json import plain_decimal
from ...render.model_names import model_name_notes, model_names_in_short
from ...render.numbers import dollars, number, plural, signed
from ...render.sheet import Cell, Look, Sheet, short_notes
from ...render.skipped import lost_lines
from ...render.surcharges import surcharge_summary
from .charges import Charge, Spent
from .document import usage_document
from .lines import LineCounts
from .usage_cost import UsageCost

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ...render.pictures.picture import Picture

__all__ = ["charge_sentence", "spent_sheet", "usage_sheet"]


def usage_sheet(usage_cost: UsageCost) -> Sheet:
    """Return a row per key with rounded amounts and a row for the sum, for people.

    A kind of token that does not occur has no column.
    """
    keys = tuple(key.capitalize() for key in usage_cost.keys)
    notes, explained = short_notes(_notes(usage_cost))
    headings = (*keys, *_SHOWN)
    always = {*keys, *_ALWAYS}
    groups = [*usage_cost.rows, usage_cost.total] if len(usage_cost.rows) != 1 else list(usage_cost.rows)
    rows = [
        _shown(row, usage_cost, is_sum=row.model is None and at == len(groups) - 1) for at, row in enumerate(groups)
    ]
    shown_columns = [at for at, heading in enumerate(headings) if heading in always or any(row[at] for row in rows)]
    return Sheet(
        title="",
        answer=_answer(usage_cost),
        columns=tuple(headings[at] for at in shown_columns),
        rows=tuple(
            tuple(row[at] or None if headings[at] not in always else row[at] for at in shown_columns) for row in rows
        ),
        document=usage_document(usage_cost),
        notes=notes,
        explained=explained,
        look=Look(expendable=("Tier", "Searches", "Reasoning", "Written", "Cached"), fixed=keys),
        quiet=(plain_decimal(usage_cost.total.charge.total),),
        pictures=_pictures,
    )


def _pictures(document: Mapping[str, Any]) -> Iterable[Picture]:
    from .pictures import usage_pictures

    return usage_pictures(document)


_SHOWN = ("Answers", "Input", "Cached", "Written", "Output", "Reasoning", "Searches", "Cost")
_ALWAYS = frozenset({"Answers", "Input", "Output", "Cost"})

_COLUMNS = (
    *("Answers", "Input tokens", "Cached tokens", "Written tokens", "Written 1h tokens"),
    *("Output tokens", "Reasoning tokens", "Web searches"),
    *("Cost input", "Cost cached input", "Cost cache write", "Cost output", "Cost reasoning", "Cost fees"),
    "Cost total",
)


def spent_sheet(usage_cost: UsageCost) -> Sheet:
    """Return a row per key, for spreadsheets and scripts: every kind of token and every digit."""
    columns = (*(key.capitalize() for key in usage_cost.keys), *_COLUMNS)
    rows = tuple(_cells(row, usage_cost) for row in usage_cost.rows)
    return Sheet(title="", answer=_answer(usage_cost), columns=columns, rows=rows, notes=tuple(_notes(usage_cost)))


def _answer(usage_cost: UsageCost) -> Answer:
    """Return a sentence with the cost and the tokens of all answers."""
    usage = usage_cost.total.usage
    least = "" if usage_cost.is_complete else "at least "
    thought = f" ({number(usage.reasoning_tokens)} of them reasoning)" if usage.reasoning_tokens else ""
    cached = f" ({number(usage.cached_tokens)} of them cached)" if usage.cached_tokens else ""
    cost = f"{least}{dollars(usage_cost.total.charge.total)} for {plural(usage_cost.total.requests, 'answer')}"
    tokens = f"{number(usage.input_tokens)} tokens in{cached}, {number(usage.output_tokens)} out{thought}"
    return Answer(f"{cost} in {_named(usage_cost.paths)}: {tokens}", None if usage_cost.is_complete else "not known")


_MOST_NAMED = 3


def _named(paths: tuple[str, ...]) -> str:
    more = len(paths) - _MOST_NAMED
    return ", ".join(paths[:_MOST_NAMED]) + (f" and {plural(more, 'more path')}" if more > 0 else "")


def _keys(row: Spent, usage_cost: UsageCost, *, is_sum: bool) -> tuple[Cell, ...]:
    values: tuple[Cell, ...] = tuple(getattr(row, key) for key in usage_cost.keys)
    return ("all", *values[1:]) if is_sum else values


def _shown(row: Spent, usage_cost: UsageCost, *, is_sum: bool) -> tuple[Cell, ...]:
    usage = row.usage
    return (
        *_keys(row, usage_cost, is_sum=is_sum),
        row.requests,
        usage.input_tokens,
        usage.cached_tokens,
        usage.written_tokens + usage.written_1h_tokens,
        usage.output_tokens,
        usage.reasoning_tokens,
        usage.web_searches,
        Money(row.charge.total),
    )


def _cells(row: Spent, usage_cost: UsageCost) -> tuple[Cell, ...]:
    usage, charge = row.usage, row.charge
    return (
        *_keys(row, usage_cost, is_sum=False),
        *(row.requests, usage.input_tokens, usage.cached_tokens, usage.written_tokens, usage.written_1h_tokens),
        *(usage.output_tokens, usage.reasoning_tokens, usage.web_searches),
        *(charge.input, charge.cached_input, charge.cache_write, charge.output, charge.reasoning, charge.fees),
        charge.total,
    )


def _notes(usage_cost: UsageCost) -> Iterator[str]:
    """Yield notes on missing and repeated lines, the parts of the sum, and its basis."""
    whole = usage_cost.total
    lost = list(lost_lines(usage_cost.skipped))
    yield from lost[:1]
    if usage_cost.config:
        yield f"options from {usage_cost.config}"
    if usage_cost.names_taken:
        yield "; ".join(model_names_in_short(usage_cost.names_taken))
    if usage_cost.repeated:
        yield _repeated_sentence(usage_cost)
    if usage_cost.calibration:
        yield f"what was learned is in {usage_cost.calibration}"
    if whole.requests:
        yield charge_sentence(whole.charge)
    yield from _stated_note(usage_cost, is_apart=True)
    if len(usage_cost.models) > 1 and usage_cost.keys != ("model",) and len(usage_cost.models) < len(usage_cost.rows):
        yield "by model: " + ", ".join(f"{row.model} {dollars(row.charge.total)}" for row in usage_cost.models)
    zone = "" if usage_cost.zone == "UTC" else f"; days, weeks and months of {usage_cost.zone}"
    yield f"prices of the day of each answer (table checked {usage_cost.pricing_checked}){zone}"
    if usage_cost.undated:
        yield f"{plural(usage_cost.undated, 'answer')} without a day: prices of {usage_cost.as_of}"
    yield from _line_notes(usage_cost)
    yield from _stated_note(usage_cost, is_apart=False)
    yield from surcharge_summary(usage_cost.surcharged)
    yield from model_name_notes(usage_cost.names_taken)
    if usage_cost.overlay:
        yield f"prices from {usage_cost.overlay} are laid over the shipped table"
    yield from _missing_notes(usage_cost)
    yield from lost[1:]


def _missing_notes(usage_cost: UsageCost) -> Iterator[str]:
    """Yield notes on answers with an unknown charge."""
    for one in usage_cost.missing[:_MOST_LISTED]:
        yield f"{one.path}: {one.reason}"
    if (more := len(usage_cost.missing) - _MOST_LISTED) > 0:
        yield f"and {plural(more, 'more answer')} with such a charge; --json lists every one"


_MOST_LISTED = 10


def _line_notes(usage_cost: UsageCost) -> Iterator[str]:
    lines = usage_cost.lines
    yield lines_sentence(lines)
    if lines.reasons:
        total = lines.reasons.total()
        sentence = ", ".join(f"{count:,} {reason.removeprefix('a ')}" for reason, count in lines.reasons.most_common())
        yield f"lines without usage: {total:,} ({sentence})"


def _repeated_sentence(usage_cost: UsageCost) -> str:
    merged = usage_cost.merged_lines
    verb = "was" if usage_cost.repeated == 1 else "were"
    often = "twice" if merged == usage_cost.repeated else "more than once"
    return f"{plural(usage_cost.repeated, 'answer')} {verb} there {often}: {plural(merged, 'line')} merged"


def lines_sentence(lines: LineCounts) -> str:
    """Return a sentence with the results of all lines; the four numbers add up.

    >>> lines_sentence(LineCounts(billed=1, duplicate=2, no_usage=1))
    '4 lines: 1 billed, 2 duplicate, 0 replay, 1 no usage'
    """
    refused = f" ({lines.refused:,} refused)" if lines.refused else ""
    return (
        f"{plural(lines.total, 'line')}: {lines.billed:,} billed, {lines.duplicate:,} duplicate, "
        f"{lines.replay:,} replay, {lines.no_usage:,} no usage{refused}"
    )


def _stated_note(usage_cost: UsageCost, *, is_apart: bool) -> Iterator[str]:
    """Say what answers state that they cost, if that is as far from the price table as is asked."""
    stated = usage_cost.stated
    if not stated.answers or stated.is_apart is not is_apart:
        return
    difference = stated.cost - stated.ours
    sentence = "the same" if not difference else f"{signed(dollars(difference), difference)} apart"
    verb = "states its" if stated.answers == 1 else "state their"
    yield (
        f"{plural(stated.answers, 'answer')} {verb} cost: {dollars(stated.cost)}, "
        f"by the price table {dollars(stated.ours)} ({sentence})"
    )


def charge_sentence(charge: Charge) -> str:
    """Return a sentence with the parts of an amount.

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
    amounts = [f"{dollars(amount)} {what}" for amount, what in parts if amount] or ["nothing"]
    return f"{' + '.join(amounts)} = {dollars(charge.total)}"
