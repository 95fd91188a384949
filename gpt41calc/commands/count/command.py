"""The ``count`` command, which neither prices nor checks limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from ...cli import resolve
from ...cli.command import Command
from ...cli.group import OptionGroup
from ...cli.option_groups import takes_groups
from ...cli.options import (
    Aliases,
    Configuration,
    CountedAs,
    Format,
    Inputs,
    Output,
    Parts,
    Prices,
    PricingFile,
    Strings,
)
from ...cli.output import (
    chosen_format,
    deliver,
    renderer,
    require_counted,
    require_file_name,
    require_no_input,
    verdict,
)
from ...cli.process import Process
from ...errors import ExitCode

if TYPE_CHECKING:
    from ...tally import Tally
    from .run import CountOptions, Counts

__all__ = ["register"]


class Typed(OptionGroup):
    """All options of the command."""

    inputs: Inputs
    parts: Parts
    configuration: Configuration
    output: Output
    pricing: PricingFile = None
    alias: Aliases = None
    string: Strings = None
    model: CountedAs = None


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command)
    @takes_groups
    def count(context: typer.Context, typed: Typed) -> ExitCode:
        """Token counts only, as wc counts words."""
        from .run import count_paths

        process: Process = context.obj
        require_file_name(typed.output)
        options = _resolved(typed, process)
        counts = count_paths(options, process.runtime(typed.output, uses_cache=not typed.inputs.no_cache))
        return _deliver(counts, typed.output, process)


def _resolved(typed: Typed, process: Process) -> CountOptions:
    from .run import CountOptions

    # The default needs no price table: loading it takes longer than counting a prompt.
    needs_prices = typed.model or typed.pricing
    table = resolve.pricing(Prices(pricing=typed.pricing, alias=typed.alias)) if needs_prices else None
    return CountOptions(
        paths=resolve.paths(typed.inputs, process, typed.string),
        strings=typed.string or (),
        rules=resolve.rules(typed.inputs),
        model=table.find(typed.model) if table and typed.model else None,
        breakdown=resolve.breakdown(typed.parts),
    )


def _deliver(counts: Counts, output: Output, process: Process) -> ExitCode:
    """Write counts, as lines unless another format is requested; with ``--quiet``, only the number of tokens."""
    require_no_input(output.file, counts.inputs.paths)
    require_counted(counts.inputs)
    if output.quiet:
        deliver(f"{counts.tokens}\n", output, process)
    elif counts.breakdown is None and chosen_format(Format, output, process, Format.PLAIN) is Format.PLAIN:
        from .lines import count_lines

        deliver(count_lines(counts), output, process)
        _mention_skips(counts.inputs, process)
    else:
        from .report import counts_sheet

        usual = Format.PLAIN if counts.breakdown is None else None
        deliver(renderer(output, process, default=usual).sheet(counts_sheet(counts)), output, process)
    return verdict(counts.inputs, process)


def _mention_skips(inputs: Tally, process: Process) -> None:
    """Print how many files were skipped as expected: the lines of numbers and names have no place for it."""
    expected = [one for one in inputs.skipped if one.expected]
    if expected:
        from ...render.skipped import skipped_sentence

        process.hint(f"skipped {skipped_sentence(expected)}; --json lists every one")
