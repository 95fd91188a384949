"""The command that is meant when none is named."""

from __future__ import annotations

import typer

from ...cli.command import Command
from ...cli.option_groups import takes_groups
from ...cli.options import (
    Calibrated,
    Comparison,
    Configuration,
    Inputs,
    Migrating,
    Output,
    Parts,
    Prices,
    Request,
    Vocabulary,
)
from ...errors import ExitCode
from .detect_inputs import Content

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Declare the command."""

    @app.command(cls=Command)
    @takes_groups
    def estimate(
        context: typer.Context,
        inputs: Inputs,
        content: Content,
        request: Request,
        comparison: Comparison,
        calibrated: Calibrated,
        vocabulary: Vocabulary,
        prices: Prices,
        parts: Parts,
        migrating: Migrating,
        _configuration: Configuration,
        output: Output,
    ) -> ExitCode:
        """Tokens, context fit, cost and savings (the default)."""
        from .run import estimate_inputs

        vocabulary.use()

        return estimate_inputs(
            inputs, content, request, comparison, calibrated, prices, parts, migrating, output, context.obj
        )
