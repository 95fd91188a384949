"""The complete estimate: fit, cost and savings of one workload for several models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from ..pricing.schema import Model, distinct
from ..tally import Tally
from .interval import Exactness
from .model_estimate import ModelEstimate, estimate_model
from .money import exactly
from .savings import Saving, saving
from .workload import Workload

if TYPE_CHECKING:
    from .breakdown import Breakdown
    from .endpoint_count import EndpointCounts
    from .long_context import Reading
    from .migration import Migration
    from .request_seen import RequestSeen

__all__ = ["Comparison", "Estimate", "estimate_tally"]


class Comparison(NamedTuple):
    """The saving of one model compared with another."""

    model: str
    """Identifier of the cheaper or dearer variant."""

    versus: str
    """Identifier of the comparator."""

    exactness: Exactness
    """Exactness of the less exact of the two counts."""

    saving: Saving | None
    """The saving in US dollars and percent. None if one of the two models has no price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The tokens, fit and cost of a workload on an input, for several models."""

    as_of: date
    """The day whose prices and model statuses are used."""

    pricing_checked: date
    """Day on which the price table was last compared with its sources."""

    overlay: str | None
    """Path of the user's price table that overlays the shipped one. None if there is none."""

    workload: Workload
    """Number of requests, output tokens and tier."""

    inputs: Tally
    """The counted input."""

    encoding: str
    """Encoding of the first model, in which the input is reported."""

    models: tuple[ModelEstimate, ...]
    """Variants, then comparators, each in the order given by the user."""

    savings: tuple[Comparison, ...]
    """Every variant compared with every comparator."""

    breakdown: Breakdown | None = None
    """The tokens by file, folder or extension. None if it was not requested."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""

    requests: tuple[RequestSeen, ...] = ()
    """Inputs that are counted as requests or pictures, not as text."""

    readings: tuple[Reading, ...] = ()
    """Published long-context results of the variants at this input length."""

    migration: Migration | None = None
    """The move to the variants' replacements. None if it was not requested."""

    endpoints: EndpointCounts | None = None
    """Counts by the vendors' endpoints. None if no endpoint was used."""

    requests_per_month: int | None = None
    """Number of requests per month. None if it was not given."""

    is_sorted: bool = False
    """Whether the models are sorted by an option, so that reports keep their order."""

    is_given: bool = False
    """Whether the number of input tokens was given as an option, so that nothing was read."""

    def a_month(self, one: ModelEstimate) -> Decimal | None:
        """Return the cost of a month with a model, in US dollars; None if it is not known."""
        if self.requests_per_month is None or one.cost is None:
            return None
        with exactly():
            return one.cost.per_request * self.requests_per_month

    @property
    def names_taken(self) -> dict[str, Model]:
        """Models found by a name that is not in the table, by that name."""
        return {one.model.named_as: one.model for one in self.models if one.model.named_as is not None}

    @property
    def input_tokens(self) -> int:
        """Number of input tokens in ``encoding``: exact for text, plus what rules add for the first model."""
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
    """Return the fit, cost and savings of a workload on a counted input.

    Args:
        inputs: the counted input, in the encodings of all models.
        models: the variants, at least one.
        versus: the comparators; one that is also a variant is not listed twice.
        workload: number of requests, output tokens and tier.
        on: the day whose prices and model statuses are used.
        checked: day on which the price table was last compared with its sources.
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
