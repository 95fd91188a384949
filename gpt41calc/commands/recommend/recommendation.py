"""The conditions of a recommendation, and its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ...calculator.estimate import Estimate
from ...calculator.long_context import Reading
from ...calculator.model_estimate import ModelEstimate
from ...guidance.advice import Feature, Guidance, Task
from ...guidance.benchmarks import Benchmark
from ...pricing.schema import Model

__all__ = ["Choice", "Constraint", "Latency", "Lead", "Loss", "Objection", "Recommendation", "StepDown", "Wishes"]


Latency = Literal["interactive", "standard", "batch"]
"""The time in which an answer is needed: interactively, with normal latency, or within a day."""


Constraint = Literal["status", "needs", "closed", "price", "max-cost", "latency"]
"""The reasons for which a variant can be left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The task and the conditions of the user."""

    task: Task
    """The task."""

    max_cost: Decimal | None = None
    """Most US dollars per request. None for no limit."""

    latency: Latency = "standard"
    """The time in which an answer is needed."""

    needs: tuple[Feature, ...] = ()
    """Features that the model must have."""

    allow_retired: bool = False
    """Whether models that are shut down are also considered."""


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a variant is left out."""

    constraint: Constraint
    """The condition that it breaks."""

    about: str = ""
    """The feature that it lacks, or why it has no price."""


@dataclass(frozen=True, slots=True)
class Loss:
    """The difference in one test between a variant and the next cheaper one."""

    benchmark: Benchmark
    """The test."""

    here: Decimal
    """The score of the variant."""

    there: Decimal
    """The score of the next cheaper variant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDown:
    """The saving of the next cheaper variant, and its loss in quality."""

    to: Model
    """The next cheaper variant."""

    saved: Decimal | None
    """Saving per request in US dollars. None if one of the two has no price."""

    losses: tuple[Loss, ...]
    """Scores of both, in the benchmarks behind the advice."""

    readings: tuple[Reading, Reading] | None
    """Long-context results of both at this input length. None if none were published."""

    objections: tuple[Objection, ...]
    """Why the cheaper variant is left out; empty if it is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One variant, evaluated for the user's conditions."""

    variant: Model
    """The variant itself; if a fine-tuned copy is needed, the estimate is for that copy."""

    estimate: ModelEstimate
    """Its cost and fit."""

    scores: tuple[tuple[Benchmark, Decimal], ...]
    """Its scores in the benchmarks behind the advice."""

    request_tokens: int
    """Length of the input in tokens; if it does not fit, of each request into which it is divided."""

    reading: Reading | None
    """Long-context results at that length. None if none were published."""

    objections: tuple[Objection, ...] = ()
    """Why it is left out; empty if it is not."""

    reads_badly: bool = False
    """Whether it was moved to the end because of poor long-context results at this input length."""

    cheaper: StepDown | None = None
    """The next cheaper variant. None if it is the cheapest."""


@dataclass(frozen=True, slots=True)
class Lead:
    """Another vendor's model that scores higher than every variant."""

    benchmark: Benchmark
    """The test."""

    model: str
    """Name of the measured model."""

    score: Decimal
    """Its score."""

    source: tuple[str, ...]
    """Keys of ``sources``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """The ranked variants, and those that were left out."""

    wishes: Wishes
    """The task and the conditions of the user."""

    guidance: Guidance
    """The table of advice."""

    estimate: Estimate
    """The estimate of the input with all variants."""

    ranked: tuple[Choice, ...]
    """Variants that satisfy every condition, best first."""

    excluded: tuple[Choice, ...]
    """Variants that do not, in the order of the advice."""

    leads: tuple[Lead, ...]
    """Other vendors' models that score higher than all variants, by benchmark, best first."""

    sources: Mapping[str, str]
    """Short names of the sources, and the page or document of each."""
