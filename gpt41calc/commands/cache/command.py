"""The commands about the cache of counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from ...cli.command import Command, Group
from ...cli.option_groups import HELP, takes_groups
from ...cli.options import Output
from ...cli.output import deliver_sheet
from ...cli.process import Process
from ...errors import ExitCode

if TYPE_CHECKING:
    from ...counting.cache import CountCache

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Declare the commands."""
    cache_app = typer.Typer(cls=Group, rich_markup_mode=None, help="The cache of counts.", context_settings=HELP)
    app.add_typer(cache_app, name="cache")

    @cache_app.command("info", cls=Command)
    @takes_groups
    def cache_info(context: typer.Context, output: Output) -> ExitCode:
        """Where the counts of earlier runs are, and how many."""
        from .report import cache_sheet

        cache = _cache(context.obj)
        files, counts = cache.size()
        cache.close()
        deliver_sheet(cache_sheet(cache.path, files, counts), output, context.obj)
        return ExitCode.OK

    @cache_app.command("clear", cls=Command)
    def cache_clear() -> ExitCode:
        """Forget the counts of earlier runs."""
        from ...counting.cache import clear_cache
        from ...counting.run_history import forget
        from ...locations import cache_folder
        from ...tokenizer.claude_pieces import forget_pieces

        clear_cache(cache_folder())
        forget()
        forget_pieces()
        return ExitCode.OK


def _cache(process: Process) -> CountCache:
    from ...counting.cache import CountCache
    from ...locations import cache_folder

    return CountCache(cache_folder(), process.warn)
