"""The JSON document of ``check``."""

from __future__ import annotations

from typing import Any

from ...calculator.budget import Check, RowsChecked, Verdict
from ...calculator.limit_check import LimitCheck
from ...render.escape import as_unicode
from ...render.json_fields import cached_share_keys, forecast_keys, header, name_or_none, path_keys, skip_keys
from ...render.model_names import model_name_keys, names_taken
from ...render.surcharges import surcharges_key

__all__ = ["check_document"]


def check_document(check: Check) -> dict[str, Any]:
    """Return the document of ``check``: the verdict, every budget with all its limits, and the basis of the numbers."""
    workload = check.workload
    return {
        **header(),
        **model_name_keys(names_taken(check.models)),
        "passed": check.is_decided and not check.is_failed,
        "complete": check.is_complete,
        "model": [model.id for model in check.models],
        "budgets": [_budget(verdict, is_estimated=check.models[0].ratio is not None) for verdict in check.verdicts],
        "as_of": check.as_of.isoformat(),
        "pricing": {"checked": check.pricing_checked.isoformat(), "overlay": name_or_none(check.overlay)},
        **surcharges_key(check.models),
        "workload": {
            "cached_tokens": workload.cached_tokens if workload.cached_percent is None else None,
            **cached_share_keys(workload),
            "output_tokens": workload.output_tokens,
            **forecast_keys(workload),
            "tier": workload.tier,
        },
        "config": name_or_none(check.config),
        "against": name_or_none(check.against),
        **({"against_source": check.against_source} if check.against_source else {}),
        "fail_on": check.fail_on,
    }


def _budget(verdict: Verdict, *, is_estimated: bool) -> dict[str, Any]:
    tokens, before = verdict.tokens, verdict.before
    lost = [one for one in verdict.inputs.skipped if not one.expected]
    lost_before = [one for one in before.skipped if not one.expected] if before else []
    return {
        "name": as_unicode(verdict.budget.name),
        "level": verdict.budget.level,
        "passed": verdict.has_passed,
        "files": verdict.files,
        "tokens": tokens.value,
        **({"low": tokens.low, "high": tokens.high} if is_estimated or verdict.rows else {}),
        **({"rows": _rows(verdict.rows)} if verdict.rows else {}),
        "limits": [_limit(limit_check) for limit_check in verdict.limits],
        "complete": verdict.is_complete,
        **({"skipped": [skip_keys(one) for one in lost]} if lost else {}),
        **({"skipped_at_base": [skip_keys(one) for one in lost_before]} if lost_before else {}),
        **({"unmatched": [as_unicode(glob) for glob in verdict.unmatched]} if verdict.unmatched else {}),
    }


def _rows(rows: RowsChecked) -> dict[str, Any]:
    requests, cost = rows.requests, rows.cost
    return {
        "exactness": "sampled" if rows.is_sampled else "exact",
        "read_percent": rows.read_percent,
        "requests": {"low": requests.low, "value": requests.value, "high": requests.high},
        "cost": None if cost is None else {"low": cost.low, "value": cost.value, "high": cost.high},
    }


def _limit(limit_check: LimitCheck) -> dict[str, Any]:
    return {
        "limit": limit_check.limit,
        "allowed": limit_check.allowed,
        "actual": limit_check.actual,
        "unit": limit_check.unit,
        "passed": limit_check.passed,
        **({"model": limit_check.model} if limit_check.model is not None else {}),
        **(path_keys(limit_check.path) if limit_check.path is not None else {}),
        **({"before": limit_check.before} if limit_check.before is not None else {}),
        **({"low": limit_check.low, "limit_in_range": limit_check.is_in_range} if limit_check.low is not None else {}),
        **({"exactness": limit_check.exactness} if limit_check.exactness != "exact" else {}),
    }
