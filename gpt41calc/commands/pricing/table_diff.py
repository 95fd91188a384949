"""The differences between two price tables, value by value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ...pricing.price import TIERS, FineTuning, Price
from ...pricing.schema import Model
from ...pricing.table_schema import PricingTable

__all__ = ["Fact", "FactChange", "changes", "facts"]

Value = Decimal | int | str | date | None
"""A value in a price table."""


class Fact(NamedTuple):
    """The subject of one value in a table."""

    what: str
    """A key of the table, or a tier with a kind of token."""

    since: date | None = None
    """First day of its price row. None if it is not a price."""

    above: int = 0
    """Prompt length above which its price row applies, in tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    """One value that differs between two tables."""

    model: str
    """Identifier of the model."""

    fact: Fact
    """The subject of the value."""

    old: Value
    """The value in the first table. None if there is none."""

    new: Value
    """The value in the second table. None if there is none."""


_PLAIN = (
    "name",
    "provider",
    "encoding",
    "window",
    "max_output",
    "max_input",
    "knowledge_cutoff",
    "released",
    "deprecated",
    "shutdown",
    "replacement",
    "note",
)
"""Keys of a model whose values are shown unchanged."""


def changes(old: PricingTable, new: PricingTable) -> list[FactChange]:
    """Return all differences, model by model, in the order of the new table, then of the old one."""
    before, after = ({model.id: dict(facts(model)) for model in table.model} for table in (old, new))
    return [
        FactChange(model=name, fact=fact, old=was, new=now)
        for name in dict.fromkeys((*after, *before))
        for fact, was, now in _changed(before.get(name, {}), after.get(name, {}))
    ]


def _changed(before: Mapping[Fact, Value], after: Mapping[Fact, Value]) -> Iterator[tuple[Fact, Value, Value]]:
    for fact in dict.fromkeys((*after, *before)):
        was, now = before.get(fact), after.get(fact)
        if was != now:
            yield fact, was, now


def facts(model: Model) -> Iterator[tuple[Fact, Value]]:
    """Yield all values of a model in a table."""
    for key in _PLAIN:
        yield Fact(key), getattr(model, key)
    yield Fact("names"), " ".join(model.names)
    yield Fact("limits source"), " ".join(model.limits_source)
    if model.ratio:
        yield Fact("ratio"), f"{model.ratio.value} ({model.ratio.low} to {model.ratio.high}) of {model.ratio.of}"
    if model.caching:
        yield Fact("caching"), f"from {model.caching.minimum} in steps of {model.caching.step}"
    for row in model.price:
        for tier in TIERS:
            for kind, amount in _amounts(row.of(tier)):
                yield Fact(f"{tier} {kind}", row.since, row.above_input_tokens), amount
        yield Fact("source", row.since, row.above_input_tokens), " ".join(row.source)
        yield Fact("note", row.since, row.above_input_tokens), row.note
    if model.fine_tuning:
        yield from _tuning(model.fine_tuning)


def _amounts(price: Price | None) -> Iterator[tuple[str, Decimal]]:
    for kind, amount in (price.given() if price else {}).items():
        yield kind.replace("_", " "), amount


def _tuning(tuning: FineTuning) -> Iterator[tuple[Fact, Value]]:
    for key in ("base", "training", "training_per_hour", "window", "max_example", "closes", "note"):
        yield Fact(f"fine-tuning {key.replace('_', ' ')}"), getattr(tuning, key)
    for tier, price in (("standard", tuning.standard), ("batch", tuning.batch)):
        for kind, amount in _amounts(price):
            yield Fact(f"fine-tuned {tier} {kind}"), amount
