"""Commands whose options are texts, choices and flags, parsed without pydantic."""

from __future__ import annotations

from contextlib import suppress
from enum import Enum
from typing import Any

from typer import Context
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from ..errors import UsageError

__all__ = ["Command", "Group"]


class Command(TyperCommand):
    """A command that uses texts as they were typed.

    Typer converts every value with pydantic, even a text to a text. Importing pydantic and building an adapter for
    each of 29 options takes 70 ms: counting a prompt would take 68 % longer, and pricing it 51 %. So texts, and names
    of choices, are converted here; everything else, such as missing values and wrong choices, is left to Typer.
    """

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, ``--help`` among them."""
        return _taking_texts(super().get_params(ctx))

    def make_parser(self, ctx: Any) -> Any:
        """Return the parser, which refuses a second value for an option."""
        parser = super().make_parser(ctx)
        options: list[Any] = [*parser._long_opt.values(), *parser._short_opt.values()]  # noqa: SLF001 - no other way
        for option in {id(one): one for one in options}.values():
            if option.action == "store":
                option.process = _given_once(option)
        return parser


def _given_once(option: Any) -> Any:
    """Return a function that sets the value of an option, and raises an error if it already has one."""
    take = option.process

    def process(value: Any, state: Any) -> None:
        if option.dest in state.opts:
            name = max(option.obj.opts, key=len)
            message = f"{name} is given twice, as '{state.opts[option.dest]:.60}' and as '{value:.60}'"
            raise UsageError(message, hint="give it once")
        take(value, state)

    return process


class Group(TyperGroup):
    """A group of such commands."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, ``--help`` among them."""
        return _taking_texts(super().get_params(ctx))


def _taking_texts(parameters: list[Any]) -> list[Any]:
    """Return the parameters with conversions that need no pydantic."""
    for parameter in parameters:
        if "process_value" not in vars(parameter):
            parameter.process_value = _process(parameter)
    return parameters


def _process(parameter: TyperArgument | TyperOption) -> Any:
    otherwise = parameter.process_value
    kind = parameter.type_descriptor.annotation
    is_repeated = parameter.nargs != 1 or (isinstance(parameter, TyperOption) and parameter.multiple)

    def process_value(context: Context, value: Any) -> Any:
        taken = _taken(kind, value, is_repeated=is_repeated)
        if taken is None or (parameter.required and parameter.value_is_missing(taken[0])):
            return otherwise(context, value)
        return parameter.callback(context, parameter, taken[0]) if parameter.callback else taken[0]

    return process_value


def _taken(kind: Any, value: Any, *, is_repeated: bool) -> tuple[Any] | None:
    """Return the converted value in a tuple. None if Typer has to convert it."""
    if is_repeated:
        texts = list(value or ())
        return (texts,) if kind == list[str] and not isinstance(value, str) and all(map(_is_text, texts)) else None
    if value is None or (kind is str and _is_text(value)):
        return (value,)
    if isinstance(kind, type) and issubclass(kind, Enum):
        with suppress(ValueError):
            return (kind(value),)
    return None


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
