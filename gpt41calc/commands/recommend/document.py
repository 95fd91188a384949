"""The JSON document of a recommendation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...render.json_fields import cached_share_keys, header, input_keys, model_keys, name_or_none
from ...render.long_context import reading_keys
from .recommendation import Choice, Lead, Loss, Recommendation, StepDown

__all__ = ["recommendation_document"]


def recommendation_document(found: Recommendation, reasons: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return the document; ``reasons`` has, by variant, why it is left out."""
    estimate, wishes = found.estimate, found.wishes
    return {
        **header(),
        "as_of": estimate.as_of.isoformat(),
        "pricing": {"checked": estimate.pricing_checked.isoformat(), "overlay": name_or_none(estimate.overlay)},
        "guidance": {"checked": found.guidance.checked.isoformat()},
        "task": {
            "id": wishes.task.id,
            "name": wishes.task.name,
            "why": wishes.task.why,
            "source": list(wishes.task.source),
        },
        "wishes": {
            "max_cost": wishes.max_cost,
            "latency": wishes.latency,
            "needs": [feature.id for feature in wishes.needs],
            "allow_retired": wishes.allow_retired,
        },
        "workload": {
            "input_tokens": estimate.input_tokens,
            "cached_tokens": estimate.workload.cached_tokens,
            **cached_share_keys(estimate.workload),
            "output_tokens": estimate.workload.output_tokens,
            "tier": estimate.workload.tier,
        },
        "inputs": input_keys(estimate.inputs, estimate.encoding),
        "recommended": [_choice(one, rank) for rank, one in enumerate(found.ranked, 1)],
        "excluded": [{**_choice(one, None), "reasons": list(reasons[one.variant.id])} for one in found.excluded],
        "leads": [_lead(each) for each in found.leads],
        "sources": dict(found.sources),
    }


def _choice(one: Choice, rank: int | None) -> dict[str, Any]:
    return {
        **({} if rank is None else {"rank": rank}),
        "variant": one.variant.id,
        **{key: value for key, value in model_keys(one.estimate).items() if key != "role"},
        "scores": [{"benchmark": each.id, "name": each.name, "score": score} for each, score in one.scores],
        "reading": reading_keys(one.reading) if one.reading else None,
        "reads_badly": one.reads_badly,
        **({"broken": [each.constraint for each in one.objections]} if one.objections else {}),
        "one_cheaper": _step(one.cheaper) if one.cheaper else None,
    }


def _step(step: StepDown) -> dict[str, Any]:
    return {
        "variant": step.to.id,
        "saved_per_request": step.saved,
        "scores": [_loss(each) for each in step.losses],
        "is_excluded": bool(step.objections),
    }


def _loss(loss: Loss) -> dict[str, Any]:
    return {"benchmark": loss.benchmark.id, "from": loss.here, "to": loss.there}


def _lead(lead: Lead) -> dict[str, Any]:
    return {"benchmark": lead.benchmark.id, "model": lead.model, "score": lead.score, "source": list(lead.source)}
