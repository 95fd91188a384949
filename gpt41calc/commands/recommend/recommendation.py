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
    """Why it is left out. None if it is not."""

    reads_badly: bool = False
    """Whether it was put behind the others because it misses too much of so long an input."""

    cheaper: StepDown | None = None
    """The next cheaper variant. None if it is the cheapest."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A model of another family that does better than every variant."""

    benchmark: Benchmark
    """In which test."""

    model: str
    """Who: the name of what was measured."""

    score: Decimal
    """Its score."""

    source: tuple[str, ...]
    """Who says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """The variants in order, and those that were left out."""

    wishes: Wishes
    """What was asked."""

    guidance: Guidance
    """By which rules."""

    estimate: Estimate
    """The input, the workload and the day."""

    ranked: tuple[Choice, ...]
    """What satisfies every condition, best first."""

    excluded: tuple[Choice, ...]
    """What does not, in the order of the guidance."""

    leads: tuple[Lead, ...]
    """Who does better than all variants, by benchmark, best first."""

    sources: Mapping[str, str]
    """What the short names of the sources stand for."""
