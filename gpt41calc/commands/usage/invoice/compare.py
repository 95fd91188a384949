"""Compare an invoice with the answers, by day and model, and explain the differences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import combinations

from ....pricing.price import TIERS
from ..answer import Usage
from ..charges import Spent
from .invoice_line import InvoiceLine
from .prices import PriceFinder

__all__ = ["Cause", "InvoiceComparison", "InvoiceRow", "compare"]

_CENT = Decimal("0.01")
_HALF_A_CENT = Decimal("0.005")
"""Smallest difference, in US dollars: invoices are rounded to cents."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A part of a difference, with its reason."""

    reason: str
    """The reason as a phrase."""

    amount: Decimal
    """US dollars; positive if the provider charged them and the answers do not have them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRow:
    """Invoice and answers of one model on one day."""

    day: date | None
    """The day, in UTC. None if the answers have no day."""

    model: str
    """Identifier in the price table, or the name in the invoice for anything else."""

    invoiced: Decimal
    """US dollars charged."""

    ours: Decimal
    """Cost of the answers in US dollars."""

    causes: tuple[Cause, ...] = ()
    """The parts of the difference; empty if there is none."""

    @property
    def difference(self) -> Decimal:
        """Charged minus computed US dollars; negative if less was charged."""
        return self.invoiced - self.ours

    @property
    def agrees(self) -> bool:
        """Whether both amounts are equal when rounded to cents."""
        return abs(self.difference) < _HALF_A_CENT


@dataclass(frozen=True, slots=True)
class InvoiceComparison:
    """The comparison of an invoice with the answers."""

    rows: tuple[InvoiceRow, ...]
    """Rows by day and model."""

    @property
    def invoiced(self) -> Decimal:
        """US dollars charged in total."""
        return sum((row.invoiced for row in self.rows), Decimal())

    @property
    def ours(self) -> Decimal:
        """Cost of all answers in US dollars."""
        return sum((row.ours for row in self.rows), Decimal())

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The parts of all differences, the largest first."""
        sums: dict[str, Decimal] = {}
        for row in self.rows:
            for cause in row.causes:
                sums[cause.reason] = sums.get(cause.reason, Decimal()) + cause.amount
        ordered = sorted(sums.items(), key=lambda each: (-abs(each[1]), each[0]))
        return tuple(Cause(reason, amount) for reason, amount in ordered)


@dataclass(slots=True)
class _Side:
    """The amounts and tokens of one side for a day and model."""

    amount: Decimal = Decimal()
    usage: Usage | None = None
    groups: list[Spent] = field(default_factory=list)
    is_priced: bool = True


def compare(
    lines: Iterable[InvoiceLine],
    groups: Sequence[Spent],
    merged: Mapping[tuple[str, date | None], Decimal],
    prices: PriceFinder,
) -> InvoiceComparison:
    """Return the comparison of an invoice with the answers.

    Args:
        lines: the invoice.
        groups: sums of answers by model, day in UTC and tier.
        merged: the cost of repeated lines if they were separate answers, by model and day.
        prices: the price table.
    """
    invoice: dict[tuple[date | None, str], _Side] = {}
    for line in lines:
        side = invoice.setdefault((line.day, prices.name_of(line.model)), _Side())
        amount = line.amount
        if amount is None and line.usage is not None:
            amount = prices.cost(line.model, line.tier, line.day, line.usage, line.requests)
        side.is_priced = side.is_priced and amount is not None
        side.amount += amount or 0
        if line.usage is not None:
            side.usage = (side.usage or Usage()) + line.usage
    ours: dict[tuple[date | None, str], _Side] = {}
    for group in groups:
        side = ours.setdefault((group.utc_day, group.model or ""), _Side(usage=Usage()))
        side.amount += group.charge.total
        side.usage = (side.usage or Usage()) + group.usage
        side.groups.append(group)
    keys = sorted({*invoice, *ours}, key=lambda key: (key[0] or date.min, key[1]))
    return InvoiceComparison(tuple(_row(key, invoice.get(key), ours.get(key), merged, prices) for key in keys))


