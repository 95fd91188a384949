"""The ``encode`` command."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Option

from ...cli.command import Command
from ...cli.group import OptionGroup
from ...cli.option_groups import takes_groups
from ...cli.process import Process
from ...cli.text_options import Encoded, OneText, OutputFile, TextFormat
from ...errors import ExitCode

__all__ = ["register"]


class Typed(OptionGroup):
    """All options of the command."""

    input: OneText
    encoded: Encoded
    special: Annotated[
        bool, Option("--special", help="Read names such as <|endoftext|> as special tokens, not as text.")
    ] = False
    json: Annotated[bool, Option("--json", help="The same as --format json.")] = False
    format: Annotated[
        TextFormat | None, Option("-f", "--format", help="plain: ids separated by blanks, the default; or json.")
    ] = None
    output: OutputFile = None


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command)
    @takes_groups
    def encode(context: typer.Context, typed: Typed) -> ExitCode:
        """The token ids of a text."""
        from ...cli.one_text import InputText, encoding_of, wants_document
        from ...cli.raw_output import write_bytes
        from .lines import as_document, as_line
        from .run import encode_text

        process: Process = context.obj
        is_document = wants_document(typed.json, typed.format)
        encoding = encoding_of(typed.encoded)
        text = InputText(typed.input, process)
        ids = encode_text(text, encoding, special_tokens=typed.special)
        if is_document:
            from ...render.json_fields import header

            written = as_document(ids, header() | {"encoding": encoding, "special": typed.special})
        else:
            written = as_line(ids)
        write_bytes(written, typed.output, process)
        text.mention_lost()
        return ExitCode.OK
