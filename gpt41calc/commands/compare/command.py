"""The ``compare`` command, which shows prompts side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from ...cli import resolve
from ...cli.command import Command
from ...cli.group import OptionGroup
from ...cli.option_groups import takes_groups
from ...cli.options import Choice, Configuration, Format, Output, Prices, Request, RequestsPerMonth
from ...cli.output import (
    chosen_format,
    deliver,
    mention_lost,
    renderer_of,
    require_file_name,
    require_no_input,
)
from ...cli.parse import parse_count
from ...cli.process import Process
from ...errors import ExitCode
from ...requests.content_kind import Kind
from .parts import ByPart

if TYPE_CHECKING:
    from .comparison import Comparison
    from .run import CompareOptions

__all__ = ["register"]


class Typed(OptionGroup):
    """All options of the command besides the inputs."""

    choice: Choice
    request: Request
    prices: Prices
    configuration: Configuration
    output: Output
    no_gitignore: Annotated[bool, Option("--no-gitignore", help="Count what git ignores, too.")] = False
    follow: Annotated[bool, Option("--follow", help="Follow symbolic links found in folders.")] = False
    kind: Annotated[
        Kind | None,
        Option("--kind", help="What named files hold. Default: what their content says.", show_default=False),
    ] = None
    requests_per_month: RequestsPerMonth = None
    by: Annotated[
        ByPart | None,
        Option(
            "--by",
            help="What the rows are. Default: files of folders, sections or lines of two texts, else inputs.",
            show_default=False,
        ),
    ] = None
    top: Annotated[
        str | None, Option("--top", metavar="N", help="Show only the N rows that differ most; JSON has all.")
    ] = None


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command)
    @takes_groups
    def compare(
        context: typer.Context,
        typed: Typed,
        inputs: Annotated[
            list[str] | None,
            typer.Argument(
                metavar="A B...",
                help="Files, folders (compared by relative path), bodies of requests, or - for standard input. "
                "Each is compared with the first.",
                show_default=False,
            ),
        ] = None,
    ) -> ExitCode:
        """Prompts side by side: tokens, dollars, and what differs."""
        from .run import compare_inputs

        process: Process = context.obj
        require_file_name(typed.output)
        top = None if typed.top is None else parse_count(typed.top, "--top", least=1)
        options = _resolved(inputs or [], typed, process)
        found = compare_inputs(options, process.runtime(typed.output, uses_cache=not typed.choice.no_cache))
        return _deliver(found, typed.by, top, typed.output, process)


def _resolved(paths: list[str], typed: Typed, process: Process) -> CompareOptions:
    from .run import CompareOptions

    table = resolve.pricing(typed.prices)
    rules = resolve.chosen_rules(typed.choice)
    return CompareOptions(
        paths=paths,
        rules=rules._replace(gitignore=not typed.no_gitignore, follow=typed.follow),
        kind=typed.kind,
        models=resolve.models(typed.request, table),
        workload=resolve.workload(typed.request),
        on=resolve.as_of(typed.prices.as_of, process),
        requests_per_month=resolve.requests_per_month(typed.requests_per_month),
        config=process.project.path if process.project else None,
    )


def _deliver(found: Comparison, by: ByPart | None, top: int | None, output: Output, process: Process) -> ExitCode:
    """Write a comparison; with ``--quiet``, only the added tokens, a line for each input but the first."""
    from .report import comparison_sheet, csv_sheet

    require_no_input(output.file, [path for side in found.sides for path in side.inputs.paths])
    chosen = chosen_format(Format, output, process)
    if output.quiet:
        text = "".join(f"{one.delta}\n" for one in found.others)
    elif chosen is Format.MARKDOWN:
        from .comment import comparison_comment

        text = comparison_comment(found, top)
    else:
        sheet = csv_sheet(found, by, top) if chosen is Format.CSV else comparison_sheet(found, by, top)
        text = renderer_of(chosen, output, process).sheet(sheet)
    deliver(text, output, process)
    skipped = {one.path: one for side in found.sides for one in side.inputs.skipped}
    mention_lost(list(skipped.values()), process)
    return ExitCode.OK if found.is_complete else ExitCode.INCOMPLETE
