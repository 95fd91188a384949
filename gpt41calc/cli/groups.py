"""Options in groups: declared once as a frozen dataclass, taken by any command."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar, get_type_hints

__all__ = ["takes_groups"]

Result = TypeVar("Result")


def takes_groups(command: Callable[..., Result]) -> Callable[..., Result]:
    """Let a command take option groups; Typer sees their fields as options of the command.

    Every parameter that is annotated with a dataclass is a group. Fields are
    declared as Typer wants parameters: ``Annotated`` types and defaults.
    """
    hints = get_type_hints(command, include_extras=True)
    groups = {name: hint for name, hint in hints.items() if dataclasses.is_dataclass(hint)}
    plain = [p for p in inspect.signature(command).parameters.values() if p.name not in groups]
    fields = [_parameter(field, hint) for group in groups.values() for field, hint in _fields(group)]

    @functools.wraps(command)
    def flat(**values: Any) -> Result:
        made = {name: _make(group, values) for name, group in groups.items()}
        return command(**made, **{p.name: values[p.name] for p in plain})

    parameters = [p.replace(annotation=hints[p.name]) for p in plain] + fields
    parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in parameters]
    flat.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    flat.__annotations__ = {p.name: p.annotation for p in parameters}
    del flat.__wrapped__  # or Typer would read the hints of the command itself
    return flat


def _fields(group: Any) -> list[tuple[dataclasses.Field[Any], Any]]:
    hints = get_type_hints(group, include_extras=True)
    return [(field, hints[field.name]) for field in dataclasses.fields(group)]


def _parameter(field: dataclasses.Field[Any], hint: Any) -> inspect.Parameter:
    return inspect.Parameter(field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=hint)


def _make(group: Any, values: dict[str, Any]) -> Any:
    return group(**{field.name: values[field.name] for field in dataclasses.fields(group)})
