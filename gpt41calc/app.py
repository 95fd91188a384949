"""The application: every command is a module of its name, and only the one that is run is built."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer

from .cli.argv import COMMANDS
from .cli.command import Command, Group
from .cli.option_groups import HELP

__all__ = ["application"]


def application(words: Sequence[str] = ()) -> typer.Typer:
    """Return the application with the command that some words begin with.

    Without words, it has all commands, each with its options. If the words begin with an option, no command is run:
    then it has the list of commands alone. With all of them imported and built, counting a prompt takes 42 % longer,
    and pricing it 37 % (``python -m benchmarks.tricks``).

    Args:
        words: the command line after ``argv.expand``.
    """
    is_run = not words or words[0] in COMMANDS
    app = typer.Typer(
        cls=Group if is_run else _Listed,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        help="Count tokens, check the context window and price prompts, files and folders for GPT-4.1. "
        "'gpt41calc [PATHS]...' is short for 'gpt41calc estimate [PATHS]...', whose --help lists the options.",
        epilog="A folder named like a command is written ./count. "
        "Examples: 'gpt41calc .', 'git diff | gpt41calc', 'gpt41calc count -q prompt.md'.",
        context_settings=HELP,
    )
    app.callback()(_root)
    for name in (words[:1] or COMMANDS) if is_run else ():
        import_module(f".commands.{name}.command", __package__).register(app)
    return app


class _Listed(Group):
    """The commands with the first line of their help, which is all that the list of them shows."""

    def __init__(self, **settings: Any) -> None:
        """Make the group; none of its commands can be run."""
        super().__init__(**settings)
        self.commands = {name: Command(name, help=first_line) for name, first_line in COMMANDS.items()}


def _root(
    _version: Annotated[bool, typer.Option("-V", "--version", help="Show the version and exit.")] = False,
) -> None:
    """Nothing: the version is printed before Typer is imported (``argv.wants_version``)."""
