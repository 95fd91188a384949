"""From what was typed to what it means here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from .options import Bounds, By, Calibrated, Comparison, Inputs, Parts, Prices, Request
from .parse import parse_count, parse_day, parse_days, parse_increase, parse_money, parse_percent, parse_size
from .process import Process

if TYPE_CHECKING:
    from ..calculator.breakdown import Breakdown
    from ..calculator.budget import Limits
    from ..calculator.estimate import Estimate
    from ..calculator.summary import Percentile
    from ..calculator.workload import Workload
    from ..pricing.schema import Model
    from ..pricing.table import Pricing
    from ..sources.source import Rules
    from ..tally import Tally

__all__ = [
    "as_of",
    "breakdown",
    "broken_down",
    "comparators",
    "limits",
    "models",
    "paths",
    "pricing",
    "requests_per_month",
    "rules",
    "workload",
]


def rules(typed: Inputs) -> Rules:
    """Return by which rules sources are found and read."""
    from ..sources.source import Rules

    return Rules(
        gitignore=not typed.no_gitignore,
        hidden=typed.hidden,
        follow=typed.follow,
        include=tuple(typed.include or ()),
        exclude=tuple(typed.exclude or ()),
        max_bytes=None if typed.max_file_size is None else parse_size(typed.max_file_size, "--max-file-size"),
        text=typed.text,
    )


def paths(typed: Inputs, process: Process) -> list[str]:
    """Return the paths to count, typed or listed; if there are none, what the contract says.

    Raises:
        UsageError: standard input would have to be two things, or a list is missing.
    """
    from ..sources.find import default_paths, listed_paths

    named = list(typed.paths or ())
    if typed.files_from is None:
        if typed.null:
            message = "-0 only goes with --files-from"
            raise UsageError(message)
        return named or default_paths(process.stdin)
    if typed.files_from == "-" and "-" in named:
        message = "standard input cannot be both the list of paths and a text"
        raise UsageError(message, hint="put the list into a file and name it with --files-from FILE")
    return named + listed_paths(typed.files_from, process.stdin, null=typed.null)


def pricing(typed: Prices) -> Pricing:
    """Return the price table, with the user's laid over it."""
    from ..pricing.table import load_pricing

    return load_pricing(typed.pricing)


def as_of(typed: str | None, process: Process) -> date:
    """Return the day whose prices hold."""
    return process.today if typed is None else parse_day(typed, "--as-of")


def models(typed: Request, table: Pricing) -> Sequence[Model]:
    """Return the models asked about, each once."""
    from ..pricing.table import DEFAULT_MODELS

    return list({model.id: model for model in map(table.find, typed.model or DEFAULT_MODELS)}.values())


def comparators(typed: Comparison, table: Pricing) -> Sequence[Model]:
    """Return the models to compare with."""
    from ..pricing.table import DEFAULT_VERSUS

    return [table.find(name) for name in typed.versus or DEFAULT_VERSUS]


def workload(
    typed: Request,
    requests: str = "1",
    *,
    calibrated: Calibrated | None = None,
    usual: Percentile = "p50",
    models: Sequence[Model] = (),
) -> Workload:
    """Return what is asked of each model.

    Args:
        typed: the request.
        requests: how many there are.
        calibrated: what an earlier run has taught, where the command takes it.
        usual: how many of its answers have to be as short, if nothing is typed.
        models: those asked about, of whose answers something may be known.
    """
    from ..calculator.workload import Workload
    from .calibration import expected_output

    path = calibrated.calibration if calibrated else None
    output_tokens, foreseen = expected_output(typed.output_tokens, path, usual, models)
    return Workload(
        requests=parse_count(requests, "--requests"),
        cached_tokens=parse_count(typed.cached_tokens, "--cached-tokens"),
        output_tokens=output_tokens,
        tier=typed.tier.value,
        foreseen=foreseen,
    )


def requests_per_month(typed: str | None) -> int | None:
    """Return how often a request is made in a month, if that is said."""
    return None if typed is None else parse_count(typed, "--requests-per-month")


def limits(typed: Bounds) -> Limits | None:
    """Return the limits of a budget, or none if there is none among the options."""
    from ..calculator.budget import Limits

    def read(text: str | None, option: str, parse: Callable[[str, str], Any]) -> Any:
        return None if text is None else parse(text, option)

    found = Limits(
        token_budget=read(typed.token_budget, "--token-budget", parse_count),
        token_budget_per_file=read(typed.token_budget_per_file, "--token-budget-per-file", parse_count),
        max_cost=read(typed.max_cost, "--max-cost", parse_money),
        max_monthly_cost=read(typed.max_monthly_cost, "--max-monthly-cost", parse_money),
        requests_per_month=requests_per_month(typed.requests_per_month),
        max_context=read(typed.max_context, "--max-context", parse_percent),
        max_increase=read(typed.max_increase, "--max-increase", parse_increase),
        fail_if_retires_within=read(typed.fail_if_retires_within, "--fail-if-retires-within", parse_days),
    )
    return None if found == Limits(requests_per_month=found.requests_per_month) else found


def _parts(typed: Parts) -> tuple[By, int | None, int | None] | None:
    """Return by what to divide the input, how many parts to show and how deep a tree; none if nothing is asked."""
    if typed.by is None and typed.top is None and typed.tree is None:
        return None
    if typed.tree is not None and (typed.by not in {None, By.FILE} or typed.top is not None):
        message = "--tree shows every file in its folder: it does not go with --top or another --by"
        raise UsageError(message)
    top = None if typed.top is None else parse_count(typed.top, "--top", least=1)
    depth = None if typed.tree is None else parse_count(typed.tree, "--tree")
    return typed.by or By.FILE, top, depth


def breakdown(tally: Tally, encoding: str, typed: Parts, tokens_of: Callable[[int], int] = int) -> Breakdown | None:
    """Divide what was counted as asked; none if it was not."""
    from ..calculator.breakdown import break_down

    asked = _parts(typed)
    if asked is None:
        return None
    by, top, depth = asked
    return break_down(tally, encoding, by.value, top=top, tree_depth=depth, tokens_of=tokens_of)


def broken_down(result: Estimate, typed: Parts) -> Estimate:
    """Return an estimate with the parts that were asked for."""
    return replace(result, breakdown=breakdown(_as_text(result), result.encoding, typed))


def _as_text(result: Estimate) -> Tally:
    """Return what was counted with what rules add for the first model in it."""
    inputs, first = result.inputs, result.models[0].model.id
    if not inputs.is_modelled:
        return inputs
    encoding = result.encoding
    counted = (
        one._replace(tokens={**one.tokens, encoding: one.tokens.get(encoding, 0) + one.added.get(first, 0)})
        for one in inputs.counted
    )
    return type(inputs).of(*counted, *inputs.skipped)
