"""The estimate of one model: tokens, fit and cost of a workload."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal, NamedTuple

from ..pricing.schema import Model, Status
from ..tally import Tally
from .context import ContextFit, fit, input_tokens, widened
from .cost import Cost, cost
from .interval import Exactness, Interval
from .workload import Workload

__all__ = ["ModelEstimate", "Role", "estimate_model"]


Role = Literal["variant", "comparator"]
"""Whether the user chose the model, or the chosen models are compared with it."""


class ModelEstimate(NamedTuple):
    """The tokens, fit and cost of one workload with one model."""

    model: Model
    """The model."""

    role: Role
    """Whether it is a variant or a comparator."""

    status: Status
    """Status of the model on the day of the report."""

    exactness: Exactness
    """Exactness of its token count."""

    tokens: Interval[int]
    """Input tokens of one request."""

    context: ContextFit
    """Whether one request fits into the model's limits."""

    cost: Cost | None
    """Cost of the workload. None if there is no price for it."""

    cost_reason: str | None
    """Why there is no price, as a phrase. None if there is one."""


def estimate_model(
    inputs: Tally, encoding: str, model: Model, role: Role, workload: Workload, on: date
) -> ModelEstimate:
    """Return the fit and cost of a workload with one model; an embedding model has no output tokens.

    Args:
        inputs: the counted input, in the encoding of the model.
        encoding: the encoding in which cached tokens are given.
        model: the model.
        role: whether it is a variant or a comparator.
        workload: number of requests, output tokens and tier.
        on: the day whose prices and status are used.

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
        # A comparator may need fewer tokens for the cached text, so its cached tokens are limited to its input. For a
        # variant, more cached tokens than input are an error of the user.
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
    """Return the workload with its cached tokens converted to a model's encoding: the cached text is the same."""
    whole = inputs.tokens(encoding)
    if workload.cached_percent is not None:
        return workload  # a percentage is the same in every encoding
    if model.counted_in == encoding or not 0 < workload.cached_tokens <= whole:
        return workload
    return replace(workload, cached_tokens=round(workload.cached_tokens * inputs.tokens(model.counted_in) / whole))
