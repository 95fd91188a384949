"""The whole answer: fit, cost and savings of one workload for several models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Context, localcontext
from typing import TYPE_CHECKING, Literal

from ..pricing.schema import Model, Status
from ..tally import Tally
from .breakdown import Breakdown
from .context import ContextFit, fit, input_tokens
from .cost import Cost, cost
from .savings import Saving, saving
from .span import Exactness, Span
from .workload import Workload

if TYPE_CHECKING:
    from .migration import Migration
    from .reading import Reading

__all__ = ["Comparison", "Estimate", "ModelEstimate", "RequestSeen", "Role", "estimate_model", "estimate_tally"]

Role = Literal["variant", "comparator"]
"""Whether a model was asked for, or is what the others are held against."""


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

    tokens: Span[int]
    """Input tokens of one request."""

    context: ContextFit
    """Whether one request fits."""

    cost: Cost | None
    """What the workload costs; none: there is no price for it."""

    cost_reason: str | None
    """Why there is no price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What one model saves against another."""

    model: str
    """Identifier of the model."""

    versus: str
    """Identifier of the comparator."""

    exactness: Exactness
    """As good as the worse of the two counts."""

    saving: Saving | None
    """How much; none: one of the two has no price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSeen:
    """An input that was the body of a request, or a picture."""

    path: str
    """How the user would recognise it."""

    endpoint: str | None
    """Which API it is written for; none: it is a picture."""

    model: str | None = None
    """The model that it names."""

    messages: int = 0
    """How many messages it has, instructions included."""

    tools: int = 0
    """How many functions."""

    pictures: int = 0
    """How many pictures."""

    assumed: int = 0
    """Pictures that are counted by a size that was not measured, with the first model."""

    unknown: tuple[str, ...] = ()
    """Models for which pictures could not be counted, because their rule is not published."""

    max_output: int | None = None
    """The most tokens that it allows an answer."""

    choices: int = 1
    """How many answers it asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a workload on an input takes and costs."""

    as_of: date
    """The day whose prices and statuses hold."""

    pricing_checked: date
    """Day on which the price table was last read against its sources."""

    overlay: str | None
    """Path of the user's price table, if one was laid over the shipped one."""

    workload: Workload
    """What is asked."""

    inputs: Tally
    """What was counted."""

    encoding: str
    """The encoding of the first model, in which the input is reported."""

    models: tuple[ModelEstimate, ...]
    """Variants, then comparators, in the order asked."""

    savings: tuple[Comparison, ...]
    """Every variant against every comparator."""

    breakdown: Breakdown | None = None
    """Where the tokens are, if it was asked."""

    config: str | None = None
    """Path of the project file that gave options, if there is one."""

    requests: tuple[RequestSeen, ...] = ()
    """Inputs that are not counted as text."""

    readings: tuple[Reading, ...] = ()
    """How well the variants read so long an input, where that was published."""

    migration: Migration | None = None
    """What comes after the variants, if it was asked."""

    @property
    def input_tokens(self) -> int:
        """Number of input tokens in ``encoding``: exact for text, with what rules add for the first model."""
        return self.inputs.tokens(self.encoding) + self.inputs.added(self.models[0].model.id)


def estimate_tally(
    inputs: Tally,
    models: Sequence[Model],
    versus: Sequence[Model],
    workload: Workload,
    *,
    on: date,
    checked: date,
    overlay: str | None = None,
    config: str | None = None,
) -> Estimate:
    """Work out fit, cost and savings of a workload on what was counted.

    Args:
        inputs: what was counted, in the encodings of all models.
        models: the variants, at least one.
        versus: the comparators; one that is also a variant is not listed twice.
        workload: what is asked.
        on: the day whose prices and statuses hold.
        checked: day on which the price table was last checked.
        overlay: path of the user's price table.
        config: path of the project file that gave options.

    Raises:
        WorkloadError: more tokens are said to be cached than the input has.
    """
    with localcontext(Context(prec=_DIGITS)):
        encoding = models[0].counted_in
        asked = {model.id: model for model in models}
        others = {model.id: model for model in versus if model.id not in asked}
        variants = tuple(estimate_model(inputs, encoding, model, "variant", workload, on) for model in asked.values())
        comparators = tuple(
            estimate_model(inputs, encoding, model, "comparator", workload, on) for model in others.values()
        )
        return Estimate(
            as_of=on,
            pricing_checked=checked,
            overlay=overlay,
            workload=workload,
            inputs=inputs,
            encoding=encoding,
            models=variants + comparators,
            savings=tuple(_compare(one, other) for one in variants for other in comparators),
            config=config,
        )


_DIGITS = 80
"""Enough for the largest numbers a workload may have to be multiplied without rounding."""


def estimate_model(
    inputs: Tally, encoding: str, model: Model, role: Role, workload: Workload, on: date
) -> ModelEstimate:
    """Work out fit and cost of a workload with one model.

    Args:
        inputs: what was counted, in the encoding of the model.
        encoding: the encoding in which cached tokens are given.
        model: which model.
        role: why it is asked about.
        workload: what is asked.
        on: the day whose prices and status hold.

    Raises:
        WorkloadError: more tokens are said to be cached than the input has.
    """
    counted, added = inputs.tokens(model.counted_in), inputs.added(model.id)
    tokens = input_tokens(counted, model).map(lambda count: count + added)
    priced = cost(counted, _cached_in(inputs, encoding, model, workload), model, on, added=added)
    return ModelEstimate(
        model=model,
        role=role,
        status=model.status(on),
        exactness="estimated" if model.ratio else "modelled" if inputs.is_modelled else "exact",
        tokens=tokens,
        context=fit(tokens, workload.output_tokens, model),
        cost=priced if isinstance(priced, Cost) else None,
        cost_reason=priced if isinstance(priced, str) else None,
    )


def _cached_in(inputs: Tally, encoding: str, model: Model, workload: Workload) -> Workload:
    """Return the workload with its cached tokens in the encoding of a model: it is the same text that is cached."""
    whole = inputs.tokens(encoding)
    if model.counted_in == encoding or not 0 < workload.cached_tokens <= whole:
        return workload
    return replace(workload, cached_tokens=round(workload.cached_tokens * inputs.tokens(model.counted_in) / whole))


_WORSE: tuple[Exactness, ...] = ("exact", "modelled", "estimated")


def _compare(one: ModelEstimate, other: ModelEstimate) -> Comparison:
    return Comparison(
        model=one.model.id,
        versus=other.model.id,
        exactness=max(one.exactness, other.exactness, key=_WORSE.index),
        saving=saving(one.cost, other.cost) if one.cost and other.cost else None,
    )
