"""Load pricing tables, merge the user's table into the shipped one, and look models up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import PricingError, UnknownModel
from ..locations import shipped_file
from ..tokenizer.claude_vocabulary import ctok_version
from .compiled import load_compiled
from .price import PriceRow
from .schema import Model
from .table_schema import PricingTable

if TYPE_CHECKING:
    from .aliases import Alias

__all__ = ["DEFAULT_MODELS", "DEFAULT_VERSUS", "Pricing", "load_pricing", "read_whole_table"]

DEFAULT_MODELS = ("gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano")
"""The default models: the variants of GPT-4.1."""

DEFAULT_VERSUS = ("gpt-4o", "gpt-4.5-preview", "claude-3-7-sonnet")
"""The models that the variants are compared with by default."""

_WHAT = "pricing table"


@dataclass(frozen=True, slots=True)
class Pricing:
    """The pricing table, with look-up by model name."""

    table: PricingTable
    """The validated table, with the user's table merged into it."""

    overlay: str | None = None
    """Path of the user's table that overlays the shipped one. None if there is none."""

    overlaid: tuple[str, ...] = ()
    """Identifiers of the models that the user's table adds or changes."""

    aliases: tuple[Alias, ...] = ()
    """The user's own names for models; the first match applies."""

    @property
    def models(self) -> tuple[Model, ...]:
        """All models, in the order of the table."""
        return self.table.model

    @property
    def checked(self) -> date:
        """Day on which the table was last compared with its sources."""
        return self.table.checked

    def find(self, name: str) -> Model:
        """Return the model for a name: a name of the table, an alias of the user, or another spelling of either.

        Names of the table take precedence. A model found by another spelling stores it in ``named_as``.

        Raises:
            UnknownModel: no model has the name, several may have it, or its price is a different one; the message says
                which.

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
        """Return the model for a name that is not in the table."""
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
        """Return the table with requested charges added: a percentage on all prices, and fees per request.

        Args:
            uplift: percents, and names of uplifts: ``data-residency``, ``fedramp``.
            fee: US dollars per request, and names of fees with their calls per request: ``web-search=2``.

        Raises:
            UsageError: a charge is malformed or unknown.

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
        """Return the table with the user's own names for models; if two match a name, the later one applies.

        Args:
            written: ``NAME=MODEL``, each with one ``*`` or none.

        Raises:
            UsageError: an alias is malformed, or its name is already in the table.
            UnknownModel: the right side names no model.
        """
        from .aliases import read_aliases

        return replace(self, aliases=read_aliases(written, self.models, self.find))


_TUNED = re.compile(r"(?:^|[/:])ft:(.+)", re.IGNORECASE)
"""A fine-tuned model's name, with or without a provider in front."""


def load_pricing(overlay: Path | str | None = None) -> Pricing:
    """Return the shipped pricing table, with the user's table merged into it.

    A user's table has the format of the shipped one. A model in both keeps every shipped key that the user's table
    omits; a ``price`` list replaces the shipped list as a whole.

    Args:
        overlay: path of the user's TOML file; None for the shipped table alone.

    Raises:
        PricingError: a table breaks a rule; the message names model and key.

    >>> row = load_pricing().find("gpt-4.1").row(on=date(2026, 11, 22), input_tokens=1)
    >>> row.standard.input
    Decimal('2.00')
    """
    if overlay is None and (table := load_compiled(PricingTable, "pricing")):
        return Pricing(_counted_here(table))
    from .toml import read_toml
    from .validate import validate

    shipped = shipped_file("pricing.toml")
    raw = read_toml(shipped, _WHAT, PricingError)
    if overlay is None:
        return Pricing(_counted_here(validate(raw, shipped)))
    from .overlay import laid_over

    users = read_toml(Path(overlay), _WHAT, PricingError)
    merged, changed = laid_over(raw, users, Path(overlay))
    return Pricing(_counted_here(validate(merged, Path(overlay))), str(overlay), changed)


def _counted_here(table: PricingTable) -> PricingTable:
    """Return a table with its counting rules in every model, and with ratios if Claude's tokenizer is not installed."""
    return table.with_rules().counted_here(reconstructs=ctok_version() is not None)


def read_whole_table(path: Path | str) -> PricingTable:
    """Return a complete price table from a file, or else a user's partial table merged into the shipped one.

    Raises:
        PricingError: the file is neither.
    """
    from .toml import read_toml
    from .validate import validate

    try:
        return validate(read_toml(Path(path), _WHAT, PricingError), Path(path))
    except PricingError as alone:
        try:
            return load_pricing(path).table
        except PricingError:
            raise alone from None


def _fine_tuned(model: Model, name: str) -> Model:
    """Return the model entry for a fine-tuned copy.

    The encoding is that of the base model: tiktoken's own prefix table wrongly maps ``ft:gpt-4.1-…`` to cl100k_base.
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
