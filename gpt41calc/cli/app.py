"""The commands."""

from __future__ import annotations

from typing import Annotated

import typer

from ..errors import ExitCode
from . import batch, comparing, finetune, preflight, recommend, settings, usage
from .counting import count_inputs, open_cache, require_file_name
from .groups import takes_groups
from .options import (
    Aspect,
    Bounds,
    Calibrated,
    CheckFormat,
    CheckOutput,
    Comparison,
    Configuration,
    Gate,
    Inputs,
    Migrating,
    Output,
    Parts,
    Past,
    Prices,
    PricingFile,
    Request,
    RequestsPerMonth,
)
from .process import Process
from .report import chosen_format, deliver_counts, deliver_sheet
from .requesting import Content

__all__ = ["COMMANDS", "app"]

_HELP = {"help_option_names": ["-h", "--help"]}

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Count tokens, check the context window and price prompts, files and folders for GPT-4.1. "
    "'gpt41calc [PATHS]...' is short for 'gpt41calc estimate [PATHS]...', whose --help lists the options.",
    epilog="A folder named like a command is written ./count. "
    "Examples: 'gpt41calc .', 'git diff | gpt41calc', 'gpt41calc count -q prompt.md'.",
    context_settings=_HELP,
)
pricing_app = typer.Typer(
    rich_markup_mode=None, help="Show, validate and compare price tables.", context_settings=_HELP
)
app.add_typer(pricing_app, name="pricing")
cache_app = typer.Typer(rich_markup_mode=None, help="Counts that are remembered between runs.", context_settings=_HELP)
app.add_typer(cache_app, name="cache")


@app.callback()
def root(
    _version: Annotated[bool, typer.Option("-V", "--version", help="Show the version and exit.")] = False,
) -> None:
    """Nothing: the version is told before Typer is imported (``argv.wants_version``)."""


@app.command()
@takes_groups
def estimate(
    context: typer.Context,
    inputs: Inputs,
    content: Content,
    request: Request,
    comparison: Comparison,
    calibrated: Calibrated,
    prices: Prices,
    parts: Parts,
    migrating: Migrating,
    _configuration: Configuration,
    output: Output,
) -> ExitCode:
    """Tokens, context fit, cost and savings (the default)."""
    from .estimating import estimate_inputs

    return estimate_inputs(
        inputs, content, request, comparison, calibrated, prices, parts, migrating, output, context.obj
    )


@app.command()
@takes_groups
def count(
    context: typer.Context,
    inputs: Inputs,
    parts: Parts,
    _configuration: Configuration,
    output: Output,
    pricing: PricingFile = None,
    model: Annotated[
        str | None, typer.Option("-m", "--model", metavar="ID", help="Count as this model does. Default: as GPT-4.1.")
    ] = None,
) -> ExitCode:
    """Token counts only, as wc counts words."""
    from ..tokenizer.vocabulary import DEFAULT_ENCODING

    process: Process = context.obj
    # The default needs no table of prices: loading it takes longer than counting a prompt.
    table = settings.pricing(Prices(pricing=pricing)) if model or pricing else None
    found = table.find(model) if table and model else None
    encoding = found.counted_in if found else DEFAULT_ENCODING
    tally = count_inputs(inputs, [encoding], output, process)
    return deliver_counts(tally, encoding, found, parts, output, process)


@app.command()
@takes_groups
def check(
    context: typer.Context,
    inputs: Inputs,
    bounds: Bounds,
    gate: Gate,
    request: Request,
    calibrated: Calibrated,
    prices: Prices,
    _configuration: Configuration,
    output: CheckOutput,
) -> ExitCode:
    """Compare with budgets, and fail if one is broken; made for CI."""
    from .check import deliver_check, wanted_reports
    from .checking import check_budgets
    from .starting import write_start

    process: Process = context.obj
    require_file_name(output)
    wanted_reports(gate, output)
    chosen_format(CheckFormat, output, process)
    if gate.init:
        return write_start(inputs, request, prices, output, process)
    result = check_budgets(inputs, request, prices, bounds, gate, output, process, calibrated)
    return deliver_check(result, gate, output, process)


