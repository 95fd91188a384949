"""The keys of JSON documents for the effect of a change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from ..calculator.change import ModelChange
from ..calculator.interval import Interval, is_approximate
from .surcharges import charge_keys

__all__ = ["model_change_keys", "per_month_keys"]


def model_change_keys(change: ModelChange, requests_per_month: int | None, on: date) -> dict[str, Any]:
    """Return the effect for one model; with the requests of a month, also the cost of these."""
    status = change.model.status(on)
    return {
        "id": change.model.id,
        "status": None if status == "unreleased" else status,
        "exactness": change.exactness,
        "before": change.before.value,
        "after": change.after.value,
        "delta": change.delta.value,
        **(_bounds(change.delta) if is_approximate(change.exactness) or not change.delta.is_exact else {}),
        **charge_keys(change.model),
        "cost_before": change.cost_before,
        "cost_after": change.cost_after,
        "cost_delta": change.cost_delta,
        **per_month_keys(change.cost_delta, requests_per_month),
        "crossed": list(change.crossed),
    }


def _bounds(delta: Interval[int]) -> dict[str, int]:
    return {"low": delta.low, "high": delta.high}


def per_month_keys(delta: Decimal | None, requests_per_month: int | None) -> dict[str, Decimal | None]:
    """Return the additional cost of a month; nothing if the number of requests is not known."""
    if requests_per_month is None:
        return {}
    return {"cost_delta_per_month": None if delta is None else delta * requests_per_month}
