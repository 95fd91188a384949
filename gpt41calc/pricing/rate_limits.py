"""The limits of the API by usage tier: limits.toml -> validated, with the user's laid over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from ..errors import LimitsError
from ..locations import shipped_file
from .compiled import take_up
from .fields import Cited, Constrained, Day, Line, Name, Noun, Tokens
from .toml import read_toml

__all__ = [
    "USAGE_TIERS",
    "BatchLimits",
    "FineTuningClosed",
    "LimitsTable",
    "ModelLimits",
    "RateLimits",
    "RequestLimits",
    "TierLimits",
    "UsageTier",
    "load_limits",
]

USAGE_TIERS = (1, 2, 3, 4, 5)
"""The tiers of an organisation, by what it has paid so far."""

_OVERLAY_SOURCE = "overlay"

Tier = Annotated[int, Constrained(strict=True, ge=USAGE_TIERS[0], le=USAGE_TIERS[-1])]
"""A usage tier."""


@dataclass(frozen=True, kw_only=True)
class RequestLimits(Noun):
    """What one request may hold, whatever the model and the tier."""

    string_characters: Tokens
    """Characters of a single text: a message, or a part of one."""

    source: Cited
    """Keys of the table's ``sources``."""

    checked: Day
    """Day on which they were last compared with the source."""


@dataclass(frozen=True, kw_only=True)
class BatchLimits(Noun):
    """What one batch file may hold."""

    requests: Tokens
    """Requests."""

    file_bytes: Tokens
    """Bytes of the file."""

    source: Cited
    """Keys of the table's ``sources``."""

    checked: Day
    """Day on which they were last compared with the source."""


@dataclass(frozen=True, kw_only=True)
class UsageTier(Noun):
    """What it takes to be in a tier."""

    usage_tier: Tier
    """The tier."""

    paid: Annotated[int, Constrained(strict=True, ge=0)]
    """US dollars that were paid so far."""

    source: Cited
    """Keys of the table's ``sources``."""


@dataclass(frozen=True, kw_only=True)
class FineTuningClosed(Noun):
    """A day on which fine-tuning was closed to some."""

    since: Day
    """First day."""

    to: Line
    """To whom."""

    source: Cited
    """Keys of the table's ``sources``."""


@dataclass(frozen=True, kw_only=True)
class TierLimits(Noun):
    """What a model accepts of an organisation of one tier; what is missing is not known."""

    usage_tier: Tier
    """The tier."""

    requests_per_minute: Tokens | None = None
    """Ordinary requests."""

    requests_per_day: Tokens | None = None
    """Ordinary requests; none: only those of a minute are limited."""

    tokens_per_minute: Tokens | None = None
    """Tokens of ordinary requests: input or longest answer, whichever is more."""

    batch_queue: Tokens | None = None
    """Input tokens of all batches that are waiting."""


@dataclass(frozen=True, kw_only=True)
class ModelLimits(Noun):
    """What a model accepts, tier by tier."""

    id: Name
    """The identifier that the pricing table has."""

    standard: tuple[TierLimits, ...] = ()
    """One for each tier."""

    long_context_above: Tokens | None = None
    """Input tokens above which ``long_context`` holds; none: ``standard`` holds for all."""

    long_context: tuple[TierLimits, ...] = ()
    """One for each tier; none: they are not known."""

    source: Cited
    """Keys of the table's ``sources``."""

    checked: Day
    """Day on which they were last compared with the source."""

    note: Line | None = None
    """What is disputed or peculiar."""

    def __post_init__(self) -> None:
        """Refuse a tier that is there twice, and long requests without a length."""
        for rows in (self.standard, self.long_context):
            tiers = [row.usage_tier for row in rows]
            if len(set(tiers)) < len(tiers):
                message = f"expected every usage_tier once, found {tiers}"
                raise ValueError(message)
        if self.long_context and self.long_context_above is None:
            message = "expected long_context_above beside long_context"
            raise ValueError(message)

    def at(self, usage_tier: int, input_tokens: int) -> TierLimits | None:
        """Return what holds for a request of this length; none: it is not known."""
        is_long = self.is_long(input_tokens)
        rows = self.long_context if is_long else self.standard
        return next((row for row in rows if row.usage_tier == usage_tier), None)

    def is_long(self, input_tokens: int) -> bool:
        """Say whether a request of this length is limited as a long one."""
        return self.long_context_above is not None and input_tokens > self.long_context_above


