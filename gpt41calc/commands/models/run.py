"""Select models of the price table: by name, or those that are shut down soon."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from ...pricing.schema import Model
from ...pricing.selection import select
from ...pricing.table import Pricing

__all__ = ["retiring", "selected"]


def selected(names: Sequence[str], table: Pricing) -> list[Model]:
    """Return the models selected by names, globs or providers, each once; the whole table if none is given.

    Raises:
        UnknownModel: the table lists no such model.
    """
    return select(names, table) if names else list(table.models)


def retiring(models: Iterable[Model], on: date, days: int) -> list[tuple[date, Model]]:
    """Return the available models that are shut down within some days, each with its day, the next one first.

    A shutdown on the last of these days is included.
    """
    last = on + timedelta(days)
    found = [
        (model.shutdown, model)
        for model in models
        if model.shutdown and on < model.shutdown <= last and model.status(on) != "unreleased"
    ]
    return sorted(found, key=lambda each: each[0])
