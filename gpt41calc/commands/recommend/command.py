"""The ``recommend`` command, which selects a variant."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from ...cli import resolve
from ...cli.command import Command
from ...cli.group import OptionGroup
from ...cli.option_groups import takes_groups
from ...cli.options import Configuration, Format, Inputs, Output, Prices, Request, Tier
from ...cli.output import (
    chosen_format,
    deliver,
    deliver_sheet,
    renderer_of,
    require_counted,
    require_file_name,
    require_no_input,
    verdict,
)
from ...cli.parse import parse_money
from ...cli.process import Process
from ...errors import ExitCode

if TYPE_CHECKING:
    from ...guidance.advice import Guidance
    from ...pricing.table import Pricing
    from .recommendation import Recommendation, Wishes
    from .run import RecommendOptions

__all__ = ["register"]


class Latency(StrEnum):
    """The time in which an answer is needed."""

    INTERACTIVE = "interactive"
    STANDARD = "standard"
    BATCH = "batch"


class Wanted(OptionGroup):
    """Options about the task and its conditions."""

    task: Annotated[
        str | None,
        Option(
            "--task",
            metavar="TASK",
            help="What is to be done: code, planning, instructions, structured, vision, autocomplete, "
            "classification, extraction, chat, long-documents.",
        ),
    ] = None
    max_cost: Annotated[
        str | None, Option("--max-cost", metavar="USD", help="Most dollars of a request, output included.")
    ] = None
    latency: Annotated[
        Latency, Option("--latency", help="How soon an answer is needed; batch prices are those of a day.")
    ] = Latency.STANDARD
    needs: Annotated[
        str | None,
        Option("--needs", metavar="LIST", help="What it must be able to do: fine-tuning,vision,tools."),
    ] = None
    allow_retired: Annotated[
        bool, Option("--allow-retired", help="Consider models that are shut down, too: others may still serve them.")
    ] = False
    output_tokens: Annotated[
        str, Option("--output-tokens", metavar="N", help="Output tokens of each request; 4k and 1_000 are numbers.")
    ] = "1000"
    cached_tokens: Annotated[
        str,
        Option("--cached-tokens", metavar="N", help="Input tokens of each request that the prompt cache serves."),
    ] = "0"


class Typed(OptionGroup):
    """All options of the command."""

    inputs: Inputs
    wanted: Wanted
    prices: Prices
    configuration: Configuration
    output: Output


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command)
    @takes_groups
    def recommend(context: typer.Context, typed: Typed) -> ExitCode:
        """Which variant of GPT-4.1 for a task, and why."""
        from ...guidance.load import load_guidance
        from .run import recommend_for

        process: Process = context.obj
        guidance, table = load_guidance(), resolve.pricing(typed.prices)
        if typed.output.explain:
            return _explain(guidance, table, typed.wanted, typed.output, process)
        wishes = _wishes(typed.wanted, guidance)
        require_file_name(typed.output)
        options = _resolved(typed, wishes, guidance, table, process)
        found = recommend_for(options, process.runtime(typed.output, uses_cache=not typed.inputs.no_cache))
        return _deliver(found, typed.output, process)


def _resolved(typed: Typed, wishes: Wishes, guidance: Guidance, table: Pricing, process: Process) -> RecommendOptions:
    from .run import RecommendOptions

    wanted = typed.wanted
    tier = Tier.BATCH if wanted.latency is Latency.BATCH else Tier.STANDARD
    request = Request(output_tokens=wanted.output_tokens, cached_tokens=wanted.cached_tokens, tier=tier)
    return RecommendOptions(
        workload=resolve.workload(request),
        on=resolve.as_of(typed.prices.as_of, process),
        paths=resolve.paths(typed.inputs, process),
        rules=resolve.rules(typed.inputs),
        wishes=wishes,
        guidance=guidance,
        pricing=table,
        config=process.project.path if process.project else None,
    )


def _wishes(wanted: Wanted, guidance: Guidance) -> Wishes:
    from .run import wishes

    return wishes(
        wanted.task,
        guidance,
        needs=[name.strip() for name in wanted.needs.split(",")] if wanted.needs else (),
        max_cost=None if wanted.max_cost is None else parse_money(wanted.max_cost, "--max-cost"),
        latency=wanted.latency.value,
        allow_retired=wanted.allow_retired,
    )


def _deliver(found: Recommendation, output: Output, process: Process) -> ExitCode:
    """Write a recommendation; the exit status is 1 if no variant satisfies all conditions."""
    require_no_input(output.file, found.estimate.inputs.paths)
    require_counted(found.estimate.inputs)
    from .report import choices_sheet, recommendation_sheet

    chosen = chosen_format(Format, output, process)
    sheet = choices_sheet(found) if chosen is Format.CSV and not output.quiet else recommendation_sheet(found)
    deliver_sheet(sheet, output, process)
    status = verdict(found.estimate.inputs, process)
    return status if found.ranked else ExitCode.OVER_BUDGET


def _explain(guidance: Guidance, table: Pricing, wanted: Wanted, output: Output, process: Process) -> ExitCode:
    """Write the rules for choosing a variant, for one task or all."""
    from ...guidance.load import load_benchmarks
    from .decision_tree import decision_tree, tree_sheet

    task = _wishes(wanted, guidance).task if wanted.task is not None else None
    names = {name: table.find(name).name for name in guidance.variants}
    benchmarks = load_benchmarks()
    chosen = chosen_format(Format, output, process)
    if chosen in {Format.TABLE, Format.PLAIN} and not output.quiet:
        deliver(decision_tree(guidance, benchmarks, names, task), output, process)
    elif output.quiet:
        deliver_sheet(tree_sheet(guidance, benchmarks, names, task), output, process)
    else:
        deliver(
            renderer_of(chosen, output, process).sheet(tree_sheet(guidance, benchmarks, names, task)), output, process
        )
    return ExitCode.OK
