"""The command that is meant when none is named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import typer

from ..errors import ExitCode, UsageError
from . import settings
from .command import Command
from .groups import takes_groups
from .options import Calibrated, Comparison, Configuration, Inputs, Migrating, Output, Parts, Prices, Request
from .process import Process
from .requesting import Content

if TYPE_CHECKING:
    from ..scout import Scout

__all__ = ["register"]


@contextmanager
def scouting(inputs: Inputs, process: Process) -> Iterator[Scout | None]:
    """Have what is remembered looked up while this process still imports, if that is likely to be all there is."""
    scout = None
    if process.remembers and inputs.files_from is None and not inputs.no_cache:
        from ..scout import Scout

        with suppress(UsageError):  # which is told when it is its turn
            scout = Scout.sent(settings.paths(inputs, process), settings.rules(inputs))
    try:
        yield scout
    finally:
        if scout is not None:
            scout.dismiss()


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
        prices: Prices,
        parts: Parts,
        migrating: Migrating,
        _configuration: Configuration,
        output: Output,
    ) -> ExitCode:
        """Tokens, context fit, cost and savings (the default)."""
        with scouting(inputs, context.obj) as scout:
            from .estimating import estimate_inputs

            return estimate_inputs(
                inputs, content, request, comparison, calibrated, prices, parts, migrating, output, context.obj, scout
            )