@app.command()
@takes_groups
def diff(
    context: typer.Context,
    past: Past,
    request: Request,
    prices: Prices,
    _configuration: Configuration,
    output: Output,
    revisions: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REV] [REV]",
            help="What to compare with, and what to compare. Default: where this branch left the default branch, "
            "and the work tree. PATHS come after --.",
        ),
    ] = None,
    staged: Annotated[bool, typer.Option("--staged", help="Compare what is staged, with HEAD or REV.")] = False,
    requests_per_month: RequestsPerMonth = None,
) -> ExitCode:
    """What a change adds, against a git revision."""
    from .differing import difference_of
    from .report import deliver_difference

    process: Process = context.obj
    require_file_name(output)
    found = difference_of(revisions or (), past.inputs, request, prices, requests_per_month, process, staged=staged)
    return deliver_difference(found, output, process)


@app.command()
@takes_groups
def log(
    context: typer.Context,
    past: Past,
    prices: Prices,
    _configuration: Configuration,
    output: Output,
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="[PATHS]...", help="Files and folders. Default: the current folder.")
    ] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="REV", help="Leave out what led to REV.")] = None,
    token_budget: Annotated[
        str | None,
        typer.Option(
            "--token-budget", metavar="N", help="Name the commit that first broke it; status 1 if it still is."
        ),
    ] = None,
    model: Annotated[
        str | None, typer.Option("-m", "--model", metavar="ID", help="Count as this model does. Default: as GPT-4.1.")
    ] = None,
) -> ExitCode:
    """The token count of files over their history, commit by commit."""
    from ..tokenizer.vocabulary import DEFAULT_ENCODING
    from .differing import history_of
    from .report import deliver_history

    process: Process = context.obj
    require_file_name(output)
    found = settings.pricing(prices).find(model) if model else None
    encoding = found.counted_in if found else DEFAULT_ENCODING
    named = [*(paths or ()), *(past.path or ())]
    history = history_of(named, since, token_budget, past.inputs, found, encoding, process)
    return deliver_history(history, output, process)


batch.register(app)
finetune.register(app)
usage.register(app)
preflight.register(app)


@app.command()
@takes_groups
def models(
    context: typer.Context,
    aspect: Aspect,
    prices: Prices,
    output: Output,
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Show all that is known of these.")] = None,
) -> ExitCode:
    """The models: prices, windows, limits, dates, sources, benchmarks."""
    from .showing import shown_models

    process: Process = context.obj
    table, day = settings.pricing(prices), settings.as_of(prices.as_of, process)
    found = list({model.id: model for model in map(table.find, ids or ())}.values())
    sheet, status = shown_models(aspect, found, table, day)
    deliver_sheet(sheet, output, process)
    return status


@pricing_app.command("show")
@takes_groups
def pricing_show(
    context: typer.Context,
    output: Output,
    pricing: PricingFile = None,
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Show only these models.")] = None,
) -> ExitCode:
    """Every price: by model, tier, date and prompt length, with its source."""
    from ..render.models import prices_sheet

    process: Process = context.obj
    table = settings.pricing(Prices(pricing=pricing))
    found = [table.find(name) for name in ids] if ids else table.models
    deliver_sheet(prices_sheet(found, table, process.today), output, process)
    return ExitCode.OK


@pricing_app.command("validate")
@takes_groups
def pricing_validate(
    context: typer.Context,
    output: Output,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A price table in TOML.")],
) -> ExitCode:
    """Check a price table that is meant for --pricing."""
    from ..pricing.table import load_pricing
    from ..render.models import validation_sheet

    deliver_sheet(validation_sheet(load_pricing(file)), output, context.obj)
    return ExitCode.OK


@cache_app.command("info")
@takes_groups
def cache_info(context: typer.Context, output: Output) -> ExitCode:
    """Where the counts of earlier runs are, and how many."""
    from ..render.cached import cache_sheet

    cache = open_cache(context.obj)
    files, counts = cache.size()
    cache.close()
    deliver_sheet(cache_sheet(cache.path, files, counts), output, context.obj)
    return ExitCode.OK


@cache_app.command("clear")
def cache_clear(context: typer.Context) -> ExitCode:
    """Forget the counts of earlier runs."""
    open_cache(context.obj).clear()
    return ExitCode.OK


recommend.register(app)
comparing.register(pricing_app)

COMMANDS = frozenset(
    {
        *("estimate", "count", "check", "diff", "log", "batch", "finetune", "usage", "preflight", "recommend"),
        *("models", "pricing", "cache"),
    }
)
"""Words that are commands when they come first; anything else is a path to estimate."""
