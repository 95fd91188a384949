"""Rules for options that have an effect only beside others: without these, they are an error."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from ..errors import UsageError

__all__ = ["require_effect"]


class _Rule(NamedTuple):
    """An option that needs another."""

    option: str
    """Name of the option, with underscores."""

    needs: tuple[str, ...]
    """Options of which at least one must be given; empty if the option has no effect at all."""

    commands: tuple[str, ...]
    """Commands to which the rule applies."""

    hint: str = ""
    """The hint of the error."""


_RULES = (
    _Rule("pricing", ("model",), ("log",), "-m names the model that counts, which a price table may add"),
    _Rule("alias", ("model",), ("count", "log", "pack"), "-m names the model that counts"),
    _Rule("alias", (), ("recommend", "pricing compare"), "no model is named here"),
    _Rule("output_tokens", ("input",), ("usage",), "the requests of --input are what is estimated"),
    _Rule("calibration", ("input",), ("usage",), "the requests of --input are what is estimated"),
    _Rule("api_limit", ("count_with",), ("estimate",), "--count-with api asks endpoints"),
    _Rule("api_timeout", ("count_with",), ("estimate",), "--count-with api asks endpoints"),
    _Rule("sort", (), ("models --retiring",), "what ends first comes first"),
    _Rule("top", (), ("models --retiring",), "--retiring DAYS says how many days, and so how many models"),
    _Rule("against", ("max_increase",), ("check --limit",), "--max-increase 5% is compared with a base"),
    _Rule("baseline", ("max_increase",), ("check --limit",), "--max-increase 5% is compared with a base"),
    _Rule("cached_tokens", (), ("diff",), "what a change adds is priced, and no cache has seen that"),
    _Rule("cached_tokens", (), ("compare",), "inputs are compared as they cost without a cache"),
)


_LIMITS = frozenset(
    {
        *("token_budget", "token_budget_per_file", "max_cost", "max_monthly_cost", "max_context", "max_increase"),
        "max_total_cost",
        "fail_if_retires_within",
    }
)
"""Options that set a limit of ``check``; if one was typed, the budgets of the project file are not used."""

_OFFLINE = "offline"
"""Value of ``--count-with`` if no endpoint is used."""


def require_effect(command: str, values: Mapping[str, Any], typed: AbstractSet[str]) -> None:
    """Raise an error for an option that was typed and has no effect.

    Args:
        command: name of the command, after that of its group.
        values: its parameters, from the command line, the environment and the project file.
        typed: the names of the parameters that were typed.

    Raises:
        UsageError: an option would be ignored.
    """
    names = {command, *(f"{command} --{name}" for name in ("retiring",) if values.get(name) is not None)}
    names |= {f"{command} --limit"} if _LIMITS & typed else set()
    for rule in _RULES:
        is_alone = not any(_is_given(values.get(name)) for name in rule.needs)
        if rule.option in typed and is_alone and names & set(rule.commands):
            with_what = f" without {_flag(rule.needs[0])}" if rule.needs else ""
            message = f"{_flag(rule.option)} has no effect{with_what}"
            raise UsageError(message, hint=rule.hint)
    if "raw_csv" in typed and values.get("format") != "csv" and not _writes_csv(values):
        message = "--raw-csv has no effect without --format csv"
        raise UsageError(message)


def _is_given(value: object) -> bool:
    return bool(value) and value != _OFFLINE


def _writes_csv(values: Mapping[str, Any]) -> bool:
    return any(each.startswith("csv:") for each in values.get("report") or ())


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"
