"""Values of options that were not typed: from the environment, else from the project file.

The order is: typed, ``GPT41CALC_<OPTION>``, project file, default. The parts of a list are added up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ..errors import UsageError
from .parse import LISTS

if TYPE_CHECKING:
    from .project_file import Project

__all__ = ["YES", "Configured", "as_choice", "is_yes", "variable"]


YES = frozenset({"1", "true", "yes", "on"})
"""Values of an environment variable that mean yes."""

_NO = frozenset({"0", "false", "no", "off", ""})


@dataclass(frozen=True, slots=True)
class Configured:
    """The configured values of options."""

    environ: Mapping[str, str]
    """The environment variables."""

    project: Project | None = None
    """The project file. None if there is none, or if it is not used."""

    def resolve(self, field: str, typed: object, *, is_typed: bool, is_list: bool = False) -> object:
        """Return the value of an option.

        Args:
            field: its name, with underscores.
            typed: the typed value, or the default.
            is_typed: whether ``typed`` was typed.
            is_list: whether it is a list, so that configured and typed values are added up.

        Raises:
            UsageError: an environment variable has a value that the option does not take.
        """
        variable_text = self.environ.get(variable(field))
        configured = self.project.options.get(field.replace("_", "-")) if self.project else None
        if is_list:
            listed = configured if isinstance(configured, list) else []
            return [*listed, *_parts(variable_text), *(typed if isinstance(typed, list) else [])] or None
        if is_typed:
            return typed
        if isinstance(typed, bool):
            return is_yes(variable(field), variable_text) if variable_text is not None else bool(typed or configured)
        if variable_text:
            return _parts(variable_text)[0] if field in LISTS else variable_text
        first = configured[0] if isinstance(configured, list) and configured else configured
        return typed if first is None else first


def variable(field: str) -> str:
    """Return the name of the environment variable for an option."""
    return f"GPT41CALC_{field.upper()}"


def _parts(variable_text: str | None) -> list[str]:
    """Return the parts of a list in an environment variable, separated by blanks or commas."""
    return [part for part in re.split(r"[\s,]+", variable_text or "") if part]


def is_yes(name: str, variable_text: str) -> bool:
    """Return whether the value of an environment variable means yes.

    Raises:
        UsageError: the value means neither yes nor no.
    """
    if variable_text.lower() not in YES | _NO:
        message = f"{name}: expected 1 or 0, found '{variable_text:.40}'"
        raise UsageError(message)
    return variable_text.lower() in YES


def as_choice(kind: type[StrEnum], name: str, variable_text: str) -> StrEnum:
    """Return a choice from its text.

    Raises:
        UsageError: the text is none of the choices.
    """
    try:
        return kind(variable_text)
    except ValueError:
        message = f"{name}: expected one of {', '.join(kind)}, found '{variable_text:.40}'"
        raise UsageError(message) from None
