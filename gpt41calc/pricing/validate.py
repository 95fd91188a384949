"""Validate a pricing table, and explain errors in it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from ..errors import PricingError
from .fields import Record
from .table_schema import PricingTable

if TYPE_CHECKING:
    from pydantic import ValidationError

__all__ = ["unknown_key", "validate"]

_WHAT_IS_MISSING = dict.fromkeys(("price", "standard", "input", "output"), "price")


def validate(raw: dict[str, Any], path: Path) -> PricingTable:
    """Return the validated table for the content of a TOML file.

    Raises:
        PricingError: the content breaks a rule; the message says which rule, and where.
    """
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(PricingTable).validate_python(raw)
    except ValidationError as error:
        lines = [_explain(problem, raw) for problem in _worth_telling(error)]
        more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
        message = f"{path}: {lines[0]}{more}"
        raise PricingError(message, hint="; ".join(lines[1:6])) from error


def _worth_telling(error: ValidationError) -> list[Any]:
    """Return errors with misspelt keys first, as the cause of missing ones, and without mere consequences.

    For example, pydantic also reports a list as too short when its only item is wrong.
    """
    problems = error.errors(include_url=False)
    inside = {problem["loc"][:depth] for problem in problems for depth in range(len(problem["loc"]))}
    causes = [problem for problem in problems if problem["type"] != "too_short" or problem["loc"] not in inside]
    return sorted(causes, key=lambda problem: problem["type"] != "unexpected_keyword_argument")


def _explain(problem: Any, raw: dict[str, Any]) -> str:
    """Return one line that says where a table is wrong and what was expected there."""
    where = list(problem["loc"])
    subject = ""
    if len(where) >= 2 and where[0] == "model" and isinstance(where[1], int):  # noqa: PLR2004 - "model" and its place
        row = raw["model"][where[1]]
        name = row.get("id", f"[{where[1]}]") if isinstance(row, dict) else f"[{where[1]}]"
        subject, where = f"model {name!s:.80}: ", where[2:]
    if problem["type"] == "unexpected_keyword_argument":
        return subject + _place(where[:-1]) + unknown_key(str(where[-1]), _record_at(problem["loc"][:-1]))
    if problem["type"] == "missing":
        return f"{subject}{_place(where)}missing {_WHAT_IS_MISSING.get(str(where[-1]), 'value')}"
    text = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "too_short":
        return f"{subject}{_place(where)}expected at least one entry"
    import re

    text = re.sub(r"^Input should be (?:a |an )?", "expected ", text)
    if text.startswith("expected ") and "found" not in text and isinstance(problem["input"], str | int | Decimal):
        text += f", found {str(problem['input'])[:40]}"
    return f"{subject}{_place(where)}{text[0].lower()}{text[1:]}"


def _place(where: list[Any]) -> str:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in where)
    return f"{path.lstrip('.')}: " if path else ""


def unknown_key(key: str, kind: type[Record]) -> str:
    """Return a sentence that a key is unknown, with the most similar known key."""
    from difflib import get_close_matches

    near = get_close_matches(key, kind.__dataclass_fields__, n=1, cutoff=0.5)
    return f"unknown key '{key:.80}'" + (f", did you mean '{near[0]}'?" if near else "")


def _record_at(where: Iterable[int | str]) -> type[Record]:
    """Return the class of the record at a location in a table."""
    kind: type[Record] = PricingTable
    for step in where:
        if isinstance(step, str):
            kind = _record_in(get_type_hints(kind)[step]) or kind
    return kind


def _record_in(annotation: Any) -> type[Record] | None:
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return annotation
    return next(filter(None, map(_record_in, get_args(annotation))), None)
