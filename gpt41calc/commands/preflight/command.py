"""The command that says whether the API will accept it, and what to do if not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from ...cli import resolve
from ...cli.ci_reports import PROBLEM_FORMATS, add_to_summary, problem_report
from ...cli.command import Command
from ...cli.inputs import require_file_name
from ...cli.option_groups import takes_groups
from ...cli.options import CheckFormat, CheckOutput, Configuration, Format, Inputs, Prices, Request
from ...cli.output import chosen_format, deliver, renderer_of, verdict
from ...cli.parse import parse_count, parse_day
from ...cli.process import Process
from ...errors import BadNumber, ExitCode, UsageError
from .load import batch_file, load_of_batch, load_of_texts, models_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...pricing.rate_limits import RateLimits
    from ...pricing.schema import Model
    from ...pricing.table import Pricing
    from .packing import Plan
    from .remedies import Others
    from .results import Asked, Load, ModelRulings, Preflight

__all__ = ["register"]


@dataclass(frozen=True, slots=True)
class Traffic:
    """Who sends it, how often and until when."""

    usage_tier: Annotated[
        str | None,
        Option(
            "--usage-tier",
            metavar="1..5",
            help="Usage tier of the organisation, as the limits page of its account names it. Required.",
        ),
    ] = None
    rpm: Annotated[str, Option("--rpm", metavar="N", help="Requests in a minute, all like this one.")] = "1"
    requests: Annotated[
        str, Option("--requests", metavar="N", help="How many times the request is made, for cost and batch queue.")
    ] = "1"
    until: Annotated[
        str | None,
        Option("--until", metavar="YYYY-MM-DD", help="Last day on which it must still work. Default: that of --as-of."),
    ] = None
    fine_tune: Annotated[bool, Option("--fine-tune", help="Also say whether the model can still be fine-tuned.")] = (
        False
    )
    plan: Annotated[bool, Option("--plan", help="Show which files go into which request, for the first model.")] = False
    limits: Annotated[
        str | None, Option("--limits", metavar="FILE", help="Lay the table of limits FILE (TOML) over the shipped one.")
    ] = None


def register(app: typer.Typer) -> None:
    """Declare the command."""

    @app.command(cls=Command)
    @takes_groups
    def preflight(
        context: typer.Context,
        inputs: Inputs,
        traffic: Traffic,
        request: Request,
        prices: Prices,
        _configuration: Configuration,
        output: CheckOutput,
    ) -> ExitCode:
        """Will the API accept it: window, output cap, rate limits by tier, shutdown dates; and what to do if not."""
        process: Process = context.obj
        found = _preflight(inputs, traffic, request, prices, output, process)
        return _deliver(found, output, process)


def _preflight(
    inputs: Inputs, traffic: Traffic, request: Request, prices: Prices, output: CheckOutput, process: Process
) -> Preflight:
    from ...pricing.rate_limits import load_limits
    from .results import Preflight

    require_file_name(output)
    table, limits = resolve.pricing(prices), load_limits(traffic.limits)
    asked = _asked(traffic, request, prices, process)
    file = batch_file(inputs)
    if file is not None:
        if traffic.plan:
            message = "--plan divides texts, and a batch file holds requests"
            raise UsageError(message, hint=f"'gpt41calc batch {file} --split DIR' divides those")
        asked = replace(asked, workload=replace(asked.workload, tier="batch"))
        request = replace(request, model=request.model or models_of(file, table, process))
    models, left_out = _models(request, table, asked)
    others = [_others(model, table) for model in models]
    counted = list({model.id: model for each in others for model in (*models, *each.all)}.values())
    requests = parse_count(traffic.requests, "--requests", least=1)
    if file is not None:
        load = load_of_batch(file, counted, requests, process)
    else:
        load = load_of_texts(inputs, counted, requests, limits, output, process)
    return Preflight(
        models=tuple(_ruled(model, load, asked, limits, each) for model, each in zip(models, others, strict=True)),
        load=load,
        asked=asked,
        limits=limits,
        pricing_checked=table.checked,
        plan=_plan(models[0], load, asked, limits, process) if traffic.plan else None,
        left_out=tuple(left_out),
        config=process.project.path if process.project else None,
        overlay=table.overlay,
    )


def _asked(traffic: Traffic, request: Request, prices: Prices, process: Process) -> Asked:
    """Return how it is to be sent.

    Raises:
        UsageError: the tier is missing, or something is not written as it should be.
    """
    from .results import Asked

    day = resolve.as_of(prices.as_of, process)
    until = day if traffic.until is None else parse_day(traffic.until, "--until")
    if until < day:
        message = f"--until: {until} is before the day of the prices, {day}"
        raise UsageError(message)
    return Asked(
        workload=resolve.workload(request),
        usage_tier=_usage_tier(traffic.usage_tier),
        per_minute=parse_count(traffic.rpm, "--rpm", least=1),
        as_of=day,
        until=until,
        fine_tune=traffic.fine_tune,
    )


def _usage_tier(typed: str | None) -> int:
    from ...pricing.rate_limits import USAGE_TIERS

    valid = ", ".join(map(str, USAGE_TIERS))
    if typed is None:
        message = f"--usage-tier is missing: one of {valid}"
        raise UsageError(message, hint="the limits page of the organisation's account names its tier; a new one is 1")
    if typed not in set(map(str, USAGE_TIERS)):
        message = f"--usage-tier: expected one of {valid}, found '{typed:.40}'"
        raise BadNumber(message)
    return int(typed)


def _models(request: Request, table: Pricing, asked: Asked) -> tuple[Sequence[Model], Sequence[Model]]:
    """Return the models asked about; of the variants that nobody named, those that are still served if any is."""
    found = resolve.models(request, table)
    served = [model for model in found if model.status(asked.as_of) != "retired"]
    if request.model or not served:
        return found, []
    return served, [model for model in found if model not in served]


def _others(model: Model, table: Pricing) -> Others:
    """Return the models that could take one's place."""
    from ...pricing.table import DEFAULT_MODELS
    from .remedies import Others

    replacement = table.find(model.replacement) if model.replacement else None
    return Others([table.find(name) for name in DEFAULT_MODELS], replacement)


