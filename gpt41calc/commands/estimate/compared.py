"""Select the models to compare with, and the replacements of deprecated models."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ...calculator.successor import successor
from ...pricing.schema import Model
from ...pricing.table import Pricing
from .options import EstimateOptions

__all__ = ["comparators", "replacements"]


def replacements(models: Sequence[Model], table: Pricing, on: date) -> list[Model]:
    """Return the replacements of deprecated models."""
    return [found for model in models if (found := successor(model, table.find, on))]


def comparators(models: Sequence[Model], options: EstimateOptions) -> list[Model]:
    """Return the models to compare with, each once: those requested, and the replacements of variants."""
    ending = [model for model in models if model.status(options.on) in {"deprecated", "retired"}]
    after = replacements(ending, options.pricing, options.on) if options.adds_replacements else []
    return list({model.id: model for model in (*options.versus, *after)}.values())
