"""What is asked of a recommendation, and what it consists of."""

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
"""How soon an answer is needed: somebody waits for it, it may take its time, or it is needed within a day."""


Constraint = Literal["status", "needs", "closed", "price", "max-cost", "latency"]
"""What can leave a variant out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What is to be done, and under which conditions."""

    task: Task
    """What is to be done."""

    max_cost: Decimal | None = None
    """Most US dollars of a request. None for no limit."""

    latency: Latency = "standard"
    """How soon an answer is needed."""

    needs: tuple[Feature, ...] = ()
    """What the model must be able to do."""

    allow_retired: bool = False
    """Whether models that are shut down are considered, too."""


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a variant is left out."""

    constraint: Constraint
    """Which condition it breaks."""

    about: str = ""
    """The feature it lacks, or why it has no price."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What one test says of going a variant down."""

    benchmark: Benchmark
    """The test."""

    here: Decimal
    """The score of the variant."""

    there: Decimal
    """The score of the next cheaper one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDown:
    """What going one variant cheaper saves, and what it gives up."""

    to: Model
    """The next cheaper variant."""

    saved: Decimal | None
    """US dollars a request. None if one of the two has no price."""

    losses: tuple[Loss, ...]
    """Scores of both, in the benchmarks behind the guidance."""

    readings: tuple[Reading, Reading] | None
    """How well both read an input of this length. None if that was not published."""

    objections: tuple[Objection, ...]
    """Why the cheaper one is left out, if it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One variant, compared with the wishes."""

    variant: Model
    """The variant itself; where a fine-tuned copy is needed, that one is in the estimate."""

    estimate: ModelEstimate
    """Its cost and fit."""

    scores: tuple[tuple[Benchmark, Decimal], ...]
    """What it reached in the benchmarks behind the guidance."""

    request_tokens: int
    """Length of the input; if it does not fit, of each request that it is divided into."""

    reading: Reading | None
    """How well it reads a request of that length. None if that was not published."""

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
