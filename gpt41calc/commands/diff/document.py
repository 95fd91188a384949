"""The JSON document of ``diff``."""

from __future__ import annotations

from typing import Any

from ...calculator.change import FileChange
from ...render.change_fields import model_change_keys, per_month_keys
from ...render.escape import as_unicode, raw_base64
from ...render.json_fields import header, path_keys
from ...render.model_names import model_name_keys, names_taken
from ...tally import Counted, Skipped
from .compare import Difference, cost_delta_of

__all__ = ["difference_document"]


def difference_document(difference: Difference) -> dict[str, Any]:
    """Return the document of ``diff``: totals, every model, and every file that differs between the sides."""
    workload, encoding = difference.workload, difference.encoding
    before, after = difference.before.tokens(encoding), difference.after.tokens(encoding)
    a_month = difference.requests_per_month
    return {
        **header(),
        **model_name_keys(names_taken(change.model for change in difference.models)),
        "as_of": difference.as_of.isoformat(),
        "base": as_unicode(difference.base),
        **({"base_source": difference.base_source} if difference.base_source else {}),
        "head": as_unicode(difference.head),
        "model": [change.model.id for change in difference.models],
        "encoding": encoding,
        "complete": difference.is_complete,
        **({"config": as_unicode(difference.config)} if difference.config else {}),
        "workload": {
            "output_tokens": workload.output_tokens,
            **({"requests_per_month": a_month} if a_month is not None else {}),
            "tier": workload.tier,
        },
        "totals": {"tokens_before": before, "tokens_after": after, "delta": after - before},
        "models": [model_change_keys(change, a_month, difference.as_of) for change in difference.models],
        "files": [_file(change, difference) for change in difference.changes],
    }


def _file(change: FileChange, difference: Difference) -> dict[str, Any]:
    first = difference.models[0].model
    cost_delta = cost_delta_of(change, first, difference.workload, difference.as_of)
    return {
        **path_keys(change.path),
        "status": change.status,
        **(_old_path(change.old_path) if change.old_path is not None else {}),
        "before": _tokens(change.before, difference.encoding),
        "after": _tokens(change.after, difference.encoding),
        "delta": change.delta(difference.encoding),
        "cost_delta": cost_delta,
        **per_month_keys(cost_delta, difference.requests_per_month),
        **({"reason": "; ".join(change.reasons)} if change.reasons else {}),
    }


def _old_path(path: str) -> dict[str, str]:
    encoded = raw_base64(path)
    return {"old_path": as_unicode(path), **({"old_path_base64": encoded} if encoded else {})}


def _tokens(side: Counted | Skipped | None, encoding: str) -> int | None:
    return side.tokens[encoding] if isinstance(side, Counted) else None
