"""Tell from the command line what is likely to be counted, before Typer is imported.

A wrong answer costs time, never a number: what was found for other paths or rules is not used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from ..counting.prefetch import Wanted
from ..errors import Gpt41calcError
from .argv import COMMANDS, expand

if TYPE_CHECKING:
    from .precedence import Configured

__all__ = ["FLAGS", "predicted"]

FLAGS = frozenset(
    {"-0", "-q", "--allow-retired", "--exact", "--explain", "--fine-tune", "--follow", "--full", "--hidden", "--images"}
    | {"--init", "--json", "--messages", "--migrate", "--no-cache", "--no-color", "--no-colour", "--no-config"}
    | {"--no-gitignore", "--no-progress", "--null", "--partial", "--plan", "--quiet", "--raw-csv", "--strict", "--text"}
    | {"--update"}
)
"""The options without a value, of commands that count folders; after any other option, the next word is its value."""


def predicted(words: Sequence[str], environ: Mapping[str, str]) -> Wanted | None:
    """Return what is likely to be counted; None if that cannot be told.

    Args:
        words: the command line.
        environ: the environment variables.
    """
    command, *rest = expand(words)
    typed: dict[str, list[str]] = {}
    for option, value in _parsed(rest):
        typed.setdefault(option, []).append(value)
    if command not in COMMANDS or not typed.keys().isdisjoint({"files_from", "string", "input_tokens"}):
        return None
    with suppress(Gpt41calcError):  # it is reported by who parses the command line
        return _wanted(typed, _configured(typed, environ))
    return None


def _parsed(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the options with their values, and the arguments as values of ``paths``."""
    waiting = iter(words)
    for word in waiting:
        if word == "--":
            yield from (("paths", path) for path in waiting)
        elif word.startswith("--"):
            name, is_joined, value = word.partition("=")
            if not is_joined and name not in FLAGS:
                value = next(waiting, "")
            yield name[2:].replace("-", "_"), value
        elif word.startswith("-") and word != "-":
            rest = word.lstrip("-0q")  # what may be joined with others has no value
            yield rest[:1], rest[1:] or (next(waiting, "") if rest else "")
        else:
            yield "paths", word


def _configured(typed: Mapping[str, list[str]], environ: Mapping[str, str]) -> Configured:
    """Return the values from the environment and the project file.

    Raises:
        Gpt41calcError: one of them is wrong.
    """
    from .precedence import Configured
    from .project_search import find_project, read_project

    alone = Configured(environ)
    named = typed.get("config", [None])[0] or alone.resolve("config", None, is_typed=False)
    if not named and alone.resolve("no_config", "no_config" in typed, is_typed="no_config" in typed):
        return alone
    return Configured(environ, read_project(str(named)) if named else find_project("."))


def _wanted(typed: Mapping[str, list[str]], configured: Configured) -> Wanted | None:
    """Return what is wanted by the typed and the configured options.

    Raises:
        Gpt41calcError: an option has a value that it does not take.
    """
    from ..sources.source import Rules
    from .parse import parse_size

    def is_on(name: str) -> bool:
        return bool(configured.resolve(name, name in typed, is_typed=name in typed))

    def listed(name: str) -> tuple[str, ...]:
        found = configured.resolve(name, typed.get(name), is_typed=name in typed, is_list=True)
        return tuple(found) if isinstance(found, list) else ()

    if is_on("no_cache"):
        return None
    longest = configured.resolve(
        "max_file_size", typed.get("max_file_size", [None])[0], is_typed="max_file_size" in typed
    )
    rules = Rules(
        gitignore=not is_on("no_gitignore"),
        hidden=is_on("hidden"),
        follow=is_on("follow"),
        include=listed("include"),
        exclude=listed("exclude"),
        max_bytes=None if longest is None else parse_size(str(longest), "--max-file-size"),
        text=is_on("text"),
    )
    return Wanted(tuple(typed.get("paths", ["."])), rules)