def _ruled(model: Model, load: Load, asked: Asked, limits: RateLimits, others: Others) -> ModelRulings:
    """Hold one model against every limit, and find the ways out."""
    from .evaluate import rulings
    from .remedies import with_ways
    from .results import ModelRulings

    return ModelRulings(
        model=model,
        limits=limits.find(model.id),
        tokens=load.tokens(model),
        rulings=with_ways(rulings(model, load, asked, limits), model, load, asked, limits, others),
    )


def _plan(model: Model, load: Load, asked: Asked, limits: RateLimits, process: Process) -> Plan | None:
    """Put the files into requests; none, and a warning, if no request has room for any."""
    from ...calculator.context import input_tokens
    from .capacity import rooms
    from .packing import Part, pack

    found = rooms(model, limits.find(model.id), asked.usage_tier, asked.workload)
    if not found or found[-1].most <= 0:
        process.warn(f"no plan: {model.id} has no room for input beside the output, at this usage tier")
        return None
    counted = load.inputs.counted
    parts = [Part(one.path, input_tokens(one.tokens[model.counted_in], model).high) for one in counted]
    return pack(parts, found)


def _deliver(found: Preflight, output: CheckOutput, process: Process) -> ExitCode:
    """Write the report, and return the status that says what came of the limits."""
    chosen = chosen_format(CheckFormat, output, process)
    if not output.quiet:
        deliver(_written(found, chosen, output, process), output, process)
    if chosen is CheckFormat.GITHUB:
        add_to_summary(_written(found, CheckFormat.MARKDOWN, output, process), process)
    verdict(found.load.inputs, process)
    if found.is_failed:
        return ExitCode.OVER_BUDGET
    return ExitCode.OK if found.is_complete else ExitCode.INCOMPLETE


def _written(found: Preflight, chosen: CheckFormat, output: CheckOutput, process: Process) -> str:
    """Return the report in a format; a plan takes the place of the limits where there is room for one table."""
    from .report import preflight_problems, preflight_sheet, rulings_sheet

    if chosen in PROBLEM_FORMATS:
        return problem_report(preflight_problems(found), chosen, process)
    write = renderer_of(Format(chosen.value), output, process).sheet
    if found.plan is None or chosen is CheckFormat.JSON:
        return write(rulings_sheet(found) if chosen is CheckFormat.CSV else preflight_sheet(found))
    from .packing_report import plan_files_sheet, plan_sheet

    model = found.models[0].model.id
    if chosen is CheckFormat.CSV:
        return write(plan_files_sheet(found.plan, model))
    return f"{write(preflight_sheet(found))}\n{write(plan_sheet(found.plan, model))}"
