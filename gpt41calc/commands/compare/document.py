"""The JSON document of ``compare``."""

from __future__ import annotations

from typing import Any

from ...calculator.change import FileChange
from ...pricing.schema import Model
from ...render.change_fields import model_change_keys, per_month_keys
from ...render.escape import as_unicode
from ...render.json_fields import header, input_keys, name_or_none, path_keys
from ...render.model_names import model_name_keys, names_taken
from ...tally import Counted, Skipped
from .comparison import Compared, Comparison, SectionChange, Side
from .parts_cost import cost_of_delta
from .wording import Wording

__all__ = ["comparison_document"]


def comparison_document(comparison: Comparison) -> dict[str, Any]:
    """Return the document of ``compare``: the inputs, and each of them compared with the first."""
    workload, a_month = comparison.workload, comparison.requests_per_month
    models = [change.model for change in comparison.others[0].models]
    return {
        **header(),
        **model_name_keys(names_taken(models)),
        "as_of": comparison.as_of.isoformat(),
        "model": [model.id for model in models],
        "encoding": comparison.encoding,
        "complete": comparison.is_complete,
        **({"config": name_or_none(comparison.config)} if comparison.config else {}),
        "workload": {
            "output_tokens": workload.output_tokens,
            **({"requests_per_month": a_month} if a_month is not None else {}),
            "tier": workload.tier,
        },
        "inputs": [_side(side, comparison.encoding, models[0]) for side in comparison.sides],
        "compared": [_compared(one, comparison) for one in comparison.others],
    }


def _side(side: Side, encoding: str, first: Model) -> dict[str, Any]:
    return {**path_keys(side.name), "kind": side.kind, **input_keys(side.inputs, encoding, first.id)}


def _compared(one: Compared, comparison: Comparison) -> dict[str, Any]:
    a_month = comparison.requests_per_month
    return {
        **path_keys(one.side.name),
        "same": one.is_same,
        "models": [model_change_keys(change, a_month, comparison.as_of) for change in one.models],
        "files": [_file(change, one, comparison) for change in one.files],
        "sections": [_section(section, one, comparison) for section in one.sections],
        **({"undivided": [_reason(*each) for each in one.undivided]} if one.undivided else {}),
        "lines": [_wording(each, one, comparison) for each in one.lines],
        **({"more_lines": one.more_lines} if one.more_lines else {}),
        "words": [_wording(each, one, comparison) for each in one.words],
        **({"more_words": one.more_words} if one.more_words else {}),
        **({"unread": [_reason(*each) for each in one.unread]} if one.unread else {}),
    }


def _reason(path: str, reason: str) -> dict[str, str]:
    return {**path_keys(path), "reason": reason}


def _file(change: FileChange, one: Compared, comparison: Comparison) -> dict[str, Any]:
    delta = change.delta(comparison.encoding)
    cost = None if delta is None else cost_of_delta(*change.tokens(comparison.encoding), one, comparison)
    return {
        **path_keys(change.path),
        "status": change.status,
        "before": _tokens(change.before, comparison.encoding),
        "after": _tokens(change.after, comparison.encoding),
        "delta": delta,
        "cost_delta": cost,
        **per_month_keys(cost, comparison.requests_per_month),
        **({"reason": "; ".join(change.reasons)} if change.reasons else {}),
    }


def _tokens(side: Counted | Skipped | None, encoding: str) -> int | None:
    return side.tokens[encoding] if isinstance(side, Counted) else None


def _section(section: SectionChange, one: Compared, comparison: Comparison) -> dict[str, Any]:
    cost = cost_of_delta(section.before or 0, section.after or 0, one, comparison)
    return {
        **({} if section.path is None else path_keys(section.path)),
        "name": as_unicode(section.name),
        "by": section.by,
        "before": section.before,
        "after": section.after,
        "delta": section.delta,
        "cost_delta": cost,
        **per_month_keys(cost, comparison.requests_per_month),
    }


def _wording(wording: Wording, one: Compared, comparison: Comparison) -> dict[str, Any]:
    cost = cost_of_delta(0, wording.tokens, one, comparison)
    return {
        "text": as_unicode(wording.text),
        "times": wording.times,
        "delta": wording.tokens,
        "cost_delta": cost,
        **per_month_keys(cost, comparison.requests_per_month),
    }
