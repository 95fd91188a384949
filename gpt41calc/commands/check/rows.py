"""Budgets for the rows of datasets: counted whole, or from a sample whose bounds decide."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ...calculator.budget import Budget, Limits, RowsChecked, Verdict
from ...calculator.interval import Interval
from ...calculator.limit_check import LimitCheck
from ...counting.runtime import Runtime
from ...errors import UsageError, WorkloadError
from ...pricing.price import Tier
from ...tally import Counted, Tally
from .evaluate import evaluate_budget

if TYPE_CHECKING:
    from ...dataset.measured import Known
    from ..dataset.price import ModelPrice
    from ..dataset.run import DatasetPrice
    from .planned import BudgetFiles, CheckOptions, Rows

__all__ = ["limit_is_met", "rows_verdict"]

_MODES: dict[Tier, str] = {"standard": "one by one", "batch": "batch", "flex": "flex", "priority": "priority"}


def rows_verdict(planned: BudgetFiles, rows: Rows, options: CheckOptions, runtime: Runtime) -> Verdict:
    """Return the result of a budget for the rows of a dataset.

    On a sample a limit is met only if the high bound is within it, and broken only if the low bound is over it.

    Raises:
        Gpt41calcError: a path, a column or an option is wrong, or a limit cannot be evaluated.
    """
    from ...pricing.rate_limits import load_limits
    from ..dataset.charge import Output
    from ..dataset.options import DatasetOptions
    from ..dataset.run import price_dataset

    budget = planned.budget
    _require_for_rows(budget)
    found = price_dataset(
        DatasetOptions(
            urls=[_placed(path, planned.folder) for path in planned.paths],
            column=rows.column,
            holds_requests=rows.holds_requests,
            template=rows.template,
            output=Output(options.workload.output_tokens, rule="each"),
            models=options.models,
            aim=rows.aim,
            on=options.on,
            pricing=options.pricing,
            limits=load_limits(None),
        ),
        runtime,
    )
    first = found.models[0]
    measured = found.measured
    read = round(Decimal(100 * measured.bytes_read) / max(1, measured.size), 2) if measured.is_sampled else None
    tokens: dict[str, int] = {one.model.counted_in: _counted_tokens(one) for one in reversed(found.models)}
    return Verdict(
        budget=budget,
        inputs=Tally.of(Counted(", ".join(planned.paths), found.stored_bytes, tokens), *found.skipped),
        before=None,
        tokens=_whole(first.tokens),
        limits=tuple(_limit_checks(budget, found, options)),
        rows=RowsChecked(
            files=tuple(dict.fromkeys(part.file.url for part in measured.parts)),
            requests=_whole(measured.requests),
            cost=_cost(first, options.workload.tier),
            read_percent=read,
        ),
    )


def _placed(path: str, folder: str | None) -> str:
    return path if folder is None or "://" in path else os.path.join(folder, path)


def _require_for_rows(budget: Budget) -> None:
    """Refuse limits on single requests.

    Raises:
        UsageError: the budget has one.
    """
    limits = budget.limits
    for name, limit in (
        ("token-budget-per-file", limits.token_budget_per_file),
        ("max-cost", limits.max_cost),
        ("max-monthly-cost", limits.max_monthly_cost),
        ("max-context", limits.max_context),
        ("max-increase", limits.max_increase),
    ):
        if limit is not None:
            message = f"budget '{budget.name:.60}': {name} is no limit on the rows of a dataset"
            raise UsageError(message, hint="limits on all rows are token-budget and max-total-cost")


def _limit_checks(budget: Budget, found: DatasetPrice, options: CheckOptions) -> Iterator[LimitCheck]:
    limits = budget.limits
    if limits.token_budget is not None:
        most = max(found.models, key=lambda one: one.tokens.high)
        yield _compared("token-budget", limits.token_budget, _whole(most.tokens), most, found)
    if limits.max_total_cost is not None:
        for one in found.models:
            cost = _cost(one, options.workload.tier)
            if cost is None:
                message = f"a limit on the cost cannot be checked: {one.model.id} has no price for this tier"
                raise WorkloadError(message, hint=f"'gpt41calc pricing show {one.model.id}' lists every price it has")
            yield _compared("max-total-cost", limits.max_total_cost, cost, one, found)
    days = Limits(fail_if_retires_within=limits.fail_if_retires_within)
    yield from evaluate_budget(
        replace(budget, limits=days), Tally(), options.models, options.workload, on=options.on
    ).limits


def _compared(
    limit: str,
    allowed: int | Decimal,
    actual: Interval[int] | Interval[Decimal],
    one: ModelPrice,
    found: DatasetPrice,
) -> LimitCheck:
    is_cost = limit == "max-total-cost"
    is_sampled = found.measured.is_sampled
    return LimitCheck(
        limit=limit,
        allowed=allowed,
        actual=actual.high,
        unit="USD" if is_cost else "tokens",
        passed=limit_is_met(actual, allowed, is_sampled=is_sampled, is_complete=found.complete),
        exactness="sampled" if is_sampled and one.exactness != "estimated" else one.exactness,
        low=None if actual.low == actual.high else actual.low,
        model=one.model.id if is_cost else None,
    )


def limit_is_met(
    actual: Interval[int] | Interval[Decimal], allowed: int | Decimal, *, is_sampled: bool, is_complete: bool
) -> bool | None:
    """Return whether a limit is met. None if the bounds of a sample, or what could not be read, leave it open."""
    if not is_complete and is_sampled:  # the bounds of an incomplete sample prove nothing
        return None
    if actual.high <= allowed:
        return True if is_complete else None
    # What a sample leaves open another row decides; a ratio is held to its high bound, as it is for files.
    return None if is_sampled and actual.low <= allowed else False


def _cost(one: ModelPrice, tier: Tier) -> Interval[Decimal] | None:
    total = next(mode.total for mode in one.modes if mode.mode == _MODES[tier])
    return None if total is None else Interval(total.low, total.value, total.high)


def _counted_tokens(one: ModelPrice) -> int:
    """Return tokens before the ratio of the model, as files are counted."""
    value = one.tokens.value
    return int(value if one.model.ratio is None else value / one.model.ratio.value)


def _whole(known: Known) -> Interval[int]:
    return Interval(*(int(bound.to_integral_value()) for bound in (known.low, known.value, known.high)))
