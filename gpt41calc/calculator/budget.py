"""Is it within budget? What was counted, held against limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

from ..errors import WorkloadError
from ..pricing.schema import Model
from ..tally import Counted, Tally
from .context import input_tokens
from .cost import Cost, cost
from .span import Exactness, Span
from .workload import Workload

__all__ = ["Budget", "Check", "Increase", "Judged", "Level", "Limits", "Unit", "Verdict", "judge"]

Level = Literal["error", "warn"]
"""Whether a broken budget fails the run, or is only told."""

Unit = Literal["tokens", "USD", "percent", "days"]
"""What a limit is written in."""

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Increase:
    """How much more than the base a budget may become."""

    amount: Decimal
    """Tokens, dollars a request, or percent of the tokens at the base."""

    unit: Unit
    """Which of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is allowed; every limit may be used up to its last token or cent."""

    token_budget: int | None = None
    """Tokens of all files together."""

    token_budget_per_file: int | None = None
    """Tokens of every file."""

    max_cost: Decimal | None = None
    """US dollars of one request, its output included."""

    max_monthly_cost: Decimal | None = None
    """US dollars of ``requests_per_month`` requests."""

    requests_per_month: int | None = None
    """How often the request is made in a month."""

    max_context: Decimal | None = None
    """Percent of the context window that input and output may take."""

    max_increase: Increase | None = None
    """How much more it may be than at the base."""

    fail_if_retires_within: int | None = None
    """Days in which no model may be shut down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Some files, and what they may take and cost together."""

    name: str
    """What it is called in reports."""

    limits: Limits
    """What is allowed."""

    level: Level = "error"
    """What it means to break it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One limit, held against what was counted."""

    limit: str
    """Its name in the configuration, such as ``token-budget``."""

    allowed: int | Decimal
    """The most (of days: the number that must be exceeded)."""

    actual: int | Decimal | None
    """What it is, by the high bound where it is estimated; none: it cannot be said."""

    unit: Unit
    """What both are written in."""

    passed: bool | None
    """Whether the limit is kept; none: not known, as some of the input is missing."""

    model: str | None = None
    """Identifier of the model, where the limit holds for each of them."""

    path: str | None = None
    """The file, where the limit holds for each of them."""

    before: int | Decimal | None = None
    """Tokens, or dollars a request, at the base, where it is an increase."""

    exactness: Exactness = "exact"
    """How good ``actual`` is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One budget, held against its files."""

    budget: Budget
    """What was asked for."""

    inputs: Tally
    """Its files."""

    before: Tally | None
    """Its files at the base; none: nothing was compared."""

    tokens: Span[int]
    """Tokens of all its files for the first model."""

    limits: tuple[Judged, ...]
    """Every limit; of a limit for every file, only the files that break it, or the largest one."""

    unmatched: tuple[str, ...] = ()
    """Globs that no file matches."""

    @property
    def is_broken(self) -> bool:
        """Whether some limit is exceeded for certain."""
        return any(one.passed is False for one in self.limits)

    @property
    def is_complete(self) -> bool:
        """Whether everything was counted that the limits are about."""
        return self.inputs.complete and (self.before is None or self.before.complete)

    @property
    def is_kept(self) -> bool:
        """Whether every limit is kept, and nothing is missing that could break one."""
        return self.is_complete and all(one.passed for one in self.limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """All budgets of a run."""

    verdicts: tuple[Verdict, ...]
    """One for each budget, in the order of the configuration."""

    models: tuple[Model, ...]
    """The models asked about."""

    workload: Workload
    """What is asked of each model, besides the files."""

    as_of: date
    """The day whose prices and statuses hold."""

    pricing_checked: date
    """Day on which the price table was last read against its sources."""

    fail_on: Level
    """From which level on a broken budget fails the run."""

    config: str | None = None
    """Path of the project file that was used."""

    against: str | None = None
    """What was compared with: a revision and its hash, or a baseline file."""

    overlay: str | None = None
    """Path of the user's price table, if one was laid over the shipped one."""

    @property
    def is_failed(self) -> bool:
        """Whether a budget is broken that fails the run."""
        return any(one.is_broken and self.fails(one) for one in self.verdicts)

    @property
    def is_complete(self) -> bool:
        """Whether everything was counted."""
        return all(one.is_complete for one in self.verdicts)

    def fails(self, verdict: Verdict) -> bool:
        """Say whether breaking a budget fails the run."""
        return verdict.budget.level == "error" or self.fail_on == "warn"


