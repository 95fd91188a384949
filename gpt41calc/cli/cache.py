"""The commands about counts that are remembered."""

from __future__ import annotations

import typer

from ..errors import ExitCode
from .command import Command, Group
from .counting import open_cache
from .groups import HELP, takes_groups
from .options import Output
from .report import deliver_sheet

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
        from ..render.cached import cache_sheet

        cache = open_cache(context.obj)
        files, counts = cache.size()
        cache.close()
        deliver_sheet(cache_sheet(cache.path, files, counts), output, context.obj)
        return ExitCode.OK

    @cache_app.command("clear", cls=Command)
    def cache_clear() -> ExitCode:
        """Forget the counts of earlier runs."""
        from ..folders import cache_folder
        from ..foreseen import forget
        from ..tokenizer.cache import clear_cache

        clear_cache(cache_folder())
        forget()
        return ExitCode.OK
