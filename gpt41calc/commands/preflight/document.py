"""The JSON document of ``preflight``."""

from __future__ import annotations

from typing import Any

from ...render.escape import as_unicode
from ...render.json_fields import header, name_or_none, skip_keys
from .packing_report import plan_document
from .results import Load, ModelRulings, Preflight, Ruling, WayOut
from .sentences import ruling_sentence, ruling_word

__all__ = ["preflight_document"]


def preflight_document(preflight: Preflight) -> dict[str, Any]:
    """Return the document of ``preflight``: every limit of every model, the ways out, and what it rests on."""
    asked, plan = preflight.asked, preflight.plan
    workload = asked.workload
    return {
        **header(),
        "passed": preflight.is_complete and not preflight.is_failed,
        "complete": preflight.is_complete,
        "as_of": asked.as_of.isoformat(),
        "until": asked.until.isoformat(),
        "usage_tier": asked.usage_tier,
        "requests_per_minute": asked.per_minute,
        "pricing": {"checked": preflight.pricing_checked.isoformat(), "overlay": name_or_none(preflight.overlay)},
        "limits": {
            "checked": preflight.limits.checked.isoformat(),
            "overlay": name_or_none(preflight.limits.overlay),
        },
        **({"config": name_or_none(preflight.config)} if preflight.config else {}),
        "workload": {
            "requests": preflight.load.requests,
            "cached_tokens": workload.cached_tokens,
            "output_tokens": workload.output_tokens,
            "tier": workload.tier,
        },
        "inputs": _inputs(preflight.load),
        "models": [_model(preflight, one) for one in preflight.models],
        **({"plan": plan_document(plan, preflight.models[0].model.id)} if plan else {}),
    }


def _inputs(load: Load) -> dict[str, Any]:
    inputs, characters = load.inputs, load.characters
    return {
        "files": inputs.files,
        "bytes": inputs.bytes,
        "characters": {"low": characters.low, "high": characters.high},
        "complete": inputs.complete,
        "skipped": [skip_keys(one) for one in inputs.skipped],
        "lossy": [as_unicode(path) for path in inputs.lossy],
    }


def _model(preflight: Preflight, one: ModelRulings) -> dict[str, Any]:
    model = one.model
    status = model.status(preflight.asked.as_of)
    return {
        "id": model.id,
        "status": None if status == "unreleased" else status,
        "shutdown": model.shutdown.isoformat() if model.shutdown else None,
        "replacement": model.replacement,
        "exactness": "estimated" if model.ratio else "exact",
        "input_tokens": one.tokens,
        "passed": not one.is_broken and not one.is_unknown,
        "limits": [_ruling(preflight, one, ruling) for ruling in one.rulings],
    }


def _ruling(preflight: Preflight, one: ModelRulings, ruling: Ruling) -> dict[str, Any]:
    return {
        "limit": ruling.limit,
        "verdict": ruling_word(ruling),
        "allowed": ruling.allowed,
        "actual": ruling.actual,
        "unit": ruling.unit,
        "passed": ruling.passed,
        "used": ruling.is_used,
        **({"long_context": True} if ruling.is_long else {}),
        **({"exactness": ruling.exactness} if ruling.exactness != "exact" else {}),
        "sentence": as_unicode(ruling_sentence(preflight, one, ruling)),
        **({"ways": [_way(way) for way in ruling.ways]} if ruling.is_broken else {}),
    }


def _way(way: WayOut) -> dict[str, Any]:
    return {
        "way": way.kind,
        "model": way.model.id,
        "requests": way.requests,
        **({"amount": way.amount} if way.amount is not None else {}),
        "cost": way.cost,
        "rate_limits_known": way.is_known,
    }
