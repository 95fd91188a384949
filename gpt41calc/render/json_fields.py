"""The JSON documents: what scripts read, key by key."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..calculator.breakdown import Breakdown, Row
from ..calculator.context import ContextFit, input_tokens
from ..calculator.cost import Cost
from ..calculator.estimate import Comparison, Estimate
from ..calculator.interval import Exactness, Interval, is_approximate
from ..calculator.model_estimate import ModelEstimate
from ..calculator.workload import Workload
from ..pricing.schema import Model, Status
from ..tally import Skipped, Tally
from ..version import __version__
from .escape import as_unicode, raw_base64
from .model_names import model_name_keys, names_taken
from .surcharges import surcharge_keys, unaudited_keys

if TYPE_CHECKING:
    from ..calculator.request_seen import RequestSeen

__all__ = [
    "cached_share_keys",
    "counts_document",
    "day_or_none",
    "error_document",
    "estimate_document",
    "exactness_of",
    "forecast_keys",
    "header",
    "input_keys",
    "model_keys",
    "name_or_none",
    "path_keys",
    "plain",
    "skip_keys",
    "status_key",
]

SCHEMA_VERSION = 1


def header() -> dict[str, Any]:
    """Return what every document begins with."""
    return {"schema_version": SCHEMA_VERSION, "tool": {"name": "gpt41calc", "version": __version__}}


def error_document(code: str, message: str, hint: str = "") -> dict[str, Any]:
    """Return the document of a run that failed."""
    texts = {"code": code, "message": message, "hint": hint}
    return {"schema_version": SCHEMA_VERSION, "error": {key: as_unicode(text) for key, text in texts.items() if text}}


def estimate_document(estimate: Estimate) -> dict[str, Any]:
    """Return the document of ``estimate``."""
    workload = estimate.workload
    return {
        **header(),
        "as_of": estimate.as_of.isoformat(),
        "pricing": {"checked": estimate.pricing_checked.isoformat(), "overlay": name_or_none(estimate.overlay)},
        **({"config": name_or_none(estimate.config)} if estimate.config else {}),
        "workload": {
            "requests": workload.requests,
            "input_tokens": estimate.input_tokens,
            "cached_tokens": workload.cached_tokens,
            **cached_share_keys(workload),
            "output_tokens": workload.output_tokens,
            **forecast_keys(workload),
            "tier": workload.tier,
            **({} if estimate.requests_per_month is None else {"requests_per_month": estimate.requests_per_month}),
        },
        "inputs": input_keys(estimate.inputs, estimate.encoding, estimate.models[0].model.id),
        **({"requests": [_seen(one) for one in estimate.requests]} if estimate.requests else {}),
        **model_name_keys(estimate.names_taken),
        "models": [_with_month(model_keys(one), estimate.a_month(one)) for one in estimate.models],
        "savings": [_saving(comparison) for comparison in estimate.savings],
        **(_parts(estimate.breakdown) if estimate.breakdown else {}),
    }


def cached_share_keys(workload: Workload) -> dict[str, Any]:
    """Return which share of the input is cached, if it was given as a share."""
    return {} if workload.cached_percent is None else {"cached_percent": workload.cached_percent}


def _with_month(keys: dict[str, Any], per_month: Decimal | None) -> dict[str, Any]:
    """Return the keys of a model with what its requests of a month cost, if that was asked."""
    return keys if per_month is None else {**keys, "cost": {**keys["cost"], "per_month": per_month}}


def forecast_keys(workload: Workload) -> dict[str, Any]:
    """Return where the length of answers is known from, if it was not given."""
    source = workload.forecast_source
    if source is None:
        return {}
    known = {"percentile": source.percentile, "model": source.model}
    return {"calibration": {**path_keys(source.path), **known}}


def counts_document(inputs: Tally, encoding: str, model: Model | None, breakdown: Breakdown) -> dict[str, Any]:
    """Return the document of ``count``; a model is in it if one was asked for."""
    return {
        **header(),
        **({"model": _counted(inputs, model)} if model else {}),
        **model_name_keys(names_taken([model] if model else [])),
        "inputs": input_keys(inputs, encoding),
        **_parts(breakdown),
    }


def _counted(inputs: Tally, model: Model) -> dict[str, Any]:
    tokens = input_tokens(inputs.tokens(model.counted_in), model)
    exactness = exactness_of(model)
    return {
        "id": model.id,
        **unaudited_keys(model),
        "exactness": exactness,
        "input_tokens": tokens.value,
        **_bounds(tokens, exactness),
    }


def _seen(one: RequestSeen) -> dict[str, Any]:
    """Return an input that was not counted as text; a picture has no messages."""
    if one.endpoint is None:
        return {**path_keys(one.path), "kind": "picture"}
    return {
        **path_keys(one.path),
        "kind": "request",
        "endpoint": one.endpoint,
        "model": None if one.model is None else as_unicode(one.model),
        "messages": one.messages,
        "tools": one.tools,
        "pictures": one.pictures,
        "assumed_pictures": one.assumed,
        "max_output_tokens": one.max_output,
        "choices": one.choices,
    }


def input_keys(inputs: Tally, encoding: str, model: str = "") -> dict[str, Any]:
    """Return what was counted, and what was not."""
    return {
        "files": inputs.files,
        "bytes": inputs.bytes,
        "tokens": inputs.tokens(encoding) + inputs.added(model),
        "encoding": encoding,
        "exactness": "modelled" if inputs.is_modelled else "exact",
        "complete": inputs.complete,
        "skipped": [skip_keys(one) for one in inputs.skipped],
        "lossy": [as_unicode(path) for path in inputs.lossy],
    }


def _parts(breakdown: Breakdown) -> dict[str, Any]:
    """Return where the tokens are, under a key that says what the parts are."""
    key = {"file": "files", "folder": "folders", "extension": "extensions"}[breakdown.by]
    parts: dict[str, Any] = {key: [_part(row, breakdown.by) for row in breakdown.rows]}
    if breakdown.tree is not None:
        parts["tree"] = [{**_part(row, "folder"), "depth": row.depth} for row in breakdown.tree]
    return parts


def plain(value: Any) -> Any:
    """Write days as text and tuples as lists, however deep."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def model_keys(one: ModelEstimate) -> dict[str, Any]:
    """Return what one model makes of the workload."""
    model = one.model
    return {
        "id": model.id,
        "role": one.role,
        "name": model.name,
        "status": status_key(one.status),
        "shutdown": day_or_none(model.shutdown),
        "replacement": model.replacement,
        "encoding": model.counted_in,
        "exactness": one.exactness,
        "input_tokens": one.tokens.value,
        **_bounds(one.tokens, one.exactness),
        "context": _context(one.context, one.exactness),
        **surcharge_keys(model),
        **_priced(one),
    }


