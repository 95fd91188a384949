"""The ``diff`` command, which shows the tokens and costs added by a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ...cli import resolve
from ...cli.command import Command
from ...cli.group import OptionGroup
from ...cli.option_groups import takes_groups
from ...cli.options import Configuration, Format, Output, Prices, Request, RequestsPerMonth
from ...cli.output import chosen_format, deliver, mention_lost, renderer_of, require_file_name, require_no_input
from ...cli.parse import parse_count
from ...cli.process import Process
from ...errors import ExitCode
from .options import Past

if TYPE_CHECKING:
    from .compare import Difference
    from .run import DiffOptions

__all__ = ["register"]


class Typed(OptionGroup):
    """All options of the command besides the revisions."""

    past: Past
    request: Request
    prices: Prices
    configuration: Configuration
    output: Output
    staged: Annotated[bool, typer.Option("--staged", help="Compare what is staged, with HEAD or REV.")] = False
    requests_per_month: RequestsPerMonth = None
    top: Annotated[
        str | None, typer.Option("--top", metavar="N", help="Show only the N files that changed most; JSON has all.")
    ] = None


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command)
    @takes_groups
    def diff(
        context: typer.Context,
        typed: Typed,
        revisions: Annotated[
            list[str] | None,
            typer.Argument(
                metavar="[REV] [REV]",
                help="What to compare with, and what to compare. Default: where this branch left the default branch, "
                "and the work tree. PATHS come after --.",
            ),
        ] = None,
    ) -> ExitCode:
        """What a change adds, against a git revision."""
        from .run import difference

        process: Process = context.obj
        require_file_name(typed.output)
        top = None if typed.top is None else parse_count(typed.top, "--top", least=1)
        options = _resolved(revisions or [], typed, process)
        found = difference(options, process.runtime(typed.output, uses_cache=not typed.past.no_cache))
        return _deliver(found, top, typed.output, process)


def _resolved(revisions: list[str], typed: Typed, process: Process) -> DiffOptions:
    from ...sources.git.pull_request import pull_request_base
    from .run import DiffOptions

    table = resolve.pricing(typed.prices)
    return DiffOptions(
        revisions=revisions,
        pull_request=None if revisions else pull_request_base(process.environ),
        staged=typed.staged,
        paths=typed.past.path or ["."],
        rules=resolve.chosen_rules(typed.past),
        models=resolve.models(typed.request, table),
        workload=resolve.workload(typed.request),
        on=resolve.as_of(typed.prices.as_of, process),
        requests_per_month=resolve.requests_per_month(typed.requests_per_month),
        config=process.project.path if process.project else None,
    )


def _deliver(found: Difference, top: int | None, output: Output, process: Process) -> ExitCode:
    """Write a difference; with ``--quiet``, only the added tokens."""
    from .report import changes_sheet, difference_sheet
    from .revision_paths import WORK_TREE

    if found.head == WORK_TREE:
        require_no_input(output.file, found.after.paths)
    chosen = chosen_format(Format, output, process)
    if output.quiet:
        first = found.models[0]
        text = f"{first.after.value - first.before.value}\n"
    elif chosen is Format.MARKDOWN:
        from .comment import difference_comment

        text = difference_comment(found, top)
    else:
        sheet = changes_sheet(found, top) if chosen is Format.CSV else difference_sheet(found, top)
        text = renderer_of(chosen, output, process).sheet(sheet)
    deliver(text, output, process)
    mention_lost((*found.before.skipped, *found.after.skipped), process)
    return ExitCode.OK if found.is_complete else ExitCode.INCOMPLETE
