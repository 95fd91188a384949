"""The parts of the reference that are made from the code when the site is built."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from markdown import escaped
from schemas_page import schemas
from tables_page import models, sources, tables
from typer.main import get_command

from gpt41calc.app import application
from gpt41calc.cli import project_file
from gpt41calc.errors import ExitCode, Gpt41calcError

__all__ = ["commands", "write_reference"]


def write_reference(folder: Path) -> None:
    """Write every part as a Markdown file."""
    folder.mkdir(exist_ok=True)
    for name, lines in (
        ("commands", _commands_page()),
        ("exit-codes", _exit_codes()),
        ("errors", _errors()),
        ("project-file", _project_file()),
        ("schemas", schemas()),
        ("tables", tables()),
        ("models", models()),
        ("sources", sources()),
    ):
        (folder / f"{name}.md").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def commands() -> list[tuple[str, Any]]:
    """Return every command with the words that are typed for it, in the order of the help."""
    return list(_leaves(get_command(application()), ()))


def _leaves(group: Any, before: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _leaves(command, (*before, name))
        else:
            yield " ".join((*before, name)), command


def _commands_page() -> Iterator[str]:
    for words, command in commands():
        arguments = [one for one in command.params if one.param_type_name == "argument"]
        options = [one for one in command.params if one.param_type_name == "option"]
        usage = " ".join(["gpt41calc", words, "[OPTIONS]", *(str(one.metavar) for one in arguments)])
        yield from (f"## {words}", "", escaped(command.help or ""), "", "```text", usage, "```", "")
        for one in (*arguments, *options):
            yield from _parameter(one)


def _parameter(one: Any) -> Iterator[str]:
    is_option = one.param_type_name == "option"
    names = ", ".join(f"`{name}`" for name in one.opts) if is_option else f"`{one.metavar}`"
    takes = f" `{_metavar(one)}`" if is_option and not one.is_flag else ""
    has_default = is_option and not one.is_flag and one.default is not None and one.show_default
    default = f" Default: `{getattr(one.default, 'value', one.default)}`." if has_default else ""
    yield from (names + takes, f": {escaped(one.help or '')}{default}", "")


def _metavar(one: Any) -> str:
    choices = getattr(one.type_descriptor, "annotation", None)
    members = getattr(choices, "__members__", None)
    return "|".join(member.value for member in members.values()) if members else str(one.metavar or "TEXT")


def _exit_codes() -> Iterator[str]:
    source = Path(__file__).parent.parent / "gpt41calc" / "errors.py"
    meanings = dict(re.findall(r'    ([A-Z_]+) = \d+\n    """(.*?)"""', source.read_text(encoding="utf-8"), re.DOTALL))
    yield from ("| code | meaning |", "|---|---|")
    for code in ExitCode:
        yield f"| {code.value} | {escaped(' '.join(meanings[code.name].split()))} |"


def _errors() -> Iterator[str]:
    yield from ("| `error.code` | status | meaning |", "|---|---|---|")
    for kind in _descendants(Gpt41calcError):
        yield f"| `{kind.code}` | {kind.exit_code.value} | {escaped((kind.__doc__ or '').splitlines()[0])} |"


def _descendants(kind: type[Gpt41calcError]) -> Iterator[type[Gpt41calcError]]:
    for one in sorted(kind.__subclasses__(), key=lambda each: each.__name__):
        yield one
        yield from _descendants(one)


def _project_file() -> Iterator[str]:
    """Yield the keys: of an option, the help of the option that it stands for."""
    every = commands()
    # The first command that has an option describes it, and for budgets that is check.
    helps = _helps(command for _, command in reversed(every))
    helps_of_limits = _helps(command for words, command in every if words == "check")
    yield from ("| key | what the option does |", "|---|---|")
    for key in sorted(project_file._OPTIONS):  # noqa: SLF001 - the table of keys is what is documented
        yield f"| `{key}` | {escaped(helps.get(key) or '')} |"
    yield from ("", "Keys of a `[[budget]]`:", "", "| key | what the option does |", "|---|---|")
    own = {
        "name": "The name of the budget.",
        "paths": "Globs of the files that it is about.",
        "exclude": "Globs of files that are left out.",
        "level": "error or warn: whether a broken budget fails the run.",
    }
    for key in (*project_file._OF_A_BUDGET, *project_file._LIMITS):  # noqa: SLF001 - the same
        yield f"| `{key}` | {escaped(own.get(key) or helps_of_limits.get(key) or '')} |"


def _helps(found: Iterable[Any]) -> dict[str, str]:
    """Return the help of every option without its dashes; the last command with an option gives its help."""
    return {name.removeprefix("--"): one.help for command in found for one in command.params for name in one.opts}
