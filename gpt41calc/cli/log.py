"""The command that says how files became so long."""

from __future__ import annotations

from typing import Annotated

import typer

from ..errors import ExitCode
from . import settings
from .command import Command
from .counting import require_file_name
from .groups import takes_groups
from .options import Configuration, Output, Past, Prices
from .process import Process

__all__ = ["register"]


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
