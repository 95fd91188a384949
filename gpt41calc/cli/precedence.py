"""Options that were not typed: from the environment, then from the project file.

Typed > ``GPT41CALC_<OPTION>`` > project file > default. Lists add up.
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
"""What a variable of the environment may hold that says yes."""

_NO = frozenset({"0", "false", "no", "off", ""})


@dataclass(frozen=True, slots=True)
class Configured:
    """What holds where nothing is typed."""

    environ: Mapping[str, str]
    """The environment."""

    project: Project | None = None
    """The project file. None if there is none, or it is not to be used."""

    def resolve(self, field: str, typed: object, *, is_typed: bool, is_list: bool = False) -> object:
        """Return the value of an option.

        Args:
            field: its name, with underscores.
            typed: what was typed, or its default.
            is_typed: which of the two.
            is_list: whether it may be given several times, so that what is configured and what is typed add up.

        Raises:
            UsageError: a variable of the environment does not hold what the option takes.
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
    """Return the variable of the environment that gives an option."""
    return f"GPT41CALC_{field.upper()}"


def _parts(variable_text: str | None) -> list[str]:
    """Divide a list of the environment, at blanks and commas."""
    return [part for part in re.split(r"[\s,]+", variable_text or "") if part]


def is_yes(name: str, variable_text: str) -> bool:
    """Return whether a variable of the environment says yes.

    Raises:
        UsageError: it says neither yes nor no.
    """
    if variable_text.lower() not in YES | _NO:
        message = f"{name}: expected 1 or 0, found '{variable_text:.40}'"
        raise UsageError(message)
    return variable_text.lower() in YES


def as_choice(kind: type[StrEnum], name: str, variable_text: str) -> StrEnum:
    """Return a choice from its text.

    Raises:
        UsageError: it is none of the choices.
    """
    try:
        return kind(variable_text)
    except ValueError:
        message = f"{name}: expected one of {', '.join(kind)}, found '{variable_text:.40}'"
        raise UsageError(message) from None
