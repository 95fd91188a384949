"""The ``tokens`` command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from ...cli.choices import Colour, TokensFormat
from ...cli.command import Command
from ...cli.group import OptionGroup
from ...cli.option_groups import takes_groups
from ...cli.process import Process
from ...cli.text_options import Encoded, OneText, OutputFile
from ...errors import ExitCode

if TYPE_CHECKING:
    from .run import Token

__all__ = ["register"]


class Typed(OptionGroup):
    """All options of the command."""

    input: OneText
    encoded: Encoded
    ids: Annotated[bool, Option("--ids", help="Show the id before each token.")] = False
    per_line: Annotated[
        str | None,
        Option(
            "-n",
            "--per-line",
            metavar="N",
            help="N tokens a line. Default: lines as in the text; in plain, 1 with --ids.",
        ),
    ] = None
    special_tokens: Annotated[
        bool, Option("--special", help="Read names such as <|endoftext|> as special tokens, not as text.")
    ] = False
    color: Annotated[Colour, Option("--color", "--colour", help="Separate the tokens by colours instead of bars.")] = (
        Colour.AUTO
    )
    json: Annotated[bool, Option("--json", help="The same as --format json.")] = False
    format: Annotated[
        TokensFormat | None,
        Option(
            "-f",
            "--format",
            help="plain: a picture of the text, the default; json; or html: a page. By the ending of -o, too.",
            show_default=False,
        ),
    ] = None
    output: OutputFile = None


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command)
    @takes_groups
    def tokens(context: typer.Context, typed: Typed) -> ExitCode:
        """A text with its tokens, their ids and bytes."""
        from ...cli.one_text import InputText, encoding_of, wants_document
        from ...cli.output import deliver_as
        from ...cli.parse import parse_count
        from .run import tokens_of

        process: Process = context.obj
        chosen = TokensFormat.JSON if wants_document(typed.json, typed.format) else typed.format or TokensFormat.PLAIN
        per_line = None if typed.per_line is None else parse_count(typed.per_line, "--per-line", least=1)
        encoding = encoding_of(typed.encoded, needs_ids=typed.ids)
        if chosen is TokensFormat.HTML:
            from .page import require_page

            require_page()
        text = InputText(typed.input, process)
        found = list(tokens_of(text, encoding, special_tokens=typed.special_tokens))
        if chosen is TokensFormat.HTML:
            written = _page(found, encoding, text.name, per_line, process, ids=typed.ids)
        elif chosen is TokensFormat.JSON:
            from ...render.json import to_json
            from .document import tokens_document

            written = to_json(tokens_document(found, encoding, special_tokens=typed.special_tokens))
        else:
            from .picture import tokens_picture

            colour = process.uses_colour(typed.color) if typed.output in {None, "-"} else typed.color == "always"
            written = tokens_picture(found, encoding, per_line=per_line, ids=typed.ids, colour=colour)
        deliver_as(chosen, written, typed.output, process)
        text.mention_lost()
        return ExitCode.OK


def _page(
    tokens: Sequence[Token], encoding: str, name: str, per_line: int | None, process: Process, *, ids: bool
) -> str:
    from .page import MOST_TOKENS, tokens_page

    if len(tokens) > MOST_TOKENS:
        process.hint(
            f"the page has the first {MOST_TOKENS:,} tokens; "
            f"'gpt41calc split -t {MOST_TOKENS // 1000}k FILE -o FOLDER' makes files for more pages"
        )
    return tokens_page(tokens, encoding, name=name, per_line=per_line, ids=ids)
