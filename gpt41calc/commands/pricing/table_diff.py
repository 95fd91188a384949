"""What changed from one price table to another, fact by fact."""

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
"""What a fact may be."""


class Fact(NamedTuple):
    """What one value of a table is about."""

    what: str
    """A key of the table, or a tier and what is charged in it."""

    since: date | None = None
    """The first day of the price row that it stands in, if it is a price."""

    above: int = 0
    """The length of prompt above which that row holds, in tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    """One fact that is not the same in two tables."""

    model: str
    """Identifier of the model."""

    fact: Fact
    """What changed."""

    old: Value
    """What the first table says. None if it says nothing."""

    new: Value
    """What the second table says. None if it says nothing."""


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
"""Keys of a model whose values can be shown as they are."""


def changes(old: PricingTable, new: PricingTable) -> list[FactChange]:
    """Return every fact that differs, model by model, in the order of the new table, then of the old."""
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
    """Yield everything that a table says of a model, one value at a time."""
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
