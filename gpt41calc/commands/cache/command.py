"""The ``cache`` commands."""

from __future__ import annotations

import typer

from ...cli.command import Command, Group
from ...cli.option_groups import HELP, takes_groups
from ...cli.options import Output
from ...cli.output import deliver_sheet
from ...cli.process import Process
from ...errors import ExitCode

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Register the commands."""
    cache_app = typer.Typer(cls=Group, rich_markup_mode=None, help="The cache of counts.", context_settings=HELP)
    app.add_typer(cache_app, name="cache")

    @cache_app.command("info", cls=Command)
    @takes_groups
    def info(context: typer.Context, output: Output) -> ExitCode:
        """Where the counts of earlier runs are, and how many."""
        from .report import cache_sheet
        from .run import cache_info

        process: Process = context.obj
        deliver_sheet(cache_sheet(cache_info(process.runtime(output))), output, process)
        return ExitCode.OK

    @cache_app.command("clear", cls=Command)
    def clear() -> ExitCode:
        """Forget the counts of earlier runs."""
        from .run import clear_caches

        clear_caches()
        return ExitCode.OK
