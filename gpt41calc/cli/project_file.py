"""The project file: default options and budgets of a team.

``gpt41calc.toml``, or ``[tool.gpt41calc]`` in ``pyproject.toml``; the nearest
one upwards. It may come with a checkout from anyone, so it can choose files
and models and set limits, and nothing else: no price table, no place to write
to, no program.
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import ConfigError
from ..sources.strict_toml import NotToml, parse_toml
from .parse import (
    LISTS,
    parse_count,
    parse_count_or_percent,
    parse_days,
    parse_increase,
    parse_money,
    parse_percent,
    parse_size,
)
from .project_values import (
    aliases,
    choice,
    flag,
    globs_of,
    kind_of,
    local_file,
    number,
    parsed_as,
    text_of,
    texts,
    texts_or_number,
    unknown_key,
    whole_number,
)

if TYPE_CHECKING:
    from ..calculator.budget import Budget

__all__ = ["PlannedBudget", "PlannedRows", "Project", "parse_project"]


@dataclass(frozen=True, slots=True)
class PlannedRows:
    """Which rows of a dataset a budget is for."""

    column: str | None
    """The column that is sent. None if a template names columns."""

    template: str | None
    """File that every row is put into, relative to the folder of the project file. None if a row is its text."""

    messages: bool
    """Whether the column holds JSON of requests."""

    precision: str | None
    """Percentage to which the total is to be known, or ``exact``. None for the usual one."""


@dataclass(frozen=True, slots=True)
class PlannedBudget:
    """A budget and the files that it applies to."""

    budget: Budget
    """The budget."""

    paths: tuple[str, ...]
    """Globs in gitignore syntax, relative to the folder of the project file."""

    exclude: tuple[str, ...] = ()
    """Globs of files to leave out."""

    rows: PlannedRows | None = None
    """Which rows of a dataset it is for; then ``paths`` are its files, folders, globs and addresses. None if it is for
    whole files.
    """


@dataclass(frozen=True, slots=True)
class Project:
    """The content of a project file."""

    path: str
    """Path of the file as shown in reports."""

    folder: str
    """Its folder, to which globs are relative."""

    options: Mapping[str, str | bool | list[str]]
    """Values of options as on the command line, by name of the option without leading dashes."""

    budgets: tuple[PlannedBudget, ...]
    """Its budgets, in order."""


def parse_project(shown: str, raw: bytes, *, is_shared: bool) -> Project | None:
    """Return the content of a project file. None if it is shared with other tools and has no table for this one.

    Args:
        shown: its path as shown in reports.
        raw: its content; the caller limits its length.
        is_shared: whether it is a ``pyproject.toml``.

    Raises:
        ConfigError: it is not TOML, or breaks a rule; the message names the line or the key.
    """
    table: object = _parsed(shown, _text(shown, raw))
    for key in ("tool", "gpt41calc") if is_shared else ():
        table = table.get(key) if isinstance(table, dict) else None
    if table is None:
        return None
    folder = os.path.dirname(shown) or "."
    return _validated(table, shown, folder)


def _text(shown: str, raw: bytes) -> str:
    if raw.startswith(codecs.BOM_UTF8):
        message = f"{shown}: line 1: begins with a byte order mark, which TOML does not allow"
        raise ConfigError(message, hint="save it as UTF-8 without a byte order mark")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"{shown}: line {line}: not UTF-8 (byte {error.start:,})"
        raise ConfigError(message, hint="save it as UTF-8") from error


def _parsed(shown: str, text: str) -> dict[str, Any]:
    try:
        return parse_toml(text)
    except NotToml as error:
        message = f"{shown}: {error.reason}"
        raise ConfigError(message) from error


def _validated(table: object, shown: str, folder: str) -> Project:
    if not isinstance(table, dict):
        message = f"{shown}: tool.gpt41calc: expected a table, found {kind_of(table)}"
        raise ConfigError(message)
    budgets = table.get("budget", [])
    if not isinstance(budgets, list) or not all(isinstance(each, dict) for each in budgets):
        within = "tool.gpt41calc." if os.path.basename(shown) == "pyproject.toml" else ""
        message = f"{shown}: budget: expected [[{within}budget]] tables, found {kind_of(budgets)}"
        raise ConfigError(message)
    options: dict[str, str | bool | list[str]] = {}
    for key, value in table.items():
        if key != "budget":
            options[key] = _option(key, value, shown)
    planned = [_budget(each, f"{shown}: budget {number}") for number, each in enumerate(budgets, 1)]
    _refuse_twins(planned, shown)
    return Project(shown, folder, options, tuple(planned))


def _option(key: str, value: object, shown: str) -> str | bool | list[str]:
    where = f"{shown}: {key}"
    if key in _ONLY_TYPED:
        message = f"{where}: a project file may not set this"
        raise ConfigError(message, hint=f"it is an option of the command line: --{key}")
    check = _OPTIONS.get(key)
    if check is None:
        raise unknown_key(key, [*_OPTIONS, "budget"], shown)
    return check(value, where)


def _budget(given: dict[str, Any], where: str) -> PlannedBudget:
    from ..calculator.budget import Budget, Limits  # a run without budgets need not know prices

    name = given.get("name")
    if not isinstance(name, str) or not name.strip():
        message = f"{where}: name: expected a text, found {kind_of(name)}"
        raise ConfigError(message, hint='give every budget a name, such as name = "system prompts"')
    where = f"{where} ('{name:.60}')"
    for key in given:
        if key not in _LIMITS and key not in _OF_A_BUDGET:
            raise unknown_key(key, [*_LIMITS, *_OF_A_BUDGET], where)
    if not any(key in given for key in _LIMITS if key != "requests-per-month"):
        message = f"{where}: no limit"
        raise ConfigError(message, hint=f"a budget has at least one of {', '.join(_LIMITS)}")
    limits = {
        key.replace("-", "_"): read(given[key], f"{where}: {key}") for key, read in _LIMITS.items() if key in given
    }
    level = choice("error", "warn")(given.get("level", "error"), f"{where}: level")
    return PlannedBudget(
        Budget(name=name, limits=Limits(**limits), level="warn" if level == "warn" else "error"),
        tuple(globs_of(given.get("paths"), f"{where}: paths")),
        tuple(globs_of(given.get("exclude", []), f"{where}: exclude")),
        _rows(given, where),
    )


def _rows(given: dict[str, Any], where: str) -> PlannedRows | None:
    """Return which rows a budget is for; None if it has no key for rows.

    Raises:
        ConfigError: a key has a wrong value, or a store is addressed in a way that a project file may not.
    """
    if not any(key in given for key in _OF_ROWS):
        return None
    if ("column" in given) == ("template" in given) or "exclude" in given:
        message = f"{where}: rows are named by either column or template, and nothing is excluded"
        raise ConfigError(message, hint='write column = "text"')
    for path in given.get("paths", []):
        if "://" in path and (path.partition("://")[0] not in _STORES or "?" in path or "@" in path):
            message = f"{where}: paths: '{path:.80}' is no address for a project file"
            raise ConfigError(message, hint=f"addresses begin with {', '.join(_STORES)}, and have no options")
    precision = given.get("precision")
    return PlannedRows(
        column=text_of(given["column"], f"{where}: column") if "column" in given else None,
        template=local_file(given["template"], f"{where}: template") if "template" in given else None,
        messages=flag(given.get("messages", False), f"{where}: messages"),
        precision=None if precision is None else text_of(precision, f"{where}: precision"),
    )


def _refuse_twins(planned: Sequence[PlannedBudget], shown: str) -> None:
    seen: set[str] = set()
    for each in planned:
        name = each.budget.name
        if name in seen:
            message = f"{shown}: two budgets are named '{name:.60}'"
            raise ConfigError(message)
        seen.add(name)


_OPTIONS: Mapping[str, Callable[[object, str], str | bool | list[str]]] = {
    **dict.fromkeys(LISTS - {"alias", "uplift", "fee"}, texts),
    **dict.fromkeys(("uplift", "fee"), texts_or_number),
    **dict.fromkeys(("output-tokens", "requests", "requests-per-month", "rpm", "usage-tier"), whole_number),
    **dict.fromkeys(("hidden", "images", "partial", "no-gitignore", "follow", "text", "strict"), flag),
    "tier": choice("standard", "batch", "flex", "priority"),
    "fail-on": choice("error", "warn"),
    "max-file-size": number(parse_size),
    "alias": aliases,
    "cached-tokens": number(parse_count_or_percent),
    "against": text_of,
    "assume-image": text_of,
    "baseline": local_file,
}
"""The options that a project file may set, and how each is read."""

_ONLY_TYPED = frozenset(
    {
        *("pricing", "output", "report", "write-baseline", "files-from", "config", "no-config", "format", "json"),
        *("as-of", "until", "limits", "string", "plan", "quiet", "color", "init", "update", "no-cache", "no-progress"),
        "explain",
        *("calibration", "kind", "split", "count-with", "api-limit", "api-timeout", "input-tokens"),
    }
)
"""Options that a project file may not set: those of a single run, and those that name a price table or a file to
write.
"""


_LIMITS: Mapping[str, Callable[[object, str], Any]] = {
    "token-budget": parsed_as(parse_count),
    "token-budget-per-file": parsed_as(parse_count),
    "max-cost": parsed_as(parse_money),
    "max-total-cost": parsed_as(parse_money),
    "max-monthly-cost": parsed_as(parse_money),
    "requests-per-month": parsed_as(parse_count),
    "max-context": parsed_as(parse_percent),
    "max-increase": parsed_as(parse_increase),
    "fail-if-retires-within": parsed_as(parse_days),
}
"""All limits of a budget, and how each is read."""

_OF_ROWS = ("column", "template", "messages", "precision")
"""Keys of a budget for the rows of a dataset."""

_STORES = ("s3", "gs", "hdfs", "hf")
"""What a project file may address. It may come with a pull request: it names no host, and no file of this machine."""

_OF_A_BUDGET = ("name", "paths", "exclude", "level", *_OF_ROWS)