def _context(fit: ContextFit, exactness: Exactness) -> dict[str, Any]:
    return {
        "window": fit.window,
        "max_output": fit.max_output,
        **({"max_input": fit.max_input} if fit.max_input else {}),
        "used": fit.used.value,
        **_bounds(fit.used, exactness),
        "used_percent": fit.used_percent,
        "fits": fit.fits,
        **({"fits_certain": fit.fits_certain} if is_approximate(exactness) or not fit.used.is_exact else {}),
        "headroom": fit.headroom,
        "requests_needed": fit.requests_needed,
    }


def _priced(one: ModelEstimate) -> dict[str, Any]:
    if one.cost is None:
        return {"cost": None, "cost_reason": one.cost_reason}
    return {"cost": _cost(one.cost, one.exactness)}


def _cost(cost: Cost, exactness: Exactness) -> dict[str, Any]:
    return {
        "input": cost.input,
        "cached_input": cost.cached_input,
        "output": cost.output,
        **({"fees": cost.fees} if cost.fees else {}),
        "per_request": cost.per_request,
        "total": cost.total.value,
        **_bounds(cost.total, exactness),
    }


def _saving(comparison: Comparison) -> dict[str, Any]:
    saving = comparison.saving
    ends = {"model": comparison.model, "versus": comparison.versus}
    if saving is None:
        return {**ends, "amount": None, "percent": None, "exactness": comparison.exactness}
    return {
        **ends,
        "amount": saving.amount.value,
        "percent": saving.percent,
        "exactness": comparison.exactness,
        **_bounds(saving.amount, comparison.exactness),
        **({} if saving.sign_certain else {"sign_certain": False}),
    }


def _bounds(interval: Interval[Any], exactness: Exactness) -> dict[str, Any]:
    return {"low": interval.low, "high": interval.high} if is_approximate(exactness) or not interval.is_exact else {}


def _part(row: Row, by: str) -> dict[str, Any]:
    """Return one row of a breakdown; a file needs no number of files."""
    named = {"extension": as_unicode(row.name)} if by == "extension" else path_keys(row.name)
    return {**named, **({} if by == "file" else {"files": row.files}), "bytes": row.bytes, "tokens": row.tokens}


def skip_keys(one: Skipped) -> dict[str, Any]:
    """Return what was skipped, and why."""
    return {**path_keys(one.path), "reason": one.reason, "expected": one.expected}


def path_keys(path: str) -> dict[str, str]:
    """Return a name, with its bytes beside it if it is not Unicode."""
    encoded = raw_base64(path)
    return {"path": as_unicode(path), **({"path_base64": encoded} if encoded else {})}


def name_or_none(path: str | None) -> str | None:
    """Return a name that may be missing, as Unicode."""
    return None if path is None else as_unicode(path)


def day_or_none(day: date | None) -> str | None:
    """Return a day as documents have it."""
    return day.isoformat() if day else None


def status_key(status: Status) -> str | None:
    """Return what scripts know: before its release, a model has none of the three."""
    return None if status == "unreleased" else status


def exactness_of(model: Model) -> Exactness:
    """Return how good counts of text are for a model."""
    return model.text_exactness
