"""The ``split`` command."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from ...cli.choices import SplitAt
from ...cli.command import Command
from ...cli.group import OptionGroup
from ...cli.option_groups import takes_groups
from ...cli.process import Process
from ...cli.text_options import Encoded, OneText
from ...errors import ExitCode, UsageError

if TYPE_CHECKING:
    from .run import PartFile

__all__ = ["register"]


class Typed(OptionGroup):
    """All options of the command."""

    input: OneText
    encoded: Encoded
    tokens: Annotated[
        str | None, Option("-t", "--tokens", metavar="N", help="Most tokens of a piece. Must be given.")
    ] = None
    overlap: Annotated[
        str, Option("--overlap", metavar="N", help="Repeat up to N tokens of the end of a piece in the next one.")
    ] = "0"
    at: Annotated[
        SplitAt, Option("--at", help="Where a piece ends; what alone is too long is divided at smaller units.")
    ] = SplitAt.PARAGRAPH
    json: Annotated[bool, Option("--json", help="Print a document that lists the pieces, without their text.")] = False
    folder: Annotated[
        str | None,
        Option(
            "-o",
            "--output",
            metavar="DIR",
            help="Write a file for each piece. Default, as with -: lines of JSON, on standard output.",
        ),
    ] = None


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command)
    @takes_groups
    def split(context: typer.Context, typed: Typed) -> ExitCode:
        """A text in pieces of at most a number of tokens."""
        from ...cli.one_text import InputText, encoding_of
        from ...cli.parse import parse_count
        from ...cli.raw_output import write_bytes
        from ...render.json import to_json
        from .document import part_line, split_document
        from .run import At, Splitting, part_file, split_text, write_parts

        process: Process = context.obj
        if typed.tokens is None:
            message = "how many tokens? -t is missing"
            raise UsageError(message, hint="'gpt41calc split -t 1000 FILE -o DIR' writes pieces of at most 1000 tokens")
        how = Splitting(
            parse_count(typed.tokens, "--tokens", least=1), parse_count(typed.overlap, "--overlap"), At(typed.at.value)
        )
        encoding = encoding_of(typed.encoded)
        text = InputText(typed.input, process)
        folder = None if typed.folder == "-" else typed.folder  # elsewhere, too, - is standard output
        parts = split_text(text, encoding, how)
        if folder is None and not typed.json:
            write_bytes((part_line(part).encode() for part in parts), None, process, is_json=True)
        else:
            files = list(map(part_file, parts)) if folder is None else write_parts(parts, folder, _name(typed.input))
            if typed.json:
                process.emit(to_json(split_document(files, how, encoding)), as_utf8=True, syntax="json")
            else:
                process.emit(_answer(files, folder or ""), as_utf8=False)
        text.mention_lost()
        return ExitCode.OK


def _name(typed: OneText) -> str:
    """Return the name of the pieces without a number."""
    return "piece.txt" if typed.path in {None, "-"} else os.path.basename(str(typed.path))


def _answer(files: Sequence[PartFile], folder: str) -> str:
    """Return the sentence that says what was written."""
    from ...render.escape import for_terminal

    count = len(files)
    if not count:
        return "No pieces: the text is empty.\n"
    most = max(file.tokens for file in files)
    pieces = "1 piece" if count == 1 else f"{count:,} pieces"
    return f"{pieces} in {for_terminal(folder)}, with at most {most:,} tokens each.\n"
