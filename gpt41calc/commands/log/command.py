"""The ``log`` command, which shows the history of token counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ...cli import resolve
from ...cli.command import Command
from ...cli.group import OptionGroup
from ...cli.option_groups import takes_groups
from ...cli.options import Aliases, Configuration, CountedAs, Format, Output, Prices, PricingFile
from ...cli.output import chosen_format, deliver, renderer_of, require_file_name
from ...cli.parse import parse_count
from ...cli.process import Process
from ...errors import ExitCode
from ..diff.options import Past

if TYPE_CHECKING:
    from .history import History
    from .run import LogOptions

__all__ = ["register"]


class Typed(OptionGroup):
    """All options of the command besides the paths."""

    past: Past
    configuration: Configuration
    output: Output
    since: Annotated[str | None, typer.Option("--since", metavar="REV", help="Leave out what led to REV.")] = None
    token_budget: Annotated[
        str | None,
        typer.Option(
            "--token-budget", metavar="N", help="Name the commit that first broke it; status 1 if it still is."
        ),
    ] = None
    pricing: PricingFile = None
    alias: Aliases = None
    model: CountedAs = None


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command)
    @takes_groups
    def log(
        context: typer.Context,
        typed: Typed,
        paths: Annotated[
            list[str] | None,
            typer.Argument(metavar="[PATHS]...", help="Files and folders. Default: the current folder."),
        ] = None,
    ) -> ExitCode:
        """The token count of files over their history, commit by commit."""
        from .run import history

        process: Process = context.obj
        require_file_name(typed.output)
        options = _resolved(paths or [], typed, process)
        found = history(options, process.runtime(typed.output, uses_cache=not typed.past.no_cache))
        return _deliver(found, typed.output, process)


def _resolved(paths: list[str], typed: Typed, process: Process) -> LogOptions:
    from .run import LogOptions

    budget = typed.token_budget
    table = resolve.pricing(Prices(pricing=typed.pricing, alias=typed.alias)) if typed.model else None
    return LogOptions(
        paths=[*paths, *(typed.past.path or ())],
        rules=resolve.chosen_rules(typed.past),
        since=typed.since,
        token_budget=None if budget is None else parse_count(budget, "--token-budget"),
        model=table.find(typed.model) if table and typed.model else None,
        config=process.project.path if process.project else None,
    )


def _deliver(history: History, output: Output, process: Process) -> ExitCode:
    """Write a history; with ``--quiet``, only the current tokens, or the commit that first broke the budget."""
    from .report import commits_sheet, history_sheet

    chosen = chosen_format(Format, output, process)
    if output.quiet:
        broken = history.first_broken
        now = history.tokens(history.tokens_now).value
        text = f"{now}\n" if history.budget_tokens is None else f"{broken.hash}\n" if broken else ""
    else:
        sheet = commits_sheet(history) if chosen is Format.CSV else history_sheet(history)
        text = renderer_of(chosen, output, process).sheet(sheet)
    deliver(text, output, process)
    if history.is_over_now:
        return ExitCode.OVER_BUDGET
    return ExitCode.OK if history.is_complete else ExitCode.INCOMPLETE
