"""Evaluate budgets: compare counted files with limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from ...calculator.budget import Budget, Increase, Limits, Verdict
from ...calculator.context import input_tokens
from ...calculator.cost import Cost, cost
from ...calculator.interval import Exactness, Interval, Number
from ...calculator.limit_check import LimitCheck
from ...calculator.money import exactly
from ...calculator.workload import Workload
from ...errors import WorkloadError
from ...pricing.schema import Model
from ...tally import Counted, Tally

__all__ = ["evaluate_budget", "request_cost"]

_LEAST_PLACES = 2
"""Percentages have two decimals, or as many as their limit if it has more."""


def evaluate_budget(
    budget: Budget,
    inputs: Tally,
    models: Sequence[Model],
    workload: Workload,
    *,
    on: date,
    before: Tally | None = None,
    unmatched: Sequence[str] = (),
) -> Verdict:
    """Return the result of a budget for its files.

    Every limit applies to every model; where a count is estimated, its upper bound must be within the limit. Missing
    input could only add tokens and dollars, so a limit that is exceeded without it is broken, and any other limit on
    them is unknown; so is an *increase* if input is missing on either side.

    Args:
        budget: the budget.
        inputs: its files, counted in the encodings of all models.
        models: the models to which it applies, at least one.
        workload: output tokens and tier; the number of requests is not used.
        on: the day whose prices and model statuses are used.
        before: its files at the base, counted.
        unmatched: globs that no file matches.

    Raises:
        WorkloadError: a limit cannot be checked: a model has no price, or there is nothing to compare with.
    """
    with exactly():
        return Verdict(
            budget=budget,
            inputs=inputs,
            before=before,
            tokens=input_tokens(inputs.tokens(models[0].counted_in), models[0]),
            limits=tuple(_limit_checks(budget, inputs, before, models, replace(workload, requests=1), on)),
            unmatched=tuple(unmatched),
        )


def _limit_checks(
    budget: Budget, inputs: Tally, before: Tally | None, models: Sequence[Model], workload: Workload, on: date
) -> Iterator[LimitCheck]:
    for check_limit in (_token_budget, _per_file, _costs, _context, _retirement):
        yield from check_limit(budget.limits, inputs, models, workload, on)
    allowed = budget.limits.max_increase
    if allowed is None:
        return
    if before is None:
        message = f"budget '{budget.name}': max-increase has nothing to compare with"
        raise WorkloadError(message, hint="name a revision with --against, or a file with --baseline")
    if not before.complete and not before.counted:  # the base itself is missing
        yield LimitCheck(limit="max-increase", allowed=allowed.amount, actual=None, unit=allowed.unit, passed=None)
        return
    increases = _dearer if allowed.unit == "USD" else _more
    yield from increases(allowed, inputs, before, models, workload, on)


def _is_within(actual: int | Decimal, allowed: int | Decimal, inputs: Tally) -> bool | None:
    """Return whether a limit on a quantity that only grows is kept. None if missing input may still exceed it."""
    if actual > allowed:
        return False
    return True if inputs.complete else None


def _most_tokens(counted: Tally | Counted, models: Iterable[Model]) -> tuple[Interval[int], Exactness]:
    """Return the tokens of the model with the largest count of an input."""
    tokens = counted.tokens if isinstance(counted, Tally) else counted.tokens.__getitem__
    counts = [(input_tokens(tokens(model.counted_in), model), model.text_exactness) for model in models]
    return max(counts, key=lambda each: each[0].high)


def _token_budget(limits: Limits, inputs: Tally, models: Sequence[Model], *_: object) -> Iterator[LimitCheck]:
    allowed = limits.token_budget
    if allowed is not None:
        tokens, exactness = _most_tokens(inputs, models)
        yield LimitCheck(
            limit="token-budget",
            allowed=allowed,
            actual=tokens.high,
            unit="tokens",
            passed=_is_within(tokens.high, allowed, inputs),
            exactness=exactness,
            low=_low(tokens),
        )


def _per_file(limits: Limits, inputs: Tally, models: Sequence[Model], *_: object) -> Iterator[LimitCheck]:
    allowed = limits.token_budget_per_file
    if allowed is None or not inputs.counted:
        return
    counted = [(one, *_most_tokens(one, models)) for one in inputs.counted]
    over = [each for each in counted if each[1].high > allowed]
    for one, tokens, exactness in over or [max(counted, key=lambda each: each[1].high)]:
        yield LimitCheck(
            limit="token-budget-per-file",
            allowed=allowed,
            actual=tokens.high,
            unit="tokens",
            passed=_is_within(tokens.high, allowed, inputs),
            path=one.path,
            exactness=exactness,
            low=_low(tokens),
        )


def _costs(
    limits: Limits, inputs: Tally, models: Sequence[Model], workload: Workload, on: date
) -> Iterator[LimitCheck]:
    cost_limits = (
        ("max-cost", limits.max_cost, 1),
        ("max-monthly-cost", limits.max_monthly_cost, limits.requests_per_month),
    )
    for limit, allowed, requests in cost_limits:
        if allowed is None:
            continue
        if requests is None:
            message = f"{limit} needs to know how many requests a month has"
            raise WorkloadError(message, hint="add requests-per-month")
        for model in models:
            some = replace(workload, requests=requests)
            price = _price(inputs, model, some, on)
            yield LimitCheck(
                limit=limit,
                allowed=allowed,
                actual=price.high,
                unit="USD",
                passed=_is_within(price.high, allowed, inputs),
                model=model.id,
                exactness=model.text_exactness,
                low=_low(price),
                answers_alone=_price(Tally(), model, replace(some, cached_tokens=0, cached_percent=None), on).value,
            )


def request_cost(inputs: Tally, model: Model, workload: Workload, on: date) -> Decimal | None:
    """Return the expected cost of one request with some files, in US dollars; None if the model has no price."""
    # The base may be shorter than the cached part of a prompt; then all of it is cached.
    cached = min(workload.cached_tokens, inputs.tokens(model.counted_in))
    with exactly():
        priced = cost(inputs.tokens(model.counted_in), replace(workload, requests=1, cached_tokens=cached), model, on)
    return priced.total.value if isinstance(priced, Cost) else None


def _low(counted: Interval[Number]) -> Number | None:
    """Return the lower bound of a range; None if it is a single number."""
    return None if counted.is_exact else counted.low


def _price(inputs: Tally, model: Model, workload: Workload, on: date) -> Interval[Decimal]:
    """Return the cost of a workload."""
    priced = cost(inputs.tokens(model.counted_in), workload, model, on)
    if isinstance(priced, Cost):
        return priced.total
    message = f"a limit on the cost cannot be checked: {model.id} has {priced}"
    raise WorkloadError(message, hint=f"'gpt41calc pricing show {model.id}' lists every price it has")


def _context(
    limits: Limits, inputs: Tally, models: Sequence[Model], workload: Workload, _: date
) -> Iterator[LimitCheck]:
    allowed = limits.max_context
    if allowed is None:
        return
    for model in models:
        tokens = input_tokens(inputs.tokens(model.counted_in), model)
        share, least = (
            Decimal(100 * (bound + workload.output_tokens)) / model.window for bound in (tokens.high, tokens.low)
        )
        yield LimitCheck(
            limit="max-context",
            allowed=allowed,
            actual=_beside(share, allowed),
            unit="percent",
            passed=_is_within(share, allowed, inputs),
            model=model.id,
            exactness=model.text_exactness,
            low=None if tokens.is_exact else _beside(least, allowed),
        )


def _retirement(
    limits: Limits, _: Tally, models: Sequence[Model], _workload: Workload, on: date
) -> Iterator[LimitCheck]:
    allowed = limits.fail_if_retires_within
    if allowed is None:
        return
    for model in models:
        left = (model.shutdown - on).days if model.shutdown else None
        yield LimitCheck(
            limit="fail-if-retires-within",
            allowed=allowed,
            actual=left,
            unit="days",
            passed=left is None or left > allowed,
            model=model.id,
        )


def _dearer(
    allowed: Increase, inputs: Tally, before: Tally, models: Sequence[Model], workload: Workload, on: date
) -> Iterator[LimitCheck]:
    """Check the limit on the increase in dollars, for every model."""
    for model in models:
        # The base may be shorter than the cached part of a prompt; then all of it is cached.
        cached = min(workload.cached_tokens, before.tokens(model.counted_in))
        base = _price(before, model, replace(workload, cached_tokens=cached), on).high
        dearer = _price(inputs, model, workload, on).high - base
        yield LimitCheck(
            limit="max-increase",
            allowed=allowed.amount,
            actual=dearer,
            unit="USD",
            passed=dearer <= allowed.amount if inputs.complete and before.complete else None,
            model=model.id,
            before=base,
            exactness=model.text_exactness,
        )


def _more(allowed: Increase, inputs: Tally, before: Tally, models: Sequence[Model], *_: object) -> Iterator[LimitCheck]:
    """Check the limit on the increase in tokens or percent, for the model with the largest increase."""
    in_percent = allowed.unit == "percent"
    counts = [(*_before_and_more(inputs, before, model, in_percent=in_percent), model) for model in models]
    was, more, model = max(counts, key=lambda each: Decimal(each[1]) / (each[0] or 1) if in_percent else each[1])
    actual: int | Decimal | None = more
    passed = more <= allowed.amount
    if in_percent:
        actual = _beside(Decimal(100 * more) / was, allowed.amount) if was else Decimal() if more == 0 else None
        passed = 100 * more <= allowed.amount * was
    yield LimitCheck(
        limit="max-increase",
        allowed=allowed.amount if in_percent else int(allowed.amount),
        actual=actual,
        unit=allowed.unit,
        passed=passed if inputs.complete and before.complete else None,
        before=was,
        exactness="exact" if in_percent else model.text_exactness,
    )


def _before_and_more(inputs: Tally, before: Tally, model: Model, *, in_percent: bool) -> tuple[int, int]:
    """Return the tokens at the base and the increase; a ratio does not change a percentage."""
    counts = [before.tokens(model.counted_in), inputs.tokens(model.counted_in)]
    was, now = counts if in_percent else [input_tokens(count, model).high for count in counts]
    return was, now - was


def _beside(share: Decimal, allowed: Decimal) -> Decimal:
    """Return a percentage with as many decimals as its limit, rounded so that it stays on the same side of it."""
    exponent = allowed.as_tuple().exponent
    places = max(_LEAST_PLACES, -exponent) if isinstance(exponent, int) else _LEAST_PLACES
    step = Decimal(1).scaleb(-places)
    rounded = share.quantize(step)
    if (rounded > allowed) == (share > allowed):
        return rounded
    return share.quantize(step, ROUND_CEILING if share > allowed else ROUND_FLOOR)
