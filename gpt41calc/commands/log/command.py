"""The command that says how files became so long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...cli.options import Format, Output
from ...cli.output import chosen_format, deliver, renderer_of
from ...cli.process import Process
from ...errors import ExitCode

if TYPE_CHECKING:
    from .history import History

from typing import Annotated

import typer

from ...cli import resolve
from ...cli.command import Command
from ...cli.inputs import require_file_name
from ...cli.option_groups import takes_groups
from ...cli.options import Configuration, Past, Prices

__all__ = ["deliver_history", "register"]


def register(app: typer.Typer) -> None:
    """Declare the command."""

    @app.command(cls=Command)
    @takes_groups
    def log(
        context: typer.Context,
        past: Past,
        prices: Prices,
        _configuration: Configuration,
        output: Output,
        paths: Annotated[
            list[str] | None,
            typer.Argument(metavar="[PATHS]...", help="Files and folders. Default: the current folder."),
        ] = None,
        since: Annotated[str | None, typer.Option("--since", metavar="REV", help="Leave out what led to REV.")] = None,
        token_budget: Annotated[
            str | None,
            typer.Option(
                "--token-budget", metavar="N", help="Name the commit that first broke it; status 1 if it still is."
            ),
        ] = None,
        model: Annotated[
            str | None,
            typer.Option("-m", "--model", metavar="ID", help="Count as this model does. Default: as GPT-4.1."),
        ] = None,
    ) -> ExitCode:
        """The token count of files over their history, commit by commit."""
        from ...tokenizer.vocabulary import DEFAULT_ENCODING
        from .run import history_of

        process: Process = context.obj
        require_file_name(output)
        found = resolve.pricing(prices).find(model) if model else None
        encoding = found.counted_in if found else DEFAULT_ENCODING
        named = [*(paths or ()), *(past.path or ())]
        history = history_of(named, since, token_budget, past.inputs, found, encoding, process)
        return deliver_history(history, output, process)


def deliver_history(history: History, output: Output, process: Process) -> ExitCode:
    """Write a history; quiet: the tokens there are now, or the commit that first broke the budget."""
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