def _row(
    key: tuple[date | None, str],
    invoice: _Side | None,
    ours: _Side | None,
    merged: Mapping[tuple[str, date | None], Decimal],
    prices: PriceFinder,
) -> InvoiceRow:
    day, model = key
    row = InvoiceRow(
        day=day,
        model=model,
        invoiced=invoice.amount if invoice else Decimal(),
        ours=ours.amount if ours else Decimal(),
    )
    if row.agrees:
        return row
    if ours is None:
        reason = "no answer of this model on this day in the files"
        return replace(row, causes=(Cause(reason, row.difference),))
    if invoice is None:
        reason = "answers without a day" if day is None else "not on the invoice"
        return replace(row, causes=(Cause(reason, row.difference),))
    known = [*_merged(model, day, merged), *_by_terms(ours, prices)]
    causes = _explained(row.difference, known)
    if not causes and invoice.usage is not None and ours.usage is not None:
        causes = _by_tokens(row.difference, invoice.usage, ours.usage)
    if not causes:
        reason = "lines that are missing from the files" if row.difference > 0 else "answers that were not charged"
        causes = (Cause(reason, row.difference),)
    return replace(row, causes=causes)


def _merged(model: str, day: date | None, merged: Mapping[tuple[str, date | None], Decimal]) -> list[Cause]:
    amount = merged.get((model, day))
    return [Cause("duplicates: charged as answers of their own", amount)] if amount else []


def _by_terms(ours: _Side, prices: PriceFinder) -> list[Cause]:
    """Return the change in the cost of the answers under other terms."""
    causes = []
    fees = sum((group.charge.fees for group in ours.groups), Decimal())
    if fees:
        causes.append(Cause("fees of tools, which the invoice does not have", -fees))
    for tier in TIERS:
        others = [group for group in ours.groups if group.tier != tier]
        changed = _changed(others, [replace(group, tier=tier) for group in others], prices)
        if changed:
            causes.append(Cause(f"price list: charged as {tier}", changed))
    for name, change in _OTHER_TERMS.items():
        changed = _changed(ours.groups, [replace(each, usage=change(each.usage)) for each in ours.groups], prices)
        if changed:
            causes.append(Cause(name, changed))
    return causes


def _changed(before: Sequence[Spent], after: Sequence[Spent], prices: PriceFinder) -> Decimal:
    """Return the change in the cost of some sums when they are changed; 0 if one of them has no price then."""
    more = Decimal()
    for one, other in zip(before, after, strict=True):
        costs = _cost(one, prices), _cost(other, prices)
        if costs[0] is None or costs[1] is None:
            return Decimal()
        more += costs[1] - costs[0]
    return more


def _cost(group: Spent, prices: PriceFinder) -> Decimal | None:
    if group.utc_day is None or group.model is None or group.tier is None:
        return None
    return prices.cost(group.model, group.tier, group.utc_day, group.usage, group.requests)


def _written_for_an_hour(usage: Usage) -> Usage:
    return replace(usage, written_tokens=0, written_1h_tokens=usage.written_tokens + usage.written_1h_tokens)


def _written_for_minutes(usage: Usage) -> Usage:
    return replace(usage, written_1h_tokens=0, written_tokens=usage.written_tokens + usage.written_1h_tokens)


def _not_cached(usage: Usage) -> Usage:
    return replace(usage, cached_tokens=0, fresh_tokens=usage.fresh_tokens + usage.cached_tokens)


_OTHER_TERMS: Mapping[str, Callable[[Usage], Usage]] = {
    "cache writes: charged as kept for an hour": _written_for_an_hour,
    "cache writes: charged as kept for five minutes": _written_for_minutes,
    "cache: charged as input that was not cached": _not_cached,
}


def _explained(difference: Decimal, known: Sequence[Cause]) -> tuple[Cause, ...]:
    """Return the fewest causes whose sum is the difference, to the cent; empty if there are none."""
    for count in (1, 2):
        for some in combinations(known, count):
            if abs(sum((cause.amount for cause in some), Decimal()) - difference) <= _CENT:
                return some
    return ()


def _by_tokens(difference: Decimal, invoice: Usage, ours: Usage) -> tuple[Cause, ...]:
    """Return a phrase with the tokens that only one side has."""
    kinds = (
        ("input", "fresh_tokens"),
        ("cached", "cached_tokens"),
        ("written", "written_tokens"),
        ("written for an hour", "written_1h_tokens"),
        ("output", "output_tokens"),
    )
    more = [(getattr(invoice, name) - getattr(ours, name), what) for what, name in kinds]
    differences = ", ".join(f"{count:+,} {what}" for count, what in more if count)
    return (Cause(f"lines that differ: {differences} tokens on the invoice", difference),) if differences else ()
