"""The JSON document of ``usage``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...render.escape import as_unicode
from ...render.json_fields import header, name_or_none, path_keys, skip_keys
from ...render.model_names import model_name_keys
from ...render.surcharges import surcharges_key
from .accuracy import Compared, UsageAccuracy
from .accuracy_kinds import accuracy_keys
from .answer import Usage
from .charges import Charge, Spent
from .invoice.compare import InvoiceComparison
from .ledger import Stated
from .lines import LineCounts
from .row_keys import DEFAULT_KEYS
from .usage_cost import UsageCost

__all__ = ["usage_document"]


def usage_document(usage_cost: UsageCost) -> dict[str, Any]:
    """Return the document of ``usage``."""
    whole = usage_cost.total
    return {
        **header(),
        **model_name_keys(usage_cost.names_taken),
        "as_of": usage_cost.as_of.isoformat(),
        "pricing": {"checked": usage_cost.pricing_checked.isoformat(), "overlay": name_or_none(usage_cost.overlay)},
        **({"config": name_or_none(usage_cost.config)} if usage_cost.config else {}),
        **surcharges_key(usage_cost.surcharged),
        "files": [path_keys(path) for path in usage_cost.files],
        "complete": usage_cost.is_complete,
        "lines": _lines(usage_cost.lines),
        "answers": whole.requests,
        "repeated_answers": usage_cost.repeated,
        "merged_lines": usage_cost.merged_lines,
        "undated": usage_cost.undated,
        "usage": _usage(whole.usage),
        "cost": _cost(whole.charge),
        **({"by": list(usage_cost.keys)} if usage_cost.keys != DEFAULT_KEYS else {}),
        **({"timezone": usage_cost.zone} if usage_cost.zone != "UTC" else {}),
        "rows": [_row(row, usage_cost) for row in usage_cost.rows],
        "models": [_spent(row) for row in usage_cost.models],
        **({"reckoning": _accuracy(usage_cost, usage_cost.accuracy)} if usage_cost.accuracy else {}),
        **({"calibration": as_unicode(usage_cost.calibration)} if usage_cost.calibration else {}),
        **({"stated": _stated(usage_cost.stated)} if usage_cost.stated.answers else {}),
        **({"invoice": _invoice(usage_cost.invoice)} if usage_cost.invoice else {}),
        "not_in_sum": [skip_keys(one) for one in usage_cost.missing],
        "without_usage": [skip_keys(one) for one in usage_cost.failed],
        "skipped": [skip_keys(one) for one in usage_cost.skipped],
    }


def _row(row: Spent, usage_cost: UsageCost) -> dict[str, Any]:
    keys = {key: getattr(row, key) for key in usage_cost.keys}
    texts = {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in keys.items()}
    return {
        **{key: as_unicode(value) if isinstance(value, str) else value for key, value in texts.items()},
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


def _accuracy(usage_cost: UsageCost, accuracy: UsageAccuracy) -> dict[str, Any]:
    return {
        "expected_output": usage_cost.expected_output,
        "total": _compared(accuracy.total),
        "unanswered": accuracy.unanswered,
        "unasked": accuracy.unmatched,
        **({"kinds": [accuracy_keys(one) for one in accuracy.kinds]} if usage_cost.shows_kinds else {}),
        "requests": [
            {"custom_id": as_unicode(one.custom_id or ""), "model": one.model, "kind": one.kind, **_compared(one)}
            for one in accuracy.rows
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
