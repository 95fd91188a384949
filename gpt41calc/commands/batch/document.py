"""The JSON document of ``batch``."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from ...render.escape import as_unicode
from ...render.json_fields import header, name_or_none, path_keys, skip_keys
from ...render.model_names import model_name_keys
from ...render.surcharges import surcharges_key
from .plan import BatchPlan, ModelPlan, Offer
from .run_modes import ModeCost

__all__ = ["batch_document"]

_PLACES = Decimal("0.000001")


def batch_document(plan: BatchPlan) -> dict[str, Any]:
    """Return the document of ``batch``."""
    return {
        **header(),
        **model_name_keys(plan.names_taken),
        "as_of": plan.as_of.isoformat(),
        "pricing": {"checked": plan.pricing_checked.isoformat(), "overlay": name_or_none(plan.overlay)},
        **surcharges_key(plan.offered),
        **({"config": name_or_none(plan.config)} if plan.config else {}),
        **(path_keys(plan.paths[0]) if len(plan.paths) == 1 else {"paths": list(map(as_unicode, plan.paths))}),
        "bytes": plan.bytes,
        "requests": plan.requests,
        "output": plan.output_rule,
        "complete": plan.complete,
        "skipped": [skip_keys(one) for one in plan.skipped],
        "refused": {"requests": plan.refusals, "listed": [skip_keys(one) for one in plan.refused]},
        "batch": {
            "files": plan.files,
            "requests_per_file": plan.limits.requests,
            "bytes_per_file": plan.limits.file_bytes,
            **({"written": [as_unicode(path) for path in plan.written]} if plan.written else {}),
        },
        "models": [_model(model) for model in plan.models],
    }


def _model(model: ModelPlan) -> dict[str, Any]:
    own, tokens = model.own, model.tokens
    return {
        "id": own.model.id,
        "requests": model.requests,
        "exactness": own.exactness,
        "input_tokens": {
            "total": tokens.total,
            "least": tokens.least,
            "median": tokens.p50,
            "p95": tokens.p95,
            "longest": tokens.most,
        },
        "output_tokens": own.output,
        "capped_requests": model.capped,
        "assumed_pictures": model.assumed_pictures,
        "cached_tokens": own.cached.value,
        "hit_rate": _share(own.hit_rate),
        "break_even_hit_rate": None if model.break_even is None else _share(model.break_even),
        "reordered": {
            "cached_tokens": model.reordered_tokens,
            "total": model.reordered.total.value if model.reordered.total else None,
        },
        "cheapest": _cheapest(model),
        "queue_days": [{"usage_tier": one.usage_tier, "days": one.days} for one in model.days],
        "offers": [_offer(offer, at < model.variants) for at, offer in enumerate(model.offers)],
    }


def _share(value: Decimal) -> Decimal:
    return value.quantize(_PLACES, ROUND_HALF_EVEN)


def _cheapest(model: ModelPlan) -> dict[str, Any] | None:
    if model.cheapest is None:
        return None
    offer, mode = model.cheapest
    return {"model": offer.model.id, "way": _key(mode), "total": mode.total.value if mode.total else None}


def _offer(offer: Offer, is_variant: bool) -> dict[str, Any]:  # noqa: FBT001 - what it says is in its name
    return {
        "model": offer.model.id,
        "role": "variant" if is_variant else "comparator",
        "status": None if offer.status == "unreleased" else offer.status,
        "exactness": offer.exactness,
        "input_tokens": offer.input.value,
        **({} if offer.input.is_exact else {"low": offer.input.low, "high": offer.input.high}),
        "cached_tokens": offer.cached.value,
        "output_tokens": offer.output,
        "ways": [_mode(mode) for mode in offer.modes],
    }


def _mode(mode: ModeCost) -> dict[str, Any]:
    if mode.total is None:
        return {"way": _key(mode), "total": None, "reason": mode.reason}
    bounds = {} if mode.total.is_exact else {"low": mode.total.low, "high": mode.total.high}
    return {"way": _key(mode), "total": mode.total.value, **bounds}


def _key(mode: ModeCost) -> str:
    return mode.mode.replace(" ", "_")
