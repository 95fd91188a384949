"""The command that counts, and neither prices nor judges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...cli import resolve
from ...cli.options import Format, Output, Parts
from ...cli.output import chosen_format, deliver, renderer, verdict
from ...cli.process import Process
from ...errors import ExitCode

if TYPE_CHECKING:
    from ...pricing.schema import Model
    from ...tally import Tally

from typing import Annotated

import typer

from ...cli.command import Command
from ...cli.inputs import count_inputs
from ...cli.option_groups import takes_groups
from ...cli.options import Configuration, Inputs, Prices, PricingFile

__all__ = ["deliver_counts", "register"]


def register(app: typer.Typer) -> None:
    """Declare the command."""

    @app.command(cls=Command)
    @takes_groups
    def count(
        context: typer.Context,
        inputs: Inputs,
        parts: Parts,
        _configuration: Configuration,
        output: Output,
        pricing: PricingFile = None,
        model: Annotated[
            str | None,
            typer.Option("-m", "--model", metavar="ID", help="Count as this model does. Default: as GPT-4.1."),
        ] = None,
    ) -> ExitCode:
        """Token counts only, as wc counts words."""
        from ...tokenizer.vocabulary import DEFAULT_ENCODING

        process: Process = context.obj
        # The default needs no table of prices: loading it takes longer than counting a prompt.
        table = resolve.pricing(Prices(pricing=pricing)) if model or pricing else None
        found = table.find(model) if table and model else None
        encoding = found.counted_in if found else DEFAULT_ENCODING
        tally = count_inputs(inputs, [encoding], output, process)
        return deliver_counts(tally, encoding, found, parts, output, process)


def deliver_counts(
    inputs: Tally, encoding: str, model: Model | None, parts: Parts, output: Output, process: Process
) -> ExitCode:
    """Write counts, as lines unless another format is asked for; quiet: the number of tokens."""

    def tokens_of(counted: int) -> int:
        if model is None:
            return counted
        from ...calculator.context import input_tokens

        return input_tokens(counted, model).value

    breakdown = resolve.breakdown(inputs, encoding, parts, tokens_of)
    if output.quiet:
        deliver(f"{tokens_of(inputs.tokens(encoding))}\n", output, process)
    elif breakdown is None and chosen_format(Format, output, process, Format.PLAIN) is Format.PLAIN:
        from .lines import count_lines

        deliver(count_lines(inputs, tokens_of, encoding, mark="~" if model and model.ratio else ""), output, process)
        _mention_skips(inputs, process)
    else:
        from .report import counts_sheet

        sheet = counts_sheet(inputs, encoding, model, breakdown, tokens_of)
        deliver(renderer(output, process, default=Format.PLAIN).sheet(sheet), output, process)
    return verdict(inputs, process)


def _mention_skips(inputs: Tally, process: Process) -> None:
    """Say how much was skipped as it should be: lines of numbers and names have no place for it."""
    expected = [one for one in inputs.skipped if one.expected]
    if expected:
        from ...render.skipped import skipped_sentence

        process.hint(f"skipped {skipped_sentence(expected)}; --json lists every one")
