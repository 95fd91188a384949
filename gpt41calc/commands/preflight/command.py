"""The ``preflight`` command, which checks requests against the limits of the API and suggests remedies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from ...cli import resolve
from ...cli.ci_reports import PROBLEM_FORMATS, add_to_summary, problem_report
from ...cli.command import Command
from ...cli.group import OptionGroup
from ...cli.option_groups import takes_groups
from ...cli.options import (
    CheckFormat,
    CheckOutput,
    Configuration,
    Format,
    Inputs,
    LimitsFile,
    Partial,
    Prices,
    Request,
)
from ...cli.output import (
    DRAWN,
    chosen_format,
    deliver,
    drawing_renderer,
    renderer_of,
    require_file_name,
    require_no_input,
    verdict,
)
from ...cli.parse import parse_count, parse_day
from ...cli.process import Process
from ...errors import BadNumber, ExitCode, UsageError

if TYPE_CHECKING:
    from .results import Preflight, Traffic
    from .run import PreflightOptions

__all__ = ["register"]


class TrafficOptions(OptionGroup):
    """Options about the traffic: usage tier, rate, and last day."""

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
    limits: LimitsFile = None


class Typed(OptionGroup):
    """All options of the command."""

    inputs: Inputs
    traffic_options: TrafficOptions
    request: Request
    prices: Prices
    configuration: Configuration
    output: CheckOutput
    partial: Partial = False


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command)
    @takes_groups
    def preflight(context: typer.Context, typed: Typed) -> ExitCode:
        """Will the API accept it: every limit, and what to do if not."""
        from .run import preflight_inputs

        process: Process = context.obj
        require_file_name(typed.output)
        options = _resolved(typed, process)
        found = preflight_inputs(options, process.runtime(typed.output, uses_cache=not typed.inputs.no_cache))
        return _deliver(found, typed.output, process)


def _resolved(typed: Typed, process: Process) -> PreflightOptions:
    from ...pricing.rate_limits import load_limits
    from .load import batch_file
    from .run import PreflightOptions

    table, limits = resolve.pricing(typed.prices), load_limits(typed.traffic_options.limits)
    traffic = _traffic(typed.traffic_options, typed.request, typed.prices, process)
    file = batch_file(typed.inputs.paths or (), is_listed=typed.inputs.files_from is not None)
    return PreflightOptions(
        paths=[file] if file else resolve.paths(typed.inputs, process),
        is_batch_file=file is not None,
        rules=resolve.rules(typed.inputs),
        models=resolve.models(typed.request, table) if typed.request.model else (),
        requests=parse_count(typed.traffic_options.requests, "--requests", least=1),
        traffic=traffic,
        partial=typed.partial,
        packs=typed.traffic_options.plan,
        pricing=table,
        limits=limits,
        config=process.project.path if process.project else None,
    )


def _traffic(traffic_options: TrafficOptions, request: Request, prices: Prices, process: Process) -> Traffic:
    """Return the traffic that the options describe.

    Raises:
        UsageError: the usage tier is missing, or an option is malformed.
    """
    from .results import Traffic

    day = resolve.as_of(prices.as_of, process)
    until = day if traffic_options.until is None else parse_day(traffic_options.until, "--until")
    if until < day:
        message = f"--until: {until} is before the day of the prices, {day}"
        raise UsageError(message)
    return Traffic(
        workload=resolve.workload(request),
        usage_tier=_usage_tier(traffic_options.usage_tier),
        per_minute=parse_count(traffic_options.rpm, "--rpm", least=1),
        as_of=day,
        until=until,
        fine_tune=traffic_options.fine_tune,
    )


def _usage_tier(typed: str | None) -> int:
    from ...pricing.limits_schema import USAGE_TIERS

    valid = ", ".join(map(str, USAGE_TIERS))
    if typed is None:
        message = f"--usage-tier is missing: one of {valid}"
        raise UsageError(message, hint="the limits page of the organisation's account names its tier; a new one is 1")
    if typed not in set(map(str, USAGE_TIERS)):
        message = f"--usage-tier: expected one of {valid}, found '{typed:.40}'"
        raise BadNumber(message)
    return int(typed)


def _deliver(found: Preflight, output: CheckOutput, process: Process) -> ExitCode:
    """Write the report, and return the exit status of the result."""
    require_no_input(output.file, found.load.inputs.paths)
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
    """Return the report in a format; if there is room for only one table, a plan replaces the limits."""
    from .report import limit_checks_sheet, preflight_problems, preflight_sheet

    if chosen in PROBLEM_FORMATS:
        return problem_report(preflight_problems(found), chosen, process)
    write = renderer_of(Format(chosen.value), output, process).sheet
    is_short = chosen in {CheckFormat.TABLE, CheckFormat.PLAIN} and not output.explain
    limits = preflight_sheet(found, is_whole=not is_short)
    if found.plan is None or chosen is CheckFormat.JSON:
        return write(limit_checks_sheet(found) if chosen is CheckFormat.CSV else limits)
    from .packing_report import plan_files_sheet, plan_sheet

    model = found.models[0].model.id
    if chosen is CheckFormat.CSV:
        return write(plan_files_sheet(found.plan, model))
    plan = plan_sheet(found.plan, model)
    if Format(chosen.value) in DRAWN:
        return drawing_renderer(Format(chosen.value), output).sheets([limits, plan])
    return f"{write(limits)}\n{write(plan)}"
