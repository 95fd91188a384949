"""Convert typed options to values: paths, models, prices, days, workloads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ..errors import UsageError
from .options import By, Calibrated, Choice, Comparison, Inputs, Parts, Prices, Request
from .parse import parse_count, parse_count_or_percent, parse_day, parse_size
from .process import Process

if TYPE_CHECKING:
    from ..calculator.breakdown import Grouping
    from ..calculator.percentile import Percentile
    from ..calculator.workload import Workload
    from ..pricing.schema import Model
    from ..pricing.table import Pricing
    from ..sources.source import Rules

__all__ = [
    "as_of",
    "breakdown",
    "chosen_rules",
    "comparators",
    "models",
    "paths",
    "pricing",
    "requests_per_month",
    "rules",
    "workload",
]


def rules(typed: Inputs) -> Rules:
    """Return the rules for finding and reading sources."""
    return chosen_rules(typed)._replace(gitignore=not typed.no_gitignore, follow=typed.follow)


def chosen_rules(typed: Choice) -> Rules:
    """Return the rules for files of a git revision, which has no ignored files and needs no option for links."""
    from ..sources.source import Rules

    return Rules(
        hidden=typed.hidden,
        include=tuple(typed.include or ()),
        exclude=tuple(typed.exclude or ()),
        max_bytes=None if typed.max_file_size is None else parse_size(typed.max_file_size, "--max-file-size"),
        text=typed.text,
    )


def paths(typed: Inputs, process: Process, strings: Sequence[str] | None = None) -> list[str]:
    """Return the paths to count, typed or from a list; without any, and without texts, the default paths.

    Raises:
        UsageError: standard input is both the list and a text, or ``-0`` is given without a list.
    """
    from ..sources.find import default_paths, listed_paths

    named = list(typed.paths or ())
    if typed.files_from is None:
        if typed.null:
            message = "-0 only goes with --files-from"
            raise UsageError(message)
        return named if named or strings else default_paths(process.stdin)
    if typed.files_from == "-" and "-" in named:
        message = "standard input cannot be both the list of paths and a text"
        raise UsageError(message, hint="put the list into a file and name it with --files-from FILE")
    return named + listed_paths(typed.files_from, process.stdin, null=typed.null)


def pricing(typed: Prices) -> Pricing:
    """Return the price table with the user's table merged into it, the user's own names, and charges on top."""
    from ..pricing.table import load_pricing

    table = load_pricing(typed.pricing).with_surcharges(typed.uplift or (), typed.fee or ())
    return table.with_aliases(typed.alias) if typed.alias else table


def as_of(typed: str | None, process: Process) -> date:
    """Return the day whose prices are used."""
    return process.today if typed is None else parse_day(typed, "--as-of")


def models(typed: Request, table: Pricing) -> Sequence[Model]:
    """Return the models of the report, each once."""
    from ..pricing.table import DEFAULT_MODELS

    if not typed.model:
        return [table.find(name) for name in DEFAULT_MODELS]
    from ..pricing.selection import select

    return select(typed.model, table)


def comparators(typed: Comparison, table: Pricing, models: Sequence[Model], on: date) -> Sequence[Model]:
    """Return the models to compare with.

    Args:
        typed: their names; ``none`` removes those before it, and ``replacement`` stands for the replacements of
            the models.
        table: the price table.
        models: the models of the estimate.
        on: the day whose model statuses are used.

    Raises:
        UsageError: no model has a replacement.
    """
    from ..pricing.table import DEFAULT_VERSUS

    if not typed.versus:
        return [table.find(name) for name in DEFAULT_VERSUS]
    from ..pricing.selection import select

    found: dict[str, Model] = {}
    for word in (word for each in typed.versus for word in each.split(",")):
        name = word.strip().lower()
        if name == "none":
            found.clear()
            continue
        for model in _replacements(models, table, on) if name == "replacement" else select([word], table):
            found.setdefault(model.id, model)
    return list(found.values())


def _replacements(models: Sequence[Model], table: Pricing, on: date) -> list[Model]:
    from ..calculator.successor import successor

    found = [after for model in models if (after := successor(model, table.find, on))]
    if not found:
        message = f"--versus replacement: the table names none for {', '.join(model.id for model in models[:3])}"
        raise UsageError(message, hint="--versus ID compares with any model that 'gpt41calc models' lists")
    return found


def workload(
    typed: Request,
    requests: str = "1",
    *,
    calibrated: Calibrated | None = None,
    usual: Percentile = "p50",
    models: Sequence[Model] = (),
) -> Workload:
    """Return the workload: number of requests, output tokens, cached tokens and tier.

    Args:
        typed: the options about the request.
        requests: the number of requests.
        calibrated: the option for a calibration. None if the command has none.
        usual: the percentile of answer lengths in the calibration that is used if none is given.
        models: the models of the report, whose answers may be in the calibration.
    """
    from ..calculator.workload import Workload
    from .calibration import expected_output

    path = calibrated.calibration if calibrated else None
    cached = parse_count_or_percent(typed.cached_tokens, "--cached-tokens")
    share = cached if isinstance(cached, Decimal) else None
    output_tokens, source = expected_output(typed.output_tokens, path, usual, models)
    return Workload(
        requests=parse_count(requests, "--requests"),
        cached_tokens=cached if isinstance(cached, int) else 0,
        cached_percent=share,
        output_tokens=output_tokens,
        tier=typed.tier.value,
        forecast_source=source,
    )


def requests_per_month(typed: str | None) -> int | None:
    """Return the number of requests per month. None if it is not given."""
    return None if typed is None else parse_count(typed, "--requests-per-month")


def breakdown(typed: Parts) -> Grouping | None:
    """Return how to break the input down into parts. None if that is not requested.

    Raises:
        UsageError: the options contradict each other.
    """
    if typed.by is None and typed.top is None and typed.tree is None:
        return None
    if typed.tree is not None and (typed.by not in {None, By.FILE} or typed.top is not None):
        message = "--tree shows every file in its folder: it does not go with --top or another --by"
        raise UsageError(message)
    top = None if typed.top is None else parse_count(typed.top, "--top", least=1)
    depth = None if typed.tree is None else parse_count(typed.tree, "--tree")
    from ..calculator.breakdown import Grouping

    return Grouping((typed.by or By.FILE).value, top, depth)
