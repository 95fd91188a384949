"""The command that says what a change adds."""

from __future__ import annotations

from typing import Annotated

import typer

from ..errors import ExitCode
from .command import Command
from .counting import require_file_name
from .groups import takes_groups
from .options import Configuration, Output, Past, Prices, Request, RequestsPerMonth
from .process import Process

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Declare the command."""

    @app.command(cls=Command)
    @takes_groups
    def diff(
        context: typer.Context,
        past: Past,
        request: Request,
        prices: Prices,
        _configuration: Configuration,
        output: Output,
        revisions: Annotated[
            list[str] | None,
            typer.Argument(
                metavar="[REV] [REV]",
                help="What to compare with, and what to compare. Default: where this branch left the default branch, "
                "and the work tree. PATHS come after --.",
            ),
        ] = None,
        staged: Annotated[bool, typer.Option("--staged", help="Compare what is staged, with HEAD or REV.")] = False,
        requests_per_month: RequestsPerMonth = None,
    ) -> ExitCode:
        """What a change adds, against a git revision."""
        from .differing import difference_of
        from .report import deliver_difference

        process: Process = context.obj
        require_file_name(output)
        found = difference_of(revisions or (), past.inputs, request, prices, requests_per_month, process, staged=staged)
        return deliver_difference(found, output, process)
