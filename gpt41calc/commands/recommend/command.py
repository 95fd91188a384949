"""The command that says which variant to use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from ...cli import resolve
from ...cli.command import Command
from ...cli.option_groups import takes_groups
from ...cli.options import Configuration, Format, Inputs, Output, Prices, Request, Tier
from ...cli.output import chosen_format, deliver, deliver_sheet, renderer_of, verdict
from ...cli.parse import parse_money
from ...cli.process import Process
from ...errors import ExitCode, UsageError

if TYPE_CHECKING:
    from ...guidance.advice import Guidance
    from ...pricing.table import Pricing
    from .rank import Recommendation, Wishes

__all__ = ["register"]


class Latency(StrEnum):
    """How soon an answer is needed."""

    INTERACTIVE = "interactive"
    STANDARD = "standard"
    BATCH = "batch"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done, and under which conditions."""

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
    explain: Annotated[bool, Option("--explain", help="Print how a variant is chosen, and count nothing.")] = False
    output_tokens: Annotated[
        str, Option("--output-tokens", metavar="N", help="Output tokens of each request; 4k and 1_000 are numbers.")
    ] = "1000"
    cached_tokens: Annotated[
        str,
        Option("--cached-tokens", metavar="N", help="Input tokens of each request that the prompt cache serves."),
    ] = "0"


def register(app: typer.Typer) -> None:
    """Declare the command."""

    @app.command(cls=Command)
    @takes_groups
    def recommend(
        context: typer.Context,
        inputs: Inputs,
        wanted: Wanted,
        prices: Prices,
        _configuration: Configuration,
        output: Output,
    ) -> ExitCode:
        """Which variant of GPT-4.1 for a task, with the reasons and what a cheaper one gives up."""
        from ...guidance.load import load_guidance

        guidance, table = load_guidance(), resolve.pricing(prices)
        if wanted.explain:
            return _explain(guidance, table, wanted, output, context.obj)
        wishes = _wishes(wanted, guidance)
        return _deliver(
            _recommended(inputs, wishes, wanted, guidance, table, prices, output, context.obj), output, context.obj
        )


def _wishes(wanted: Wanted, guidance: Guidance) -> Wishes:
    """Return what was asked for.

    Raises:
        UsageError: the task or a feature is unknown, or there is no task.
    """
    from .rank import Wishes

    features = {each.id: each for each in guidance.feature}
    needed = [name.strip() for name in wanted.needs.split(",")] if wanted.needs else []
    for name in needed:
        if name not in features:
            message = f"--needs: expected {', '.join(features)}, found '{name:.40}'"
            raise UsageError(message)
    tasks = {each.id: each for each in guidance.task}
    if wanted.task not in tasks:
        given = "no --task" if wanted.task is None else f"--task: unknown task '{wanted.task:.40}'"
        raise UsageError(given, hint=f"tasks are {', '.join(tasks)}; --explain says how a variant is chosen")
    task = tasks[wanted.task]
    return Wishes(
        task=task,
        max_cost=None if wanted.max_cost is None else parse_money(wanted.max_cost, "--max-cost"),
        latency=wanted.latency.value,
        needs=tuple(features[name] for name in dict.fromkeys((*needed, *task.needs))),
        allow_retired=wanted.allow_retired,
    )


def _recommended(
    inputs: Inputs,
    wishes: Wishes,
    wanted: Wanted,
    guidance: Guidance,
    table: Pricing,
    prices: Prices,
    output: Output,
    process: Process,
) -> Recommendation:
    from ...calculator.estimate import estimate_tally
    from ...cli.inputs import count_inputs
    from ...guidance.load import load_benchmarks
    from .rank import recommend

    tier = Tier.BATCH if wanted.latency is Latency.BATCH else Tier.STANDARD
    request = Request(output_tokens=wanted.output_tokens, cached_tokens=wanted.cached_tokens, tier=tier)
    workload, day = resolve.workload(request), resolve.as_of(prices.as_of, process)
    variants = [table.find(name) for name in guidance.variants]
    is_tuned = any(feature.id == "fine-tuning" for feature in wishes.needs)
    served = [table.find(f"ft:{one.id}") if is_tuned and one.fine_tuning else one for one in variants]
    tally = count_inputs(inputs, [model.counted_in for model in served], output, process)
    result = estimate_tally(
        tally,
        served,
        [],
        workload,
        on=day,
        checked=table.checked,
        overlay=table.overlay,
        config=process.project.path if process.project else None,
    )
    return recommend(result, variants, wishes, guidance, load_benchmarks())


def _deliver(found: Recommendation, output: Output, process: Process) -> ExitCode:
    """Write a recommendation; nothing satisfies every condition: status 1."""
    from .report import choices_sheet, recommendation_sheet

    chosen = chosen_format(Format, output, process)
    sheet = choices_sheet(found) if chosen is Format.CSV and not output.quiet else recommendation_sheet(found)
    deliver_sheet(sheet, output, process)
    status = verdict(found.estimate.inputs, process)
    return status if found.ranked else ExitCode.OVER_BUDGET


def _explain(guidance: Guidance, table: Pricing, wanted: Wanted, output: Output, process: Process) -> ExitCode:
    """Write how a variant is chosen, for the task or for all of them."""
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
