"""Find, read and overlay pricing tables; look models up in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

if TYPE_CHECKING:
    from pydantic import ValidationError

from ..errors import PricingError, UnknownModel
from ..locations import shipped_file
from ..tokenizer.claude_vocabulary import ctok_version
from .compiled import take_up
from .fields import Noun
from .price import PriceRow
from .schema import Model, PricingTable
from .toml import read_toml

__all__ = ["DEFAULT_MODELS", "DEFAULT_VERSUS", "Pricing", "load_pricing", "read_whole_table"]

DEFAULT_MODELS = ("gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano")
"""The variants of GPT-4.1."""

DEFAULT_VERSUS = ("gpt-4o", "gpt-4.5-preview", "claude-3-7-sonnet")
"""What the variants are held against."""

_WHAT = "pricing table"

_OVERLAY_SOURCE = "overlay"


@dataclass(frozen=True, slots=True)
class Pricing:
    """A pricing table that can be asked for models."""

    table: PricingTable
    """The validated table, with the user's laid over it."""

    overlay: str | None = None
    """Path of the user's table, if there is one."""

    overlaid: tuple[str, ...] = ()
    """Identifiers of the models that the user's table adds or changes."""

    @property
    def models(self) -> tuple[Model, ...]:
        """Every model of the table, in its order."""
        return self.table.model

    @property
    def checked(self) -> date:
        """Day on which the table was last read against its sources."""
        return self.table.checked

    def find(self, name: str) -> Model:
        """Return the model that an identifier, alias, snapshot or ``ft:`` name means.

        Raises:
            UnknownModel: the table has no such name; the hint holds the nearest.

        >>> load_pricing().find("gpt-4.1-mini-2025-04-14").id
        'gpt-4.1-mini'
        >>> load_pricing().find("ft:gpt-4.1-2025-04-14:acme::a1b2").counted_in
        'o200k_base'
        """
        if name.startswith("ft:"):
            return _fine_tuned(self.find(name.split(":")[1]))
        for model in self.models:
            if name in model.names:
                return model
        known = [known for model in self.models for known in model.names]
        from difflib import get_close_matches

        near = get_close_matches(name, known, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "'gpt41calc models' lists the known ones"
        message = f"unknown model '{name}'"
        raise UnknownModel(message, hint=hint)


def load_pricing(overlay: Path | str | None = None) -> Pricing:
    """Read the shipped pricing table, and lay the user's over it.

    A user's table has the form of the shipped one. A model it shares with the
    shipped table keeps every key that the user's does not give; a ``price``
    list takes the place of the shipped list as a whole.

    Args:
        overlay: path of a TOML file, or none.

    Raises:
        PricingError: a table breaks a rule; the message names model and key.

    >>> row = load_pricing().find("gpt-4.1").row(on=date(2026, 11, 22), input_tokens=1)
    >>> row.standard.input
    Decimal('2.00')
    """
    if overlay is None and (table := take_up(PricingTable, "pricing")):
        return Pricing(_counted_here(table))
    shipped = shipped_file("pricing.toml")
    raw = read_toml(shipped, _WHAT, PricingError)
    if overlay is None:
        return Pricing(_counted_here(_validate(raw, shipped)))
    users = read_toml(Path(overlay), _WHAT, PricingError)
    merged, changed = _lay_over(raw, users, Path(overlay))
    return Pricing(_counted_here(_validate(merged, Path(overlay))), str(overlay), changed)


def _counted_here(table: PricingTable) -> PricingTable:
    """Return a table with its rules in every model, and Claude's tokenizer if that is installed, else ratios."""
    return table.with_rules().counted_here(reconstructs=ctok_version() is not None)


def read_whole_table(path: Path | str) -> PricingTable:
    """Read a price table that stands alone, or else a user's that is laid over the shipped one.

    Raises:
        PricingError: it is neither.
    """
    try:
        return _validate(read_toml(Path(path), _WHAT, PricingError), Path(path))
    except PricingError as alone:
        try:
            return load_pricing(path).table
        except PricingError:
            raise alone from None


def _fine_tuned(model: Model) -> Model:
    """Return what serving a fine-tuned copy of a model means.

    The encoding is the base model's: tiktoken's own prefix table sends
    ``ft:gpt-4.1-…`` to cl100k_base, which is wrong.
    """
    tuning = model.fine_tuning
    if tuning is None:
        message = f"'{model.id}' has no fine-tuning prices"
        raise UnknownModel(message, hint="fine-tune one of the models that 'gpt41calc models ID' shows prices for")
    row = PriceRow(
        since=model.released,
        standard=tuning.standard,
        batch=tuning.batch,
        source=tuning.source,
        checked=tuning.checked,
        note=tuning.note,
    )
    return replace(
        model,
        id=f"ft:{tuning.base}",
        name=f"{model.name} fine-tuned",
        aliases=(),
        snapshots=(),
        window=tuning.window or model.window,
        price=(row,),
        fine_tuning=None,
    )


def _lay_over(shipped: dict[str, Any], users: dict[str, Any], path: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Merge a user's table into the shipped one, model by model."""
    unknown = set(users) - set(PricingTable.__dataclass_fields__)
    if unknown:
        message = f"{path}: {_unknown_key(min(unknown), PricingTable)}"
        raise PricingError(message)
    rows = users.get("model", [])
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        message = f"{path}: model: expected at least one [[model]] table"
        raise PricingError(message)
    known = {model["id"]: model for model in shipped["model"]}
    merged = dict(known)
    changed = []
    for position, row in enumerate(rows):
        name = row.get("id")
        if not isinstance(name, str):
            message = f"{path}: model[{position}]: id: expected the identifier of a model"
            raise PricingError(message)
        if name in changed:
            message = f"{path}: model {name}: listed twice"
            raise PricingError(message)
        changed.append(name)
        base = known.get(name, _NEW_MODEL | {"name": name})
        tokenizer_chosen = {"encoding", "ratio"} & set(row)
        kept = {key: value for key, value in base.items() if not (tokenizer_chosen and key in {"encoding", "ratio"})}
        merged[name] = kept | _with_defaults(row, kept, users.get("checked", shipped["checked"]))
    sources = users.get("sources", {})
    if not isinstance(sources, dict):
        message = f"{path}: sources: expected a table"
        raise PricingError(message)
    return {
        "schema_version": users.get("schema_version", 1),
        "checked": shipped["checked"],
        "sources": shipped["sources"] | {_OVERLAY_SOURCE: f"the table {path.name!r} given with --pricing"} | sources,
        "model": list(merged.values()),
        "anthropic": shipped["anthropic"],
        "kind_ratio": shipped["kind_ratio"],
        "token_rules": [*shipped.get("token_rules", []), *_rules(users, path)],
    }, tuple(changed)


def _rules(users: dict[str, Any], path: Path) -> list[Any]:
    """Return the rules of counting that a user's table adds, for families of its own."""
    rows = users.get("token_rules", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        message = f"{path}: token_rules: expected [[token_rules]] tables"
        raise PricingError(message)
    return [{"source": [_OVERLAY_SOURCE], "held": 0, "exact": 0} | row for row in rows]


_NEW_MODEL: dict[str, Any] = {
    "provider": "other",
    "released": date(1970, 1, 1),
    "limits_source": [_OVERLAY_SOURCE],
}
"""What a user need not say of a model of their own."""


def _with_defaults(row: dict[str, Any], base: dict[str, Any], checked: object) -> dict[str, Any]:
    """Fill in what a user's price row need not say: since when, source, day of the check."""
    ratio = row.get("ratio")
    if isinstance(ratio, dict):
        row = row | {"ratio": {"source": [_OVERLAY_SOURCE]} | ratio}
    prices = row.get("price")
    if not isinstance(prices, list):
        return row
    filled = [
        {"since": row.get("released", base.get("released")), "source": [_OVERLAY_SOURCE], "checked": checked} | price
        if isinstance(price, dict)
        else price
        for price in prices
    ]
    return row | {"price": filled}


def _validate(raw: dict[str, Any], path: Path) -> PricingTable:
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(PricingTable).validate_python(raw)
    except ValidationError as error:
        lines = [_explain(problem, raw) for problem in _worth_telling(error)]
        more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
        message = f"{path}: {lines[0]}{more}"
        raise PricingError(message, hint="; ".join(lines[1:6])) from error


def _worth_telling(error: ValidationError) -> list[Any]:
    """Put misspelt keys first, as the cause of missing ones, and leave out what only follows from another mistake.

    Pydantic calls a list too short when its only item is wrong.
    """
    problems = error.errors(include_url=False)
    inside = {problem["loc"][:depth] for problem in problems for depth in range(len(problem["loc"]))}
    causes = [problem for problem in problems if problem["type"] != "too_short" or problem["loc"] not in inside]
    return sorted(causes, key=lambda problem: problem["type"] != "unexpected_keyword_argument")


def _explain(problem: Any, raw: dict[str, Any]) -> str:
    """Say in one line where a table is wrong and what was expected there."""
    where = list(problem["loc"])
    subject = ""
    if len(where) >= 2 and where[0] == "model" and isinstance(where[1], int):  # noqa: PLR2004 - "model" and its place
        row = raw["model"][where[1]]
        name = row.get("id", f"[{where[1]}]") if isinstance(row, dict) else f"[{where[1]}]"
        subject, where = f"model {name!s:.80}: ", where[2:]
    if problem["type"] == "unexpected_keyword_argument":
        return subject + _place(where[:-1]) + _unknown_key(str(where[-1]), _noun_at(problem["loc"][:-1]))
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


_WHAT_IS_MISSING = dict.fromkeys(("price", "standard", "input", "output"), "price")


def _place(where: list[Any]) -> str:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in where)
    return f"{path.lstrip('.')}: " if path else ""


def _unknown_key(key: str, noun: type[Noun]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key, noun.__dataclass_fields__, n=1, cutoff=0.5)
    return f"unknown key '{key:.80}'" + (f", did you mean '{near[0]}'?" if near else "")


def _noun_at(where: Iterable[int | str]) -> type[Noun]:
    """Return the noun that a place in a table is read as."""
    noun: type[Noun] = PricingTable
    for step in where:
        if isinstance(step, str):
            noun = _noun_in(get_type_hints(noun)[step]) or noun
    return noun


def _noun_in(annotation: Any) -> type[Noun] | None:
    if isinstance(annotation, type) and issubclass(annotation, Noun):
        return annotation
    return next(filter(None, map(_noun_in, get_args(annotation))), None)