@dataclass(frozen=True, kw_only=True)
class LimitsTable(Noun):
    """Every limit, and where its number was read."""

    schema_version: Literal[1]
    """The form of the table."""

    checked: Day
    """Day on which the table as a whole was last read against its sources."""

    sources: dict[Name, Line]
    """Short names of the sources, and what they stand for."""

    request: RequestLimits
    """What one request may hold."""

    batch: BatchLimits
    """What one batch file may hold."""

    usage_tier: tuple[UsageTier, ...]
    """What it takes to be in each tier."""

    fine_tuning_closed: tuple[FineTuningClosed, ...] = ()
    """The steps in which fine-tuning was closed, the earliest first."""

    model: tuple[ModelLimits, ...]
    """What each model accepts."""

    def __post_init__(self) -> None:
        """Refuse what cites a source that is not there."""
        rows = (self.usage_tier, self.fine_tuning_closed, self.model)
        cited = [self.request.source, self.batch.source, *(row.source for each in rows for row in each)]
        for source in (source for each in cited for source in each):
            if source not in self.sources:
                message = f"source: expected a key of [sources], found {source}"
                raise ValueError(message)


@dataclass(frozen=True, slots=True)
class RateLimits:
    """A table of limits that can be asked for models."""

    table: LimitsTable
    """The validated table, with the user's laid over it."""

    overlay: str | None = None
    """Path of the user's table, if there is one."""

    @property
    def checked(self) -> date:
        """Day on which the table was last read against its sources."""
        return self.table.checked

    def find(self, name: str) -> ModelLimits | None:
        """Return the limits of a model, by its identifier; none: they are not known."""
        return next((model for model in self.table.model if model.id == name), None)

    def paid(self, usage_tier: int) -> int | None:
        """Return the US dollars that a tier takes; none: it is not known."""
        return next((one.paid for one in self.table.usage_tier if one.usage_tier == usage_tier), None)


def load_limits(overlay: Path | str | None = None) -> RateLimits:
    """Read the shipped limits, and lay the user's over them.

    A user's table has the form of the shipped one. Whatever it does not give
    is kept: of the table, of a model, and of a tier of a model.

    Args:
        overlay: path of a TOML file, or none.

    Raises:
        LimitsError: a table breaks a rule; the message names the model and the key.

    >>> limits = load_limits().find("gpt-4.1")
    >>> [limits.at(1, tokens).tokens_per_minute for tokens in (128_000, 128_001)]
    [30000, 200000]
    """
    if overlay is None and (table := take_up(LimitsTable, "limits")):
        return RateLimits(table)
    shipped = shipped_file("limits.toml")
    raw = read_toml(shipped, _WHAT, LimitsError)
    if overlay is None:
        return RateLimits(_validate(raw, shipped))
    path = Path(overlay)
    return RateLimits(_validate(_lay_over(raw, read_toml(path, _WHAT, LimitsError), path), path), str(overlay))


_WHAT = "table of limits"

_LISTS = {"model": "id", "standard": "usage_tier", "long_context": "usage_tier", "usage_tier": "usage_tier"}
"""Lists of which each row has a name, by which a user's row finds the one it changes."""


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
    """Merge rows of the same name; two of one name in the user's table stay two, and are refused later."""
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
        # A misspelt key is the cause of a missing one.
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
    """Say in one line where a table is wrong and what was expected there."""
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
        text = f"expected {next((said for kind, said in _WANTED.items() if wanted.startswith(kind)), '')}"
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
"""What pydantic wants, in the words of who writes TOML."""


def _inside(at: Any, step: int | str) -> Any:
    if isinstance(at, dict):
        return at.get(step)
    return at[step] if isinstance(at, list) and isinstance(step, int) else None


_KEYS = sorted(
    {
        key
        for noun in (LimitsTable, ModelLimits, TierLimits, RequestLimits, BatchLimits, UsageTier, FineTuningClosed)
        for key in noun.__dataclass_fields__
    }
)
"""Every key of the table."""
