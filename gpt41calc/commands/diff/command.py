"""The command that says what a change adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...cli.options import Format, Output
from ...cli.output import _mention_lost, chosen_format, deliver, renderer_of
from ...cli.process import Process
from ...errors import ExitCode

if TYPE_CHECKING:
    from .compare import Difference

from typing import Annotated

import typer

from ...cli.command import Command
from ...cli.inputs import require_file_name
from ...cli.option_groups import takes_groups
from ...cli.options import Configuration, Past, Prices, Request, RequestsPerMonth

__all__ = ["deliver_difference", "register"]


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
        from .run import difference_of

        process: Process = context.obj
        require_file_name(output)
        found = difference_of(revisions or (), past.inputs, request, prices, requests_per_month, process, staged=staged)
        return deliver_difference(found, output, process)


def deliver_difference(difference: Difference, output: Output, process: Process) -> ExitCode:
    """Write a difference; quiet: the tokens that come on top."""
    from .report import changes_sheet, difference_sheet

    chosen = chosen_format(Format, output, process)
    if output.quiet:
        first = difference.models[0]
        text = f"{first.after.value - first.before.value}\n"
    elif chosen is Format.MARKDOWN:
        from .comment import difference_comment

        text = difference_comment(difference)
    else:
        sheet = changes_sheet(difference) if chosen is Format.CSV else difference_sheet(difference)
        text = renderer_of(chosen, output, process).sheet(sheet)
    deliver(text, output, process)
    _mention_lost((*difference.before.skipped, *difference.after.skipped), process)
    return ExitCode.OK if difference.is_complete else ExitCode.INCOMPLETE
