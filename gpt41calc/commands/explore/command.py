"""The ``explore`` command, which shows a folder in the terminal."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, TextIO

import typer
from typer import Argument, Option

from ...cli import resolve
from ...cli.command import Command
from ...cli.group import OptionGroup
from ...cli.option_groups import takes_groups
from ...cli.options import (
    Choice,
    Colour,
    Configuration,
    Delivery,
    Follow,
    NoGitignore,
    Prices,
    Request,
)
from ...cli.output import require_counted, verdict
from ...cli.process import Process
from ...errors import ExitCode, MissingExtra, UsageError
from .keys import keys_in_one_line

if TYPE_CHECKING:
    from .run import ExploreOptions
    from .session import Session

__all__ = ["register"]


class Typed(OptionGroup):
    """All options of the command."""

    path: Annotated[
        str, Argument(metavar="[PATH]", help="The folder. Default: the current folder.", show_default=False)
    ] = "."
    choice: Choice
    no_gitignore: NoGitignore = False
    follow: Follow = False
    request: Request
    prices: Prices
    configuration: Configuration
    color: Annotated[Colour, Option("--color", "--colour", help="Use colour.")] = Colour.AUTO
    no_color: Annotated[bool, Option("--no-color", "--no-colour", help="The same as --color never.")] = False
    no_progress: Annotated[bool, Option("--no-progress", help="Show no progress bar.")] = False


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command, epilog=f"Keys: {keys_in_one_line()}.")
    @takes_groups
    def explore(context: typer.Context, typed: Typed) -> ExitCode:
        """Browse a folder by tokens and cost in the terminal."""
        process: Process = context.obj
        _require_terminal(process)
        _require_textual()
        from .app import Explorer  # before counting: it is imported while workers count
        from .shell import exclude_options

        output = Delivery(color=typed.color, no_color=typed.no_color, no_progress=typed.no_progress)
        has_colour = process.uses_colour(output.colour, _screen())
        os.environ.pop("NO_COLOR", None)
        if not has_colour:
            os.environ["NO_COLOR"] = "1"  # Textual asks nothing else
        session = _session(typed, output, process)
        explorer = Explorer(session, colour=has_colour)
        with _stdout_on_screen():
            patterns = explorer.run()
        if explorer.failure is not None:
            raise explorer.failure
        if patterns:
            process.emit(exclude_options(patterns) + "\n", as_utf8=False)
        return verdict(session.numbers.tally, process)


def _require_terminal(process: Process) -> None:
    """Raise an error if there is no terminal to read keys from, or none to draw on.

    Standard output may be a pipe or a file, into which the patterns are then written; the screen is standard error.

    Raises:
        UsageError: one of them is missing.
    """
    if not (os.isatty(process.stdin) and process.is_terminal(_screen())):
        message = "explore needs a terminal, for its keys and its screen"
        hint = "'gpt41calc --tree' prints the folders, and 'gpt41calc --top 20' the largest files"
        raise UsageError(message, hint=hint)


def _screen() -> TextIO:
    """Return the stream on which Textual draws."""
    return sys.stdout if sys.platform == "win32" else sys.stderr


@contextmanager
def _stdout_on_screen() -> Iterator[None]:
    """Make standard output the screen, too, while there is one: Textual asks it for the size of the terminal."""
    if _screen() is sys.stdout:
        yield
        return
    stdout = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        yield
    finally:
        os.dup2(stdout, sys.stdout.fileno())
        os.close(stdout)


def _require_textual() -> None:
    try:
        importlib.import_module("textual")
    except ImportError as error:
        message = "textual is not installed, and is needed to explore"
        raise MissingExtra(message, hint="pip install 'gpt41calc[explore]'") from error


def _session(typed: Typed, output: Delivery, process: Process) -> Session:
    """Count the folder, and return it with its models and prices.

    Raises:
        NothingCounted: everything was skipped.
    """
    from .run import Counting
    from .session import Session
    from .totals import Setting

    table = resolve.pricing(typed.prices)
    first = list(resolve.models(typed.request, table))
    on = resolve.as_of(typed.prices.as_of, process)
    others = [model for model in table.models if all(model.id != one.id for one in first)]
    others.sort(key=lambda model: model.status(on) == "retired")  # those that nobody can call come last
    setting = Setting(model=first[0], workload=resolve.workload(typed.request), on=on)
    runtime = process.runtime(output, uses_cache=not typed.choice.no_cache)
    counting = Counting(_options(typed), runtime)
    setting = replace(setting, model=counting.as_counted(first[0]))
    numbers = counting.numbers(setting.model.counted_in)
    require_counted(numbers.tally)
    if process.workers is not None:
        process.workers.dismiss()
    return Session(counting, numbers, [*first, *others], setting)


def _options(typed: Typed) -> ExploreOptions:
    from .run import ExploreOptions

    rules = resolve.chosen_rules(typed.choice)._replace(gitignore=not typed.no_gitignore, follow=typed.follow)
    return ExploreOptions(path=typed.path, rules=rules)
