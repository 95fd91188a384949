"""The commands about counts that are remembered."""

from __future__ import annotations

import typer

from ...cli.command import Command, Group
from ...cli.inputs import open_cache
from ...cli.option_groups import HELP, takes_groups
from ...cli.options import Output
from ...cli.output import deliver_sheet
from ...errors import ExitCode

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Declare the commands."""
    cache_app = typer.Typer(
        cls=Group, rich_markup_mode=None, help="Counts that are remembered between runs.", context_settings=HELP
    )
    app.add_typer(cache_app, name="cache")

    @cache_app.command("info", cls=Command)
    @takes_groups
    def cache_info(context: typer.Context, output: Output) -> ExitCode:
        """Where the counts of earlier runs are, and how many."""
        from .report import cache_sheet

        cache = open_cache(context.obj)
        files, counts = cache.size()
        cache.close()
        deliver_sheet(cache_sheet(cache.path, files, counts), output, context.obj)
        return ExitCode.OK

    @cache_app.command("clear", cls=Command)
    def cache_clear(context: typer.Context) -> ExitCode:
        """Forget the counts of earlier runs."""
        from ...counting.run_history import forget

        open_cache(context.obj).clear()
        forget()
        return ExitCode.OK