def judge(
    budget: Budget,
    inputs: Tally,
    models: Sequence[Model],
    workload: Workload,
    *,
    on: date,
    before: Tally | None = None,
    unmatched: Sequence[str] = (),
) -> Verdict:
    """Hold a budget against its files.

    Every limit holds for every model; where a count is estimated, its high
    bound must be within the limit. Tokens and dollars that are missing could
    only add up to more, so a limit that is exceeded without them is broken; an
    *increase* is not known if something is missing on either side.

    Args:
        budget: what is allowed.
        inputs: its files, counted in the encodings of all models.
        models: for which it must hold, at least one.
        workload: what is asked of each of them; the number of its requests does not matter.
        on: the day whose prices and statuses hold.
        before: its files at the base.
        unmatched: globs that no file matches.

    Raises:
        WorkloadError: a limit cannot be judged: a model has no price, or there is nothing to compare with.
    """
    single = replace(workload, requests=1)
    judges = (_token_budget, _per_file, _costs, _context, _retirement)
    judged = [one for each in judges for one in each(budget.limits, inputs, models, single, on)]
    if budget.limits.max_increase is not None:
        if before is None:
            message = f"budget '{budget.name}': max-increase has nothing to compare with"
            raise WorkloadError(message, hint="name a revision with --against, or a file with --baseline")
        judged += _increases(budget.limits.max_increase, inputs, before, models, single, on)
    tokens = input_tokens(inputs.tokens(models[0].counted_in), models[0])
    return Verdict(
        budget=budget, inputs=inputs, before=before, tokens=tokens, limits=tuple(judged), unmatched=tuple(unmatched)
    )


def _most_tokens(counted: Tally | Counted, models: Iterable[Model]) -> tuple[int, Exactness]:
    """Return the most tokens that any of the models may make of an input."""
    tokens = counted.tokens if isinstance(counted, Tally) else counted.tokens.__getitem__
    spans = [input_tokens(tokens(model.counted_in), model) for model in models]
    most = max(spans, key=lambda span: span.high)
    return most.high, "exact" if most.is_exact else "estimated"


def _token_budget(limits: Limits, inputs: Tally, models: Sequence[Model], *_: object) -> Iterator[Judged]:
    allowed = limits.token_budget
    if allowed is not None:
        actual, exactness = _most_tokens(inputs, models)
        yield Judged(
            limit="token-budget",
            allowed=allowed,
            actual=actual,
            unit="tokens",
            passed=actual <= allowed,
            exactness=exactness,
        )


def _per_file(limits: Limits, inputs: Tally, models: Sequence[Model], *_: object) -> Iterator[Judged]:
    allowed = limits.token_budget_per_file
    if allowed is None or not inputs.counted:
        return
    counted = [(one, *_most_tokens(one, models)) for one in inputs.counted]
    over = [each for each in counted if each[1] > allowed]
    for one, actual, exactness in over or [max(counted, key=lambda each: each[1])]:
        yield Judged(
            limit="token-budget-per-file",
            allowed=allowed,
            actual=actual,
            unit="tokens",
            passed=actual <= allowed,
            path=one.path,
            exactness=exactness,
        )


def _costs(limits: Limits, inputs: Tally, models: Sequence[Model], workload: Workload, on: date) -> Iterator[Judged]:
    asked = (("max-cost", limits.max_cost, 1), ("max-monthly-cost", limits.max_monthly_cost, limits.requests_per_month))
    for limit, allowed, requests in asked:
        if allowed is None:
            continue
        if requests is None:
            message = f"{limit} needs to know how many requests a month has"
            raise WorkloadError(message, hint="add requests-per-month")
        for model in models:
            actual = _price(inputs, model, replace(workload, requests=requests), on)
            yield Judged(
                limit=limit,
                allowed=allowed,
                actual=actual,
                unit="USD",
                passed=actual <= allowed,
                model=model.id,
                exactness="estimated" if model.ratio else "exact",
            )


