"""The command that counts, and neither prices nor judges."""

from __future__ import annotations

from typing import Annotated

import typer

from ..errors import ExitCode
from . import settings
from .command import Command
from .counting import count_inputs
from .groups import takes_groups
from .options import Configuration, Inputs, Output, Parts, Prices, PricingFile
from .process import Process
from .report import deliver_counts

__all__ = ["register"]


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
        from ..tokenizer.vocabulary import DEFAULT_ENCODING

        process: Process = context.obj
        # The default needs no table of prices: loading it takes longer than counting a prompt.
        table = settings.pricing(Prices(pricing=pricing)) if model or pricing else None
        found = table.find(model) if table and model else None
        encoding = found.counted_in if found else DEFAULT_ENCODING
        tally = count_inputs(inputs, [encoding], output, process)
        return deliver_counts(tally, encoding, found, parts, output, process)
