"""The JSON document of ``preflight``."""

from __future__ import annotations

from typing import Any

from ...calculator.limit_check import LimitCheck, Remedy
from ...render.escape import as_unicode
from ...render.json_fields import cached_share_keys, header, name_or_none, skip_keys
from ...render.model_names import model_name_keys, names_taken
from ...render.surcharges import charge_keys
from .packing_report import plan_document
from .results import Load, ModelChecks, Preflight
from .sentences import limit_check_sentence, limit_check_word

__all__ = ["preflight_document"]


def preflight_document(preflight: Preflight) -> dict[str, Any]:
    """Return the document of ``preflight``: every limit of every model, the remedies, and the basis of the numbers."""
    traffic, plan = preflight.traffic, preflight.plan
    workload = traffic.workload
    return {
        **header(),
        **model_name_keys(names_taken(one.model for one in preflight.models)),
        "passed": preflight.is_complete and not preflight.is_failed,
        "complete": preflight.is_complete,
        "as_of": traffic.as_of.isoformat(),
        "until": traffic.until.isoformat(),
        "usage_tier": traffic.usage_tier,
        "requests_per_minute": traffic.per_minute,
        "pricing": {"checked": preflight.pricing_checked.isoformat(), "overlay": name_or_none(preflight.overlay)},
        "limits": {
            "checked": preflight.limits.checked.isoformat(),
            "overlay": name_or_none(preflight.limits.overlay),
        },
        **({"config": name_or_none(preflight.config)} if preflight.config else {}),
        "workload": {
            "requests": preflight.load.requests,
            "cached_tokens": workload.cached_tokens if workload.cached_percent is None else None,
            **cached_share_keys(workload),
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


def _model(preflight: Preflight, one: ModelChecks) -> dict[str, Any]:
    model = one.model
    status, counted = model.status(preflight.traffic.as_of), preflight.load.range(model)
    return {
        "id": model.id,
        "status": None if status == "unreleased" else status,
        "shutdown": model.shutdown.isoformat() if model.shutdown else None,
        "replacement": model.replacement,
        "exactness": model.text_exactness,
        "input_tokens": one.tokens,
        **({} if counted.is_exact else {"low": counted.low, "high": counted.high}),
        **charge_keys(model),
        "passed": not one.is_broken and not one.is_unknown,
        "limits": [_limit_check(preflight, one, check) for check in one.limit_checks],
    }


def _limit_check(preflight: Preflight, one: ModelChecks, check: LimitCheck) -> dict[str, Any]:
    return {
        "limit": check.limit,
        "verdict": limit_check_word(check),
        "allowed": check.allowed,
        "actual": check.actual,
        "unit": check.unit,
        "passed": check.passed,
        "used": check.is_used,
        **({"low": check.low, "limit_in_range": check.is_in_range} if check.low is not None else {}),
        **({"long_context": True} if check.is_long else {}),
        **({"exactness": check.exactness} if check.exactness != "exact" else {}),
        "sentence": as_unicode(limit_check_sentence(preflight, one, check)),
        **({"ways": [_remedy(remedy) for remedy in check.remedies]} if check.is_broken else {}),
    }


def _remedy(remedy: Remedy) -> dict[str, Any]:
    return {
        "way": remedy.kind,
        "model": remedy.model.id,
        "requests": remedy.requests,
        **({"amount": remedy.amount} if remedy.amount is not None else {}),
        "cost": remedy.cost,
        "rate_limits_known": remedy.is_known,
    }
