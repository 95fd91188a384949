"""Count an input, and rank the variants for a task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ...calculator.estimate import estimate_tally
from ...calculator.workload import Workload
from ...counting.runtime import Runtime, count_sources
from ...errors import UsageError
from ...guidance.advice import Guidance
from ...guidance.load import load_benchmarks
from ...pricing.table import Pricing
from ...requests.counted_as_text import mention_request
from ...sources.find import gather
from ...sources.source import DEFAULT_RULES, Rules
from .rank import recommend
from .recommendation import Latency, Recommendation, Wishes

__all__ = ["RecommendOptions", "recommend_for", "wishes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendOptions:
    """An input, and the task and conditions for it."""

    paths: Sequence[str]
    """Files, folders, or ``-`` for standard input."""

    rules: Rules = DEFAULT_RULES
    """Rules for files in folders."""

    wishes: Wishes
    """The task and the conditions."""

    workload: Workload
    """Number of requests, output tokens and tier."""

    guidance: Guidance
    """The table of advice."""

    pricing: Pricing
    """The price table."""

    on: date
    """The day whose prices and model statuses are used."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""


def wishes(
    task: str | None,
    guidance: Guidance,
    *,
    needs: Sequence[str] = (),
    max_cost: Decimal | None = None,
    latency: Latency = "standard",
    allow_retired: bool = False,
) -> Wishes:
    """Return the task and the conditions.

    Args:
        task: identifier of a task of the guidance.
        guidance: the tasks and features that are known.
        needs: identifiers of features that the model must have, besides those of the task.
        max_cost: most US dollars of a request. None for no limit.
        latency: how soon an answer is needed.
        allow_retired: whether models that are shut down are considered, too.

    Raises:
        UsageError: the task or a feature is unknown, or there is no task.
    """
    features = {each.id: each for each in guidance.feature}
    for name in needs:
        if name not in features:
            message = f"--needs: expected {', '.join(features)}, found '{name:.40}'"
            raise UsageError(message)
    tasks = {each.id: each for each in guidance.task}
    if task is None or task not in tasks:
        given = "no --task" if task is None else f"--task: unknown task '{task:.40}'"
        raise UsageError(given, hint=f"tasks are {', '.join(tasks)}; --explain says how a variant is chosen")
    return Wishes(
        task=tasks[task],
        max_cost=max_cost,
        latency=latency,
        needs=tuple(features[name] for name in dict.fromkeys((*needs, *tasks[task].needs))),
        allow_retired=allow_retired,
    )


def recommend_for(options: RecommendOptions, runtime: Runtime) -> Recommendation:
    """Return the recommendation for a task on some input.

    Raises:
        Gpt41calcError: an option or a path is wrong, or a vocabulary is missing.
    """
    table = options.pricing
    variants = [table.find(name) for name in options.guidance.variants]
    is_tuned = any(feature.id == "fine-tuning" for feature in options.wishes.needs)
    served = [table.find(f"ft:{one.id}") if is_tuned and one.fine_tuning else one for one in variants]
    encodings: list[str] = [model.counted_in for model in served]
    found = gather(options.paths, options.rules)
    mention_request(found, runtime.hint)
    tally = count_sources(found, encodings, options.rules, runtime)
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
