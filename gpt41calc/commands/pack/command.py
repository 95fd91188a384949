"""The ``pack`` command, which chooses files for a token budget."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from ...cli import resolve
from ...cli.command import Command
from ...cli.group import OptionGroup
from ...cli.option_groups import takes_groups
from ...cli.options import Aliases, Configuration, CountedAs, Format, Inputs, Output, Prices, PricingFile
from ...cli.output import (
    chosen_format,
    deliver,
    renderer_of,
    require_counted,
    require_file_name,
    require_no_input,
    verdict,
)
from ...cli.parse import parse_count, parse_count_or_percent
from ...cli.process import Process
from ...errors import ExitCode, UsageError

if TYPE_CHECKING:
    from ...pricing.schema import Model
    from .run import Packed, PackOptions

__all__ = ["register"]


class Candidates(Inputs):
    """Options that name the files to choose from."""

    paths: Annotated[
        list[str] | None,
        Argument(metavar="[PATHS]...", help="Files and folders. Default: the current folder.", show_default=False),
    ] = None
    null: Annotated[
        bool, Option("-0", "--null", help="Paths are separated by NUL bytes, in --files-from and in what -q prints.")
    ] = False


class Typed(OptionGroup):
    """All options of the command."""

    tokens: Annotated[
        str | None,
        Option(
            "-t",
            "--tokens",
            metavar="N|%",
            help="Most tokens of all files together: 200k, 1M, or 80% of the model's window. Must be given.",
        ),
    ] = None
    priority: Annotated[
        list[str] | None,
        Option(
            "--priority",
            metavar="FILE|git",
            help="What comes first. FILE: lines GLOB WEIGHT, of which the last that matches decides; 1 is usual, 0 is "
            "never sent. git: what was changed last, within a weight if both are given. Default: the smallest.",
        ),
    ] = None
    inputs: Candidates
    top: Annotated[
        str | None,
        Option("--top", metavar="N", help="Show the first N files, and the N largest that are left out. Default: 10."),
    ] = None
    configuration: Configuration
    output: Output
    pricing: PricingFile = None
    alias: Aliases = None
    model: CountedAs = None


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command)
    @takes_groups
    def pack(context: typer.Context, typed: Typed) -> ExitCode:
        """Which whole files to send so that a token budget is used best."""
        from .run import pack_paths

        process: Process = context.obj
        require_file_name(typed.output)
        top = None if typed.top is None else parse_count(typed.top, "--top", least=1)
        options = _resolved(typed, process)
        packed = pack_paths(options, process.runtime(typed.output, uses_cache=not typed.inputs.no_cache))
        return _deliver(packed, top, typed, process)


def _resolved(typed: Typed, process: Process) -> PackOptions:
    from .run import PackOptions

    if typed.tokens is None:
        message = "how many tokens? -t is missing"
        raise UsageError(
            message, hint="'gpt41calc pack -t 200k PATHS' chooses files of at most 200,000 tokens together"
        )
    budget = parse_count_or_percent(typed.tokens, "--tokens")
    inputs = typed.inputs
    if inputs.null and inputs.files_from is None:
        if not typed.output.quiet:
            raise UsageError("-0 only goes with --files-from and with -q")
        inputs = inputs.replaced(null=False)
    table = resolve.pricing(Prices(pricing=typed.pricing, alias=typed.alias))
    model = table.find(typed.model or "gpt-4.1")
    return PackOptions(
        paths=resolve.paths(inputs, process),
        budget_tokens=_share(budget, model) if isinstance(budget, Decimal) else budget,
        priority=typed.priority or (),
        model=model,
        rules=resolve.rules(inputs),
        config=process.project.path if process.project else None,
    )


def _share(percent: Decimal, model: Model) -> int:
    """Return a percentage of the longest input that a model takes, in tokens."""
    from ...calculator.context import largest_input

    return int(largest_input(0, model) * percent / 100)


def _deliver(packed: Packed, top: int | None, typed: Typed, process: Process) -> ExitCode:
    """Write the chosen files; with ``--quiet``, only their paths."""
    output = typed.output
    require_no_input(output.file, packed.inputs.paths)
    require_counted(packed.inputs)
    chosen = chosen_format(Format, output, process)
    if output.quiet:
        from ...cli.raw_output import write_bytes
        from .path_list import path_list

        write_bytes(path_list(packed.paths, null=typed.inputs.null), output.file, process)
    else:
        from .report import files_sheet, packed_sheet

        sheet = files_sheet(packed, top) if chosen is Format.CSV else packed_sheet(packed, top)
        deliver(renderer_of(chosen, output, process).sheet(sheet), output, process)
    return verdict(packed.inputs, process)
