"""The ``decode`` command."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Argument, Option

from ...cli.command import Command
from ...cli.group import OptionGroup
from ...cli.option_groups import takes_groups
from ...cli.process import Process
from ...cli.text_options import Encoded, OneText, OutputFile
from ...errors import ExitCode

__all__ = ["register"]


class Typed(OptionGroup):
    """All options of the command besides the ids."""

    encoded: Encoded
    input: Annotated[
        str | None, Option("-i", "--input", metavar="FILE", help="Read the ids from FILE; - is standard input.")
    ] = None
    bytes: Annotated[
        bool, Option("--bytes", help="Write the bytes of the tokens as they are, even where they are no UTF-8.")
    ] = False
    output: OutputFile = None


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command)
    @takes_groups
    def decode(
        context: typer.Context,
        typed: Typed,
        ids: Annotated[
            list[str] | None,
            Argument(metavar="[IDS]...", help="Token ids. Default: those in standard input.", show_default=False),
        ] = None,
    ) -> ExitCode:
        """The text of token ids."""
        from ...cli.one_text import InputText, encoding_of
        from ...cli.raw_output import write_bytes
        from .run import decode_ids, read_ids

        process: Process = context.obj
        words = None if not ids or ids == ["-"] else " ".join(ids)
        encoding = encoding_of(typed.encoded)
        text = InputText(OneText(path=typed.input, string=words), process, what="ids")
        decoded = decode_ids(read_ids(text), encoding)
        write_bytes(decoded.raw() if typed.bytes else decoded, typed.output, process)
        if decoded.lossy:
            process.warn("some tokens are parts of characters that are not complete; they became U+FFFD")
            process.hint("--bytes writes their bytes as they are")
            return ExitCode.INCOMPLETE
        return ExitCode.OK
