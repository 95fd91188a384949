"""The JSON documents of models and their prices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from ..pricing.price import TIERS, Price, PriceRow
from ..pricing.schema import Model
from .json_fields import day_or_none, exactness_of, header, name_or_none, plain, status_key
from .model_names import model_name_keys, names_taken
from .surcharges import charge_keys

__all__ = ["models_document"]


def _model_document(model: Model, on: date) -> dict[str, Any]:
    """Return all fields of a model in the price table."""
    return {
        "id": model.id,
        "name": model.name,
        "provider": model.provider,
        **({"kind": model.kind} if model.kind != "chat" else {}),
        **charge_keys(model),
        "status": status_key(model.status(on)),
        "aliases": list(model.aliases),
        "snapshots": list(model.snapshots),
        "encoding": model.counted_in,
        "exactness": exactness_of(model),
        **({"ratio": plain(model.ratio.given())} if model.ratio else {}),
        "window": model.window,
        "max_output": model.max_output,
        **({"max_input": model.max_input} if model.max_input else {}),
        "knowledge_cutoff": model.knowledge_cutoff,
        "released": model.released.isoformat(),
        "deprecated": day_or_none(model.deprecated),
        "shutdown": day_or_none(model.shutdown),
        "replacement": model.replacement,
        "caching": model.caching.given() if model.caching else None,
        "limits_source": list(model.limits_source),
        **({"note": model.note} if model.note else {}),
        "prices": [_price_row(row) for row in model.price],
        **({"fine_tuning": plain(model.fine_tuning.given())} if model.fine_tuning else {}),
    }


def _price_row(row: PriceRow) -> dict[str, Any]:
    tiers: dict[str, Any] = {tier: _price(price) for tier in TIERS if (price := row.of(tier))}
    return {
        "since": row.since.isoformat(),
        "above_input_tokens": row.above_input_tokens,
        **tiers,
        "source": list(row.source),
        "checked": row.checked.isoformat(),
        **({"note": row.note} if row.note else {}),
    }


def _price(price: Price) -> dict[str, Decimal]:
    return price.given()


def models_document(models: Iterable[Model], on: date, checked: date, overlay: str | None) -> dict[str, Any]:
    """Return the document of ``models`` and ``pricing show``."""
    found = list(models)
    return {
        **header(),
        **model_name_keys(names_taken(found)),
        "as_of": on.isoformat(),
        "pricing": {"checked": checked.isoformat(), "overlay": name_or_none(overlay)},
        "models": [_model_document(model, on) for model in found],
    }
