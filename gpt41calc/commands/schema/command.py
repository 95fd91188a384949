"""The ``schema`` command."""

from __future__ import annotations

from typing import Annotated

import typer

from ...cli.command import Command
from ...cli.group import OptionGroup
from ...cli.option_groups import takes_groups
from ...cli.options import Format, Output
from ...cli.output import chosen_format, deliver, deliver_sheet
from ...errors import ExitCode, UsageError

__all__ = ["register"]


class Typed(OptionGroup):
    """All options of the command besides the name."""

    output: Output


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command)
    @takes_groups
    def schema(
        context: typer.Context,
        typed: Typed,
        name: Annotated[
            str | None, typer.Argument(metavar="[NAME]", help="Print this schema. Default: list the names.")
        ] = None,
    ) -> ExitCode:
        """The JSON Schemas of the documents that --json prints."""
        from .run import load_schema, load_schemas

        output = typed.output
        if name is None:
            from .report import schemas_sheet

            deliver_sheet(schemas_sheet(load_schemas()), output, context.obj)
            return ExitCode.OK
        if chosen_format(Format, output, context.obj, default=Format.JSON) is not Format.JSON:
            message = f"--format {output.format}: a schema is a JSON document"
            raise UsageError(message)
        from ...render.json import to_json

        deliver(to_json(load_schema(name).document), output, context.obj)
        return ExitCode.OK