def _price(inputs: Tally, model: Model, workload: Workload, on: date) -> Decimal:
    """Return the high bound of what a workload costs."""
    priced = cost(inputs.tokens(model.counted_in), workload, model, on)
    if isinstance(priced, Cost):
        return priced.total.high
    message = f"a limit on the cost cannot be judged: {model.id} has {priced}"
    raise WorkloadError(message, hint=f"'gpt41calc pricing show {model.id}' lists every price it has")


def _context(limits: Limits, inputs: Tally, models: Sequence[Model], workload: Workload, _: date) -> Iterator[Judged]:
    allowed = limits.max_context
    if allowed is None:
        return
    for model in models:
        tokens = input_tokens(inputs.tokens(model.counted_in), model)
        share = Decimal(100 * (tokens.high + workload.output_tokens)) / model.window
        yield Judged(
            limit="max-context",
            allowed=allowed,
            actual=_beside(share, allowed),
            unit="percent",
            passed=share <= allowed,
            model=model.id,
            exactness="exact" if tokens.is_exact else "estimated",
        )


def _retirement(limits: Limits, _: Tally, models: Sequence[Model], _workload: Workload, on: date) -> Iterator[Judged]:
    allowed = limits.fail_if_retires_within
    if allowed is None:
        return
    for model in models:
        left = (model.shutdown - on).days if model.shutdown else None
        yield Judged(
            limit="fail-if-retires-within",
            allowed=allowed,
            actual=left,
            unit="days",
            passed=left is None or left > allowed,
            model=model.id,
        )


def _increases(
    allowed: Increase, inputs: Tally, before: Tally, models: Sequence[Model], workload: Workload, on: date
) -> Iterator[Judged]:
    """Judge an increase: in dollars for every model, in tokens and percent for the one of which it is most."""
    is_known = inputs.complete and before.complete
    if allowed.unit == "USD":
        for model in models:
            base = _price(before, model, workload, on)
            dearer = _price(inputs, model, workload, on) - base
            yield Judged(
                limit="max-increase",
                allowed=allowed.amount,
                actual=dearer,
                unit="USD",
                passed=dearer <= allowed.amount if is_known else None,
                model=model.id,
                before=base,
                exactness="estimated" if model.ratio else "exact",
            )
        return
    counts = [_before_and_more(inputs, before, model, in_percent=allowed.unit == "percent") for model in models]
    if allowed.unit == "percent":
        was, more = max(counts, key=lambda each: Decimal(each[1]) / (each[0] or 1))
        grown = _beside(Decimal(100 * more) / was, allowed.amount) if was else Decimal() if more == 0 else None
        passed = 100 * more <= allowed.amount * was
        yield _increase(allowed.amount, grown, "percent", passed=passed if is_known else None, before=was)
    else:
        was, more = max(counts, key=lambda each: each[1])
        passed = more <= allowed.amount
        yield _increase(int(allowed.amount), more, "tokens", passed=passed if is_known else None, before=was)


def _before_and_more(inputs: Tally, before: Tally, model: Model, *, in_percent: bool) -> tuple[int, int]:
    """Return the tokens at the base and how many have come on top; a ratio does not change a percentage."""
    counts = [before.tokens(model.counted_in), inputs.tokens(model.counted_in)]
    was, now = counts if in_percent else [input_tokens(count, model).high for count in counts]
    return was, now - was


def _increase(
    allowed: int | Decimal, actual: int | Decimal | None, unit: Unit, *, passed: bool | None, before: int
) -> Judged:
    return Judged(limit="max-increase", allowed=allowed, actual=actual, unit=unit, passed=passed, before=before)


def _beside(share: Decimal, allowed: Decimal) -> Decimal:
    """Return a percentage to a hundredth, on the same side of its limit as it is in truth."""
    rounded = share.quantize(_HUNDREDTH)
    if share > allowed >= rounded:
        return share.quantize(_HUNDREDTH, ROUND_CEILING) if allowed == allowed.quantize(_HUNDREDTH) else share
    return share.quantize(_HUNDREDTH, ROUND_FLOOR) if share <= allowed < rounded else rounded
