"""Load ``limits.toml``, the API limits by usage tier, validate it, and merge the user's table into it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ..errors import LimitsError
from ..locations import shipped_file
from .compiled import load_compiled
from .limits_schema import BatchLimits, FineTuningClosed, LimitsTable, ModelLimits, RequestLimits, TierLimits, UsageTier
from .toml import read_toml

__all__ = ["RateLimits", "load_limits"]


_OVERLAY_SOURCE = "overlay"


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The table of limits, with look-up by model."""

    table: LimitsTable
    """The validated table, with the user's table merged into it."""

    overlay: str | None = None
    """Path of the user's table that overlays the shipped one. None if there is none."""

    @property
    def checked(self) -> date:
        """Day on which the table was last compared with its sources."""
        return self.table.checked

    def find(self, name: str) -> ModelLimits | None:
        """Return the limits of a model, by its identifier. None if they are not known."""
        return next((model for model in self.table.model if model.id == name), None)

    def paid(self, usage_tier: int) -> int | None:
        """Return the total payment that a usage tier requires, in US dollars. None if it is not known."""
        return next((one.paid for one in self.table.usage_tier if one.usage_tier == usage_tier), None)


def load_limits(overlay: Path | str | None = None) -> RateLimits:
    """Return the shipped limits, with the user's limits merged into them.

    A user's table has the format of the shipped one. Every key that it omits keeps its shipped value: of the table, of
    a model, and of a usage tier of a model.

    Args:
        overlay: path of the user's TOML file; None for the shipped table alone.

    Raises:
        LimitsError: a table breaks a rule; the message names the model and the key.

    >>> limits = load_limits().find("gpt-4.1")
    >>> [limits.at(1, tokens).tokens_per_minute for tokens in (128_000, 128_001)]
    [30000, 200000]
    """
    if overlay is None and (table := load_compiled(LimitsTable, "limits")):
        return RateLimits(table)
    shipped = shipped_file("limits.toml")
    raw = read_toml(shipped, _WHAT, LimitsError)
    if overlay is None:
        return RateLimits(_validate(raw, shipped))
    path = Path(overlay)
    return RateLimits(_validate(_lay_over(raw, read_toml(path, _WHAT, LimitsError), path), path), str(overlay))


_WHAT = "table of limits"

_LISTS = {"model": "id", "standard": "usage_tier", "long_context": "usage_tier", "usage_tier": "usage_tier"}
"""Lists of rows, and the key that identifies a row; a user's row replaces the shipped row with the same value."""


def _lay_over(shipped: dict[str, Any], users: dict[str, Any], path: Path) -> dict[str, Any]:
    """Merge a user's table into the shipped one, row by row."""
    note = {_OVERLAY_SOURCE: f"the table {path.name!r} given with --limits"}
    merged = _merged(shipped, users)
    new = {"source": [_OVERLAY_SOURCE], "checked": users.get("checked", shipped["checked"])}
    if isinstance(merged.get("model"), list):
        merged["model"] = [new | model if isinstance(model, dict) else model for model in merged["model"]]
    if isinstance(merged.get("sources"), dict):
        merged["sources"] = merged["sources"] | note
    return merged


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    whole = dict(below)
    for key, value in above.items():
        old = below.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            whole[key] = _merged(old, value)
        elif key in _LISTS and isinstance(value, list) and isinstance(old, list):
            whole[key] = _merged_rows(old, value, _LISTS[key])
        else:
            whole[key] = value
    return whole


def _merged_rows(below: list[Any], above: list[Any], name: str) -> list[Any]:
    """Return the rows merged by name; two rows of one name in the user's table are both kept, and refused later."""
    rows = list(below)
    places = {row[name]: at for at, row in enumerate(below)}
    for row in above:
        at = places.pop(row.get(name), None) if isinstance(row, dict) and _is_name(row.get(name)) else None
        if at is None:
            rows.append(row)
        else:
            rows[at] = _merged(rows[at], row)
    return rows


def _is_name(value: object) -> bool:
    return isinstance(value, str | int)


def _validate(raw: dict[str, Any], path: Path) -> LimitsTable:
    from pydantic import TypeAdapter, ValidationError

    try:
        table = TypeAdapter(LimitsTable).validate_python(raw)
    except ValidationError as error:
        # A misspelt key is the reason why the right one is missing, so it is reported first.
        problems = sorted(
            error.errors(include_url=False), key=lambda each: each["type"] != "unexpected_keyword_argument"
        )
        lines = [_explain(problem, raw) for problem in problems]
        more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
        message = f"{path}: {lines[0]}{more}"
        raise LimitsError(message, hint="; ".join(lines[1:6])) from error
    ids = [model.id for model in table.model]
    for name in ids:
        if ids.count(name) > 1:
            message = f"{path}: model {name}: listed twice"
            raise LimitsError(message)
    return table


def _explain(problem: Any, raw: dict[str, Any]) -> str:
    """Return one line that says where a table is wrong and what was expected there."""
    where, at = [], raw
    for step in problem["loc"]:
        at = _inside(at, step)
        name = (at.get("id") or at.get("usage_tier")) if isinstance(step, int) and isinstance(at, dict) else None
        where.append(f"[{name if name is not None else step}]" if isinstance(step, int) else f".{step}")
    place = "".join(where).lstrip(".")
    if problem["type"] == "unexpected_keyword_argument":
        near = get_close_matches(str(problem["loc"][-1]), _KEYS, n=1, cutoff=0.5)
        return f"{place}: unknown key" + (f", did you mean '{near[0]}'?" if near else "")
    if problem["type"] == "missing":
        return f"{place}: missing"
    text = problem["msg"].removeprefix("Value error, ")
    if text.startswith("Input should be "):
        wanted = text.removeprefix("Input should be ")
        text = f"expected {next((expected for kind, expected in _WANTED.items() if wanted.startswith(kind)), '')}"
        text += wanted if text == "expected " or wanted.startswith(("greater", "less")) else ""
    if text.startswith("expected ") and "found" not in text and isinstance(problem["input"], str | int | Decimal):
        text += f", found {str(problem['input'])[:40]}"
    return f"{place}: {text[0].lower()}{text[1:]}" if place else f"{text[0].lower()}{text[1:]}"


_WANTED = {
    "greater": "a number ",
    "less": "a number ",
    "a dictionary": "a table",
    "a valid dictionary": "a table",
    "a valid tuple": "a list",
    "a valid integer": "a whole number",
    "a valid string": "a text",
    "a valid date": "a day",
}
"""The expectations in pydantic's messages, in plain words for authors of TOML."""


def _inside(at: Any, step: int | str) -> Any:
    if isinstance(at, dict):
        return at.get(step)
    return at[step] if isinstance(at, list) and isinstance(step, int) else None


_KEYS = sorted(
    {
        key
        for record in (LimitsTable, ModelLimits, TierLimits, RequestLimits, BatchLimits, UsageTier, FineTuningClosed)
        for key in record.__annotations__
    }
)
"""Every key of the table."""
