"""Compare the price table with other price databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ...errors import UsageError
from ...pricing.schema import Model
from ...pricing.table import Pricing
from .compare import Disagreement, disagreements
from .databases import Database
from .genai import read_genai
from .known_differences import Known, KnownDifferences
from .litellm import read_litellm

__all__ = ["Compared", "compare_tables"]

_INSTALL = "pip install 'gpt41calc[compare]'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What came of holding the price table against others."""

    databases: Sequence[Database]
    """What it was compared with."""

    found: Sequence[tuple[Disagreement, Known | None]]
    """What differs, and why if that is known."""

    missing: Mapping[str, Sequence[str]]
    """By the name of a database, the models that it does not list."""

    on: date
    """The last day that was looked at."""

    checked: date
    """Day on which the table was last read against its sources."""

    overlay: str | None
    """Path of the user's table, if one was laid over it."""

    hints: tuple[str, ...] = ()
    """What could not be looked at."""

    @property
    def unexplained(self) -> list[Disagreement]:
        """The differences whose reason is not known."""
        return [one for one, known in self.found if known is None]


def compare_tables(table: Pricing, on: date, *, litellm: Path | None, known: KnownDifferences) -> Compared:
    """Compare the table with genai-prices, if it is installed, and with a price list of litellm.

    Args:
        table: the table.
        on: the last day that is looked at.
        litellm: litellm's ``model_prices_and_context_window.json``; None if it is not compared.
        known: differences whose reason is known.

    Raises:
        UsageError: there is nothing to compare with.
        PricingError: the price list cannot be read.
    """
    models = _with_tuned(table)
    databases, hints = _databases(litellm, models)
    return Compared(
        databases=databases,
        found=[(one, known.explanation(one)) for each in databases for one in disagreements(models, each, on)],
        missing={
            each.name: [model.id for model in table.models if model.id not in each.listings] for each in databases
        },
        on=on,
        checked=table.checked,
        overlay=table.overlay,
        hints=hints,
    )


def _with_tuned(table: Pricing) -> list[Model]:
    """Return the models, and the fine-tuned copies of those that can be tuned."""
    return [*table.models, *(table.find(f"ft:{model.id}") for model in table.models if model.fine_tuning)]


def _databases(litellm: Path | None, models: list[Model]) -> tuple[list[Database], tuple[str, ...]]:
    """Return what there is to compare with, and what is not there."""
    installed = read_genai(models)
    listed = read_litellm(litellm, models) if litellm is not None else None
    found = [each for each in (installed, listed) if each]
    if not found:
        message = "no other price database to compare with"
        raise UsageError(message, hint=f"{_INSTALL} brings genai-prices; --litellm FILE reads a price list of litellm")
    return found, () if installed else (f"genai-prices is not installed: {_INSTALL}",)
