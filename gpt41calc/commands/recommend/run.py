"""Count an input, and rank the variants for a task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ...calculator.estimate import estimate_tally
from ...calculator.workload import Workload
from ...counting.runtime import Runtime, count_sources
from ...guidance.advice import Guidance
from ...guidance.load import load_benchmarks
from ...pricing.table import Pricing
from ...sources.find import gather
from ...sources.source import DEFAULT_RULES, Rules
from .rank import Recommendation, Wishes, recommend

__all__ = ["RecommendOptions", "recommend_for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendOptions:
    """An input, and what is to be done with it."""

    paths: Sequence[str]
    """Files, folders, or ``-`` for standard input."""

    rules: Rules = DEFAULT_RULES
    """Which files of folders are counted."""

    wishes: Wishes
    """The task and the conditions."""

    workload: Workload
    """What comes with the input."""

    guidance: Guidance
    """What is known of tasks."""

    pricing: Pricing
    """Where models are found."""

    on: date
    """The day whose prices and statuses hold."""

    config: str | None = None
    """Path of the project file that gave options, if there is one."""


def recommend_for(options: RecommendOptions, runtime: Runtime) -> Recommendation:
    """Return which variant to use for a task on some input.

    Raises:
        Gpt41calcError: something is asked wrongly, or a vocabulary is missing.
    """
    table = options.pricing
    variants = [table.find(name) for name in options.guidance.variants]
    is_tuned = any(feature.id == "fine-tuning" for feature in options.wishes.needs)
    served = [table.find(f"ft:{one.id}") if is_tuned and one.fine_tuning else one for one in variants]
    encodings: list[str] = [model.counted_in for model in served]
    tally = count_sources(gather(options.paths, options.rules), encodings, options.rules, runtime)
    result = estimate_tally(
        tally,
        served,
        [],
        options.workload,
        on=options.on,
        checked=table.checked,
        overlay=table.overlay,
        config=options.config,
    )
    return recommend(result, variants, options.wishes, options.guidance, load_benchmarks())
