"""The JSON document of ``usage``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...render.escape import as_unicode
from ...render.json_fields import header, name_or_none, path_keys, skip_keys
from .accuracy import Compared, Reckoning
from .accuracy_kinds import accuracy_keys
from .answer import Usage
from .charges import Charge, Spent
from .grouping import DEFAULT_KEYS
from .invoice.compare import InvoiceComparison
from .ledger import Stated
from .lines import LineCounts
from .statement import Bill

__all__ = ["bill_document"]


def bill_document(bill: Bill) -> dict[str, Any]:
    """Return the document of ``usage``."""
    whole = bill.total
    return {
        **header(),
        "as_of": bill.as_of.isoformat(),
        "pricing": {"checked": bill.pricing_checked.isoformat(), "overlay": name_or_none(bill.overlay)},
        **({"config": name_or_none(bill.config)} if bill.config else {}),
        "files": [path_keys(path) for path in bill.files],
        "complete": bill.is_complete,
        "lines": _lines(bill.lines),
        "answers": whole.requests,
        "repeated_answers": bill.repeated,
        "merged_lines": bill.merged_lines,
        "undated": bill.undated,
        "usage": _usage(whole.usage),
        "cost": _cost(whole.charge),
        **({"by": list(bill.keys)} if bill.keys != DEFAULT_KEYS else {}),
        **({"timezone": bill.zone} if bill.zone != "UTC" else {}),
        "rows": [_row(row, bill) for row in bill.rows],
        "models": [_spent(row) for row in bill.models],
        **({"reckoning": _reckoning(bill, bill.reckoning)} if bill.reckoning else {}),
        **({"calibration": as_unicode(bill.calibration)} if bill.calibration else {}),
        **({"stated": _stated(bill.stated)} if bill.stated.answers else {}),
        **({"invoice": _invoice(bill.invoice)} if bill.invoice else {}),
        "not_in_sum": [skip_keys(one) for one in bill.missing],
        "without_usage": [skip_keys(one) for one in bill.failed],
        "skipped": [skip_keys(one) for one in bill.skipped],
    }


def _row(row: Spent, bill: Bill) -> dict[str, Any]:
    keys = {key: getattr(row, key) for key in bill.keys}
    said = {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in keys.items()}
    return {
        **{key: as_unicode(value) if isinstance(value, str) else value for key, value in said.items()},
        **_sums(row),
    }


def _spent(row: Spent) -> dict[str, Any]:
    return {"model": row.model, **_sums(row)}


def _sums(row: Spent) -> dict[str, Any]:
    return {"answers": row.requests, "usage": _usage(row.usage), "cost": _cost(row.charge)}


def _lines(lines: LineCounts) -> dict[str, Any]:
    return {
        "total": lines.total,
        "billed": lines.billed,
        "duplicate": lines.duplicate,
        "replay": lines.replay,
        "no_usage": lines.no_usage,
        "refused": lines.refused,
        "reasons": {as_unicode(reason): count for reason, count in lines.reasons.most_common()},
    }


def _stated(stated: Stated) -> dict[str, Any]:
    return {
        "answers": stated.answers,
        "cost": stated.cost,
        "ours": stated.ours,
        "difference": stated.cost - stated.ours,
    }


def _invoice(invoice: InvoiceComparison) -> dict[str, Any]:
    return {
        "invoiced": invoice.invoiced,
        "ours": invoice.ours,
        "difference": invoice.invoiced - invoice.ours,
        "causes": [{"reason": each.reason, "amount": each.amount} for each in invoice.causes],
        "rows": [
            {
                "day": row.day.isoformat() if row.day else None,
                "model": as_unicode(row.model),
                "invoiced": row.invoiced,
                "ours": row.ours,
                "difference": row.difference,
                "agrees": row.agrees,
                "causes": [{"reason": each.reason, "amount": each.amount} for each in row.causes],
            }
            for row in invoice.rows
        ],
    }


def _usage(usage: Usage) -> dict[str, int]:
    return {
        "input_tokens": usage.input_tokens,
        "cached_tokens": usage.cached_tokens,
        "cache_write_tokens": usage.written_tokens,
        "cache_write_1h_tokens": usage.written_1h_tokens,
        "output_tokens": usage.output_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
        "web_searches": usage.web_searches,
    }


def _cost(charge: Charge) -> dict[str, Decimal]:
    return {
        "input": charge.input,
        "cached_input": charge.cached_input,
        "cache_write": charge.cache_write,
        "output": charge.output,
        "reasoning": charge.reasoning,
        "fees": charge.fees,
        "total": charge.total,
    }


def _reckoning(bill: Bill, reckoned: Reckoning) -> dict[str, Any]:
    return {
        "expected_output": bill.expected_output,
        "total": _compared(reckoned.total),
        "unanswered": reckoned.unanswered,
        "unasked": reckoned.unasked,
        **({"kinds": [accuracy_keys(one) for one in reckoned.kinds]} if bill.shows_kinds else {}),
        "requests": [
            {"custom_id": as_unicode(one.custom_id or ""), "model": one.model, "kind": one.kind, **_compared(one)}
            for one in reckoned.rows
        ],
    }


def _compared(one: Compared) -> dict[str, Any]:
    return {
        "expected_input_tokens": one.expected_input,
        "expected_input_low": one.expected_input_low,
        "expected_input_high": one.expected_input_high,
        "actual_input_tokens": one.actual_input,
        "expected_output_tokens": one.expected_output,
        "actual_output_tokens": one.actual_output,
        "expected_cost": one.expected_cost,
        "actual_cost": one.actual_cost,
        "off": one.off,
        "off_percent": one.off_percent,
    }
