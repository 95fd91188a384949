"""The whole answer: fit, cost and savings of one workload for several models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ..pricing.schema import Model, distinct
from ..tally import Tally
from .breakdown import Breakdown
from .interval import Exactness
from .model_estimate import ModelEstimate, estimate_model
from .money import exactly
from .savings import Saving, saving
from .workload import Workload

if TYPE_CHECKING:
    from .endpoint_count import EndpointCounts
    from .long_context import Reading
    from .migration import Migration

__all__ = ["Comparison", "Estimate", "RequestSeen", "estimate_tally"]


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
    """How much. None if one of the two has no price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSeen:
    """An input that was the body of a request, or a picture."""

    path: str
    """How the user would recognise it."""

    endpoint: str | None
    """Which API it is written for. None if it is a picture."""

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

    endpoints: EndpointCounts | None = None
    """What endpoints of vendors count of the requests. None if none was asked."""

    requests_per_month: int | None = None
    """How often the request is made in a month. None if that was not said."""

    is_sorted: bool = False
    """Whether the models are in an order that was asked for, which reports keep."""

    is_given: bool = False
    """Whether the number of input tokens was given, and nothing was read."""

    def a_month(self, one: ModelEstimate) -> Decimal | None:
        """Return what the requests of a month cost with a model, in US dollars; None if that is not known."""
        if self.requests_per_month is None or one.cost is None:
            return None
        with exactly():
            return one.cost.per_request * self.requests_per_month

    @property
    def names_taken(self) -> dict[str, Model]:
        """The models that were asked for by another name than their own, by that name."""
        return {one.model.named_as: one.model for one in self.models if one.model.named_as is not None}

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
        WorkloadError: more tokens are given as cached than the input has.
    """
    with exactly():
        first = models[0]
        encoding = first.counted_in
        workload = workload.cached_of(inputs.tokens(encoding) + inputs.added(first.id))
        variant_models = {model.id: model for model in distinct(models)}
        others = {model.id: model for model in distinct(versus) if model.id not in variant_models}
        variants = tuple(
            estimate_model(inputs, encoding, model, "variant", workload, on) for model in variant_models.values()
        )
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


_WORSE: tuple[Exactness, ...] = ("exact", "modelled", "reconstructed", "sampled", "estimated")


def _compare(one: ModelEstimate, other: ModelEstimate) -> Comparison:
    return Comparison(
        model=one.model.id,
        versus=other.model.id,
        exactness=max(one.exactness, other.exactness, key=_WORSE.index),
        saving=saving(one.cost, other.cost) if one.cost and other.cost else None,
    )
