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

if TYPE_CHECKING:
    from .project import Project

__all__ = ["LISTS", "Configured", "as_choice"]

LISTS = frozenset({"model", "versus", "include", "exclude"})
"""Options of which what is configured and what is typed add up."""

_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off", ""})


@dataclass(frozen=True, slots=True)
class Configured:
    """What holds where nothing is typed."""

    environ: Mapping[str, str]
    """The environment."""

    project: Project | None = None
    """The project file; none: there is none, or it is not to be used."""

    def resolve(self, field: str, typed: object, *, is_typed: bool) -> object:
        """Return the value of an option.

        Args:
            field: its name, with underscores.
            typed: what was typed, or its default.
            is_typed: which of the two.

        Raises:
            UsageError: a variable of the environment does not hold what the option takes.
        """
        key = field.replace("_", "-")
        name = f"GPT41CALC_{field.upper()}"
        said = self.environ.get(name)
        kept = self.project.options.get(key) if self.project else None
        if key in LISTS:
            listed = kept if isinstance(kept, list) else []
            whole = [*listed, *re.split(r"[\s,]+", said.strip(", \t\n") if said else "")]
            return [*filter(None, whole), *(typed if isinstance(typed, list) else [])] or None
        if is_typed:
            return typed
        if said is not None and (said or isinstance(typed, bool)):
            return _flag(name, said) if isinstance(typed, bool) else said
        return typed if kept is None else kept


def _flag(name: str, said: str) -> bool:
    if said.lower() not in _YES | _NO:
        message = f"{name}: expected 1 or 0, found '{said:.40}'"
        raise UsageError(message)
    return said.lower() in _YES


def as_choice(kind: type[StrEnum], name: str, said: str) -> StrEnum:
    """Return a choice from its text.

    Raises:
        UsageError: it is none of the choices.
    """
    try:
        return kind(said)
    except ValueError:
        message = f"{name}: expected one of {', '.join(kind)}, found '{said:.40}'"
        raise UsageError(message) from None
