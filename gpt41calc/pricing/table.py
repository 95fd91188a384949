"""Find, read and overlay pricing tables; look models up in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import PricingError, UnknownModel
from ..locations import shipped_file
from ..tokenizer.claude_vocabulary import ctok_version
from .compiled import load_compiled
from .price import PriceRow
from .schema import Model
from .table_schema import PricingTable
from .toml import read_toml
from .validate import unknown_key, validate

if TYPE_CHECKING:
    from .aliases import Alias

__all__ = ["DEFAULT_MODELS", "DEFAULT_VERSUS", "Pricing", "load_pricing", "read_whole_table"]

DEFAULT_MODELS = ("gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano")
"""The variants of GPT-4.1."""

DEFAULT_VERSUS = ("gpt-4o", "gpt-4.5-preview", "claude-3-7-sonnet")
"""The models that the variants are compared with by default."""

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

    aliases: tuple[Alias, ...] = ()
    """Names of the user's own, the one that holds first."""

    @property
    def models(self) -> tuple[Model, ...]:
        """Every model of the table, in its order."""
        return self.table.model

    @property
    def checked(self) -> date:
        """Day on which the table was last read against its sources."""
        return self.table.checked

    def find(self, name: str) -> Model:
        """Return the model that a name means: one of the table, one of the user's, or another spelling of one.

        A name of the table always wins. A model that was found by another spelling keeps it in ``named_as``.

        Raises:
            UnknownModel: no model has such a name, several may, or it has another price; the message says which.

        >>> load_pricing().find("gpt-4.1-mini-2025-04-14").id
        'gpt-4.1-mini'
        >>> load_pricing().find("ft:gpt-4.1-2025-04-14:acme::a1b2").counted_in
        'o200k_base'
        """
        if name.startswith("ft:"):
            return _fine_tuned(self.find(name.split(":")[1]), name)
        for model in self.models:
            if name in model.names:
                return model
        return self._find_otherwise(name)

    def _find_otherwise(self, name: str) -> Model:
        """Return the model that a name means which is none of the table's."""
        from .names import meant, unknown

        own = next((target for alias in self.aliases if (target := alias.target(name)) is not None), None)
        if own is not None and own != name:
            return replace(replace(self, aliases=()).find(own), named_as=name)
        if tuned := _TUNED.search(name):
            return replace(self.find(f"ft:{tuned[1]}"), named_as=name)
        found = meant(name, self.models)
        if found is None:
            raise unknown(name, self.models)
        return replace(found, named_as=name)

    def with_surcharges(self, uplift: Sequence[str] = (), fee: Sequence[str] = ()) -> Pricing:
        """Return the table with what is charged besides tokens: uplifts of all prices, and fees a request.

        Args:
            uplift: percents, and names of uplifts: ``data-residency``, ``fedramp``.
            fee: US dollars a request, and names of fees with the calls of a request: ``web-search=2``.

        Raises:
            UsageError: one is not written so, or not known.

        >>> load_pricing().with_surcharges(["data-residency"]).find("gpt-6-luna").uplift_percent == 10
        True
        """
        if not uplift and not fee:
            return self
        from .fees import load_fees
        from .surcharges import read_surcharges

        surcharges, fees = read_surcharges(uplift, fee), load_fees()
        models = tuple(surcharges.on(model, fees) for model in self.models)
        return replace(self, table=replace(self.table, model=models))

    def with_aliases(self, written: Sequence[str]) -> Pricing:
        """Return the table with names of the user's own; of two that fit a name, the later one holds.

        Args:
            written: ``NAME=MODEL``, each with one ``*`` or none.

        Raises:
            UsageError: one is not written so, or its name is one of the table's.
            UnknownModel: no model is meant by the right side.
        """
        from .aliases import read_aliases

        return replace(self, aliases=read_aliases(written, self.models, self.find))


_TUNED = re.compile(r"(?:^|[/:])ft:(.+)", re.IGNORECASE)
"""A fine-tuned model behind the name of who serves it."""


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
    if overlay is None and (table := load_compiled(PricingTable, "pricing")):
        return Pricing(_counted_here(table))
    shipped = shipped_file("pricing.toml")
    raw = read_toml(shipped, _WHAT, PricingError)
    if overlay is None:
        return Pricing(_counted_here(validate(raw, shipped)))
    users = read_toml(Path(overlay), _WHAT, PricingError)
    merged, changed = _lay_over(raw, users, Path(overlay))
    return Pricing(_counted_here(validate(merged, Path(overlay))), str(overlay), changed)


def _counted_here(table: PricingTable) -> PricingTable:
    """Return a table with its rules in every model, and Claude's tokenizer if that is installed, else ratios."""
    return table.with_rules().counted_here(reconstructs=ctok_version() is not None)


def read_whole_table(path: Path | str) -> PricingTable:
    """Read a price table that stands alone, or else a user's that is laid over the shipped one.

    Raises:
        PricingError: it is neither.
    """
    try:
        return validate(read_toml(Path(path), _WHAT, PricingError), Path(path))
    except PricingError as alone:
        try:
            return load_pricing(path).table
        except PricingError:
            raise alone from None


def _fine_tuned(model: Model, name: str) -> Model:
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
        named_as=name if model.named_as else None,
    )


def _lay_over(shipped: dict[str, Any], users: dict[str, Any], path: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Merge a user's table into the shipped one, model by model."""
    unknown = set(users) - set(PricingTable.__dataclass_fields__)
    if unknown:
        message = f"{path}: {unknown_key(min(unknown), PricingTable)}"
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
        inherited = {
            key: value for key, value in base.items() if not (tokenizer_chosen and key in {"encoding", "ratio"})
        }
        merged[name] = inherited | _with_defaults(row, inherited, users.get("checked", shipped["checked"]))
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
        "token_rules": _rules(shipped, users, path),
    }, tuple(changed)


def _rules(shipped: dict[str, Any], users: dict[str, Any], path: Path) -> list[Any]:
    """Return the rules of counting, with those of the user's table in the place of shipped ones of the same family."""
    rows = users.get("token_rules", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        message = f"{path}: token_rules: expected [[token_rules]] tables"
        raise PricingError(message)
    own = [{"source": [_OVERLAY_SOURCE], "held": 0, "exact": 0} | row for row in rows]
    replaced = {(row.get("api"), row.get("family")) for row in own}
    inherited = [row for row in shipped.get("token_rules", []) if (row["api"], row["family"]) not in replaced]
    return [*inherited, *own]


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
