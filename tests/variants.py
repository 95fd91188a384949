"""Inputs of a chosen length, and recommendations for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from gpt41calc.calculator.estimate import Estimate, estimate_tally
from gpt41calc.calculator.workload import Workload
from gpt41calc.commands.recommend.rank import recommend
from gpt41calc.commands.recommend.recommendation import Latency, Recommendation, Wishes
from gpt41calc.guidance.load import load_benchmarks, load_guidance
from gpt41calc.pricing.table import load_pricing
from gpt41calc.tally import Counted, Skipped, Tally

TODAY = date(2026, 11, 22)
PRICING = load_pricing()
GUIDANCE = load_guidance()
BENCHMARKS = load_benchmarks()

SIZES = {"small": 2_000, "500k": 500_000, "1500k": 1_500_000}
"""Inputs that fit easily, that fill half of the window, and that do not fit."""


def sized_estimate(
    tokens: int, *models: str, on: date = TODAY, workload: Workload | None = None, lost: Skipped | None = None
) -> Estimate:
    """Return an estimate of one file of so many tokens."""
    counted = Counted("input.txt", 4 * tokens, {"o200k_base": tokens, "cl100k_base": tokens})
    return estimate_tally(
        Tally.of(counted, *([lost] if lost else [])),
        [PRICING.find(name) for name in models],
        [],
        workload or Workload(),
        on=on,
        checked=TODAY,
    )


def recommendation(
    task: str,
    tokens: int,
    *,
    on: date = TODAY,
    max_cost: str | None = None,
    latency: Latency = "standard",
    needs: tuple[str, ...] = (),
    allow_retired: bool = False,
    lost: Skipped | None = None,
) -> Recommendation:
    """Return a recommendation as the command makes it."""
    tasks = {each.id: each for each in GUIDANCE.task}
    features = {each.id: each for each in GUIDANCE.feature}
    wishes = Wishes(
        task=tasks[task],
        max_cost=None if max_cost is None else Decimal(max_cost),
        latency=latency,
        needs=tuple(features[name] for name in dict.fromkeys((*needs, *tasks[task].needs))),
        allow_retired=allow_retired,
    )
    variants = [PRICING.find(name) for name in GUIDANCE.variants]
    served = [f"ft:{name}" if "fine-tuning" in needs else name for name in GUIDANCE.variants]
    workload = replace(Workload(), tier="batch") if latency == "batch" else Workload()
    estimate = sized_estimate(tokens, *served, on=on, workload=workload, lost=lost)
    return recommend(estimate, variants, wishes, GUIDANCE, BENCHMARKS)
