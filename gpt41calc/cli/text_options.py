"""Options of the commands that take one text, or one list of token ids, and write text."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option

from .choices import TextFormat
from .group import OptionGroup

__all__ = ["Encoded", "OneText", "OutputFile", "TextFormat"]


class OneText(OptionGroup):
    """Options that name the text."""

    path: Annotated[
        str | None,
        Argument(
            metavar="[PATH]", help="A file, or - for standard input. Default: standard input.", show_default=False
        ),
    ] = None
    string: Annotated[str | None, Option("--string", metavar="TEXT", help="Take TEXT itself instead of a file.")] = None
    text: Annotated[bool, Option("--text", help="Read binary files as if they were text.")] = False


class Encoded(OptionGroup):
    """Options that choose the tokens."""

    model: Annotated[
        str | None, Option("-m", "--model", metavar="ID", help="The tokens of this model. Default: those of GPT-4.1.")
    ] = None
    encoding: Annotated[
        str | None, Option("--encoding", metavar="NAME", help="The tokens of this encoding: o200k_base or cl100k_base.")
    ] = None


OutputFile = Annotated[
    str | None, Option("-o", "--output", metavar="FILE", help="Write to FILE instead of standard output.")
]
