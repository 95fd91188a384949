"""Select models of the price table: by name, or those that are shut down soon."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from ...pricing.schema import Model
from ...pricing.selection import select
from ...pricing.table import Pricing

__all__ = ["retiring", "selected"]


def selected(names: Sequence[str], table: Pricing) -> list[Model]:
    """Return the models that some names, globs or providers select, each once; all of the table without a name.

    Raises:
        UnknownModel: the table lists no such model.
    """
    return select(names, table) if names else list(table.models)


def retiring(models: Iterable[Model], on: date, days: int) -> list[tuple[date, Model]]:
    """Return the models that are served now and shut down within some days, with that day, the next one first.

    A model that is shut down on the last of these days is among them.
    """
    last = on + timedelta(days)
    found = [
        (model.shutdown, model)
        for model in models
        if model.shutdown and on < model.shutdown <= last and model.status(on) != "unreleased"
    ]
    return sorted(found, key=lambda each: each[0])
