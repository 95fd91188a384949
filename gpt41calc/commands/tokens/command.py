"""The ``tokens`` command."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Option

from ...cli.choices import Colour
from ...cli.command import Command
from ...cli.group import OptionGroup
from ...cli.option_groups import takes_groups
from ...cli.process import Process
from ...cli.text_options import Encoded, OneText, TextFormat
from ...errors import ExitCode

__all__ = ["register"]


class Typed(OptionGroup):
    """All options of the command."""

    input: OneText
    encoded: Encoded
    ids: Annotated[bool, Option("--ids", help="Show the id before each token.")] = False
    per_line: Annotated[
        str | None,
        Option("-n", "--per-line", metavar="N", help="N tokens a line. Default: lines as in the text; 1 with --ids."),
    ] = None
    special_tokens: Annotated[
        bool, Option("--special", help="Read names such as <|endoftext|> as special tokens, not as text.")
    ] = False
    color: Annotated[Colour, Option("--color", "--colour", help="Separate the tokens by colours instead of bars.")] = (
        Colour.AUTO
    )
    json: Annotated[bool, Option("--json", help="The same as --format json.")] = False
    format: Annotated[
        TextFormat | None,
        Option("-f", "--format", help="plain: a picture of the text, the default; or json.", show_default=False),
    ] = None


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command)
    @takes_groups
    def tokens(context: typer.Context, typed: Typed) -> ExitCode:
        """A text with its tokens, their ids and bytes."""
        from ...cli.one_text import InputText, encoding_of, wants_document
        from ...cli.parse import parse_count
        from ...render.json import to_json
        from .picture import tokens_document, tokens_picture
        from .run import tokens_of

        process: Process = context.obj
        is_document = wants_document(typed.json, typed.format)
        per_line = None if typed.per_line is None else parse_count(typed.per_line, "--per-line", least=1)
        encoding = encoding_of(typed.encoded)
        text = InputText(typed.input, process)
        found = list(tokens_of(text, encoding, special_tokens=typed.special_tokens))
        if is_document:
            document = tokens_document(found, encoding, special_tokens=typed.special_tokens)
            process.emit(to_json(document), as_utf8=True, syntax="json")
        else:
            colour = process.uses_colour(typed.color)
            picture = tokens_picture(found, encoding, per_line=per_line, ids=typed.ids, colour=colour)
            process.emit(picture, as_utf8=False)
        text.mention_lost()
        return ExitCode.OK
