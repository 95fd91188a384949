"""What one model makes of an input: tokens, fit and cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from ..pricing.schema import Model, Status
from ..tally import Tally
from .context import ContextFit, fit, input_tokens, widened
from .cost import Cost, cost
from .interval import Exactness, Interval
from .workload import Workload

__all__ = ["ModelEstimate", "Role", "estimate_model"]


Role = Literal["variant", "comparator"]
"""Whether a model was asked for, or is a model that the others are compared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEstimate:
    """One workload with one model."""

    model: Model
    """Which model."""

    role: Role
    """Why it is in the report."""

    status: Status
    """Where it stands on the day of the report."""

    exactness: Exactness
    """How good its token count is."""

    tokens: Interval[int]
    """Input tokens of one request."""

    context: ContextFit
    """Whether one request fits."""

    cost: Cost | None
    """What the workload costs. None if there is no price for it."""

    cost_reason: str | None
    """Why there is no price."""


def estimate_model(
    inputs: Tally, encoding: str, model: Model, role: Role, workload: Workload, on: date
) -> ModelEstimate:
    """Work out fit and cost of a workload with one model; an embedding has no output, whatever is asked.

    Args:
        inputs: what was counted, in the encoding of the model.
        encoding: the encoding in which cached tokens are given.
        model: which model.
        role: why it is asked about.
        workload: what is asked.
        on: the day whose prices and status hold.

    Raises:
        WorkloadError: more tokens are given as cached than the input has.
    """
    if model.kind == "embedding":
        workload = replace(workload, output_tokens=0)
    counted, added = inputs.tokens(model.counted_in), inputs.added(model.id)
    margin = inputs.margin(model.id)
    tokens = widened(input_tokens(counted, model).map(lambda count: count + added), margin)
    cached = _cached_in(inputs, encoding, model, workload)
    if role == "comparator" and cached.cached_tokens > counted + added:
        # Another model may make fewer tokens of what is cached; of the variants it would be asked wrongly.
        cached = replace(cached, cached_tokens=counted + added)
    priced = cost(counted, cached, model, on, added=added, margin=margin)
    return ModelEstimate(
        model=model,
        role=role,
        status=model.status(on),
        exactness="modelled" if inputs.is_modelled and model.ratio is None else model.text_exactness,
        tokens=tokens,
        context=fit(tokens, workload.output_tokens, model),
        cost=priced if isinstance(priced, Cost) else None,
        cost_reason=priced if isinstance(priced, str) else None,
    )


def _cached_in(inputs: Tally, encoding: str, model: Model, workload: Workload) -> Workload:
    """Return the workload with its cached tokens in the encoding of a model: it is the same text that is cached."""
    whole = inputs.tokens(encoding)
    if workload.cached_percent is not None:
        return workload  # a share is the same in every encoding
    if model.counted_in == encoding or not 0 < workload.cached_tokens <= whole:
        return workload
    return replace(workload, cached_tokens=round(workload.cached_tokens * inputs.tokens(model.counted_in) / whole))
