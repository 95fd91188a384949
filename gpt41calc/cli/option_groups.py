"""Let commands take groups of options, which are declared once as an ``OptionGroup``."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Any, TypeGuard, TypeVar, get_args, get_origin, get_type_hints

from ..errors import BadNumber, UsageError
from .choices import TextFormat
from .group import OptionGroup, annotations_of
from .precedence import Configured, as_choice, variable
from .process import Process

__all__ = ["HELP", "takes_groups"]

HELP = {"help_option_names": ["-h", "--help"]}
"""Settings for the names of the help option, for groups of commands."""

Result = TypeVar("Result")

_RULED = frozenset(
    {
        "alias",
        "api_limit",
        "api_timeout",
        "cached_tokens",
        "calibration",
        "output_tokens",
        "pricing",
        "raw_csv",
        "sort",
        "top",
        "against",
        "baseline",
    }
)
"""Options with rules in ``option_rules``, which is only imported if one of them was typed."""

_BY_NAME = inspect.Parameter.KEYWORD_ONLY

_POSITIONAL = frozenset({"context", "paths", "path", "ids", "name", "file", "files", "revisions"})
"""Arguments, which cannot be configured."""

_ONLY_TYPED = frozenset({"count_with", "string"})
"""Options that cannot be configured: nothing is sent over the network unless the command line requests it."""

_RIVALS = {"json": "format", "format": "json", "color": "no_color", "no_color": "color"}
"""Options that exclude each other: if one is typed, a configured value of another is ignored."""


def takes_groups(command: Callable[..., Result]) -> Callable[..., Result]:
    """Return a command with the fields of its option groups as its own parameters, as Typer needs them.

    Every parameter that is annotated with a subclass of ``OptionGroup`` is a group. Its fields are ``Annotated`` types
    with defaults, as Typer needs them, or further groups. An option that was not typed is taken from the environment
    or, if the command has the group ``Configuration``, from the project file.
    """
    hints = get_type_hints(command, include_extras=True)
    groups = {name: hint for name, hint in hints.items() if _is_group(hint)}
    plain = [p for p in inspect.signature(command).parameters.values() if p.name not in groups]
    fields = [field for group in groups.values() for field in _fields(group)]
    options = {p.name: hints[p.name] for p in plain} | {field.name: field.annotation for field in fields}
    options = {name: hint for name, hint in options.items() if name not in _POSITIONAL}

    @functools.wraps(command)
    def flat(**values: Any) -> Result:
        context = values["context"]
        typed = {name for name in options if context.get_parameter_source(name).name == "COMMANDLINE"}
        if {"color", "no_color"} <= typed:
            raise UsageError("--color and --no-color contradict each other")
        configured = _configured(context.obj, values, typed)
        for name, hint in options.items():
            if name not in _ONLY_TYPED and _RIVALS.get(name) not in typed:
                found = configured.resolve(name, values[name], is_typed=name in typed, is_list=_is_list(hint))
                values[name] = _chosen(hint, name, found)
        if values.get("output") not in {None, "", "-"}:
            _settle_output(values, typed, options)
        if not typed.isdisjoint(_RULED):
            from .option_rules import require_effect

            require_effect(_full_name(context), values, typed)
        context.obj = dataclasses.replace(context.obj, project=configured.project)
        made = {name: _make(group, values) for name, group in groups.items()}
        try:
            return command(**made, **{p.name: values[p.name] for p in plain})
        except BadNumber as error:
            error.hint = error.hint or _origin(str(error), context.obj.environ, typed)
            raise

    parameters = [p.replace(annotation=hints[p.name]) for p in plain]
    parameters = [p.replace(kind=_BY_NAME) for p in parameters] + fields
    flat.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    flat.__annotations__ = {p.name: p.annotation for p in parameters}
    del flat.__wrapped__  # or Typer would read the hints of the command itself
    return flat


def _full_name(context: Any) -> str:
    """Return the name of a command after that of its group, if it has one: ``compare`` is not ``pricing compare``."""
    group = context.parent
    is_nested = group is not None and group.parent is not None
    return f"{group.info_name} {context.info_name}" if is_nested else context.info_name or ""


def _settle_output(values: dict[str, Any], typed: AbstractSet[str], options: Mapping[str, Any]) -> None:
    """Set the format of the report by the ending of its file, unless the command line gives a format."""
    from .output_file import implied_format, require_output_file

    require_output_file(values["output"], values)
    if "format" not in options or {"format", "json"} & typed:
        return
    formats = next(kind for kind in _types(options["format"]) if isinstance(kind, type) and issubclass(kind, StrEnum))
    if formats is TextFormat:  # the result is no report: a text that is called notes.md stays as it is
        return
    if implied := implied_format(values["output"], formats):
        values["format"], values["json"] = implied, False


def _configured(process: Process, values: Mapping[str, Any], typed: AbstractSet[str]) -> Configured:
    """Return the configured values; without the group ``Configuration``, only those of the environment."""
    alone = Configured(process.environ)
    if "no_config" not in values:
        return alone
    if "config" in typed and "no_config" in typed:
        raise UsageError("--config and --no-config contradict each other")
    named = alone.resolve("config", values["config"], is_typed=bool({"config", "no_config"} & typed))
    if "config" not in typed and alone.resolve("no_config", values["no_config"], is_typed="no_config" in typed):
        return alone
    from .project_search import find_project, read_project

    return Configured(process.environ, find_project(".") if named is None else read_project(str(named)))


def _origin(message: str, environ: Mapping[str, str], typed: AbstractSet[str]) -> str:
    """Return a hint that a number comes from the environment; empty if it was typed."""
    name = message.partition(":")[0].removeprefix("--").replace("-", "_")
    return f"{variable(name)} is set in the environment" if name not in typed and variable(name) in environ else ""


def _chosen(hint: Any, name: str, value: object) -> object:
    """Return a value with the text of a configured choice converted to the choice."""
    kinds = [kind for kind in _types(hint) if isinstance(kind, type) and issubclass(kind, StrEnum)]
    if not kinds or not isinstance(value, str) or isinstance(value, kinds[0]):
        return value
    return as_choice(kinds[0], variable(name), value)


def _is_list(hint: Any) -> bool:
    return any(get_origin(kind) is list for kind in _types(hint))


def _types(hint: Any) -> list[Any]:
    """Return the types in an annotation."""
    return [hint, *(inner for argument in get_args(hint) for inner in _types(argument))]


def _is_group(hint: Any) -> TypeGuard[type[OptionGroup]]:
    return isinstance(hint, type) and issubclass(hint, OptionGroup)


def _fields(group: type[OptionGroup]) -> list[inspect.Parameter]:
    """Return the options of a group and of the groups in it, as parameters of a function."""
    found: list[inspect.Parameter] = []
    for name, hint in annotations_of(group).items():
        if _is_group(hint):
            found += _fields(hint)
        else:
            found.append(inspect.Parameter(name, _BY_NAME, default=getattr(group, name), annotation=hint))
    return found


def _make(group: type[OptionGroup], values: dict[str, Any]) -> OptionGroup:
    hints = annotations_of(group).items()
    return group(**{name: _make(hint, values) if _is_group(hint) else values[name] for name, hint in hints})
