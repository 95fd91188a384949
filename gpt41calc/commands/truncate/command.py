"""The ``truncate`` command."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Option

from ...cli.choices import CutAt, KeepFrom
from ...cli.command import Command
from ...cli.group import OptionGroup
from ...cli.option_groups import takes_groups
from ...cli.process import Process
from ...cli.text_options import Encoded, OneText, OutputFile, TextFormat
from ...errors import ExitCode, UsageError

__all__ = ["register"]


class Typed(OptionGroup):
    """All options of the command."""

    input: OneText
    encoded: Encoded
    tokens: Annotated[
        str | None, Option("-t", "--tokens", metavar="N", help="Most tokens of the result. Must be given.")
    ] = None
    keep_from: Annotated[
        KeepFrom, Option("--from", help="Keep the start or the end; middle keeps both, and leaves out what is between.")
    ] = KeepFrom.START
    marker: Annotated[
        str, Option("--marker", metavar="TEXT", help="Put TEXT where something is left out; its tokens count, too.")
    ] = ""
    at: Annotated[CutAt, Option("--at", help="Cut only between tokens, words, lines or sentences.")] = CutAt.TOKEN
    json: Annotated[bool, Option("--json", help="The same as --format json.")] = False
    format: Annotated[
        TextFormat | None, Option("-f", "--format", help="plain: the text, the default; or json.", show_default=False)
    ] = None
    output: OutputFile = None


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command)
    @takes_groups
    def truncate(context: typer.Context, typed: Typed) -> ExitCode:
        """A text cut to a number of tokens."""
        from ...cli.one_text import InputText, encoding_of, wants_document
        from ...cli.parse import parse_count
        from ...cli.raw_output import write_bytes
        from .run import At, From, Truncation, truncate_text

        process: Process = context.obj
        is_document = wants_document(typed.json, typed.format)
        if typed.tokens is None:
            message = "how many tokens? -t is missing"
            raise UsageError(message, hint="'gpt41calc truncate -t 1000 FILE' keeps the first 1000 tokens")
        how = Truncation(
            parse_count(typed.tokens, "--tokens"), From(typed.keep_from.value), typed.marker, At(typed.at.value)
        )
        encoding = encoding_of(typed.encoded)
        text = InputText(typed.input, process)
        found = truncate_text(text, encoding, how)
        if is_document:
            from ...render.json import to_json
            from .document import truncated_document

            written = to_json(truncated_document(found, how, encoding)).encode()
        else:
            written = found.text.encode()
        write_bytes([written], typed.output, process, is_json=is_document)
        text.mention_lost()
        return ExitCode.OK
