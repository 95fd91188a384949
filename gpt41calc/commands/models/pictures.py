"""The pictures of ``models``: prices over time of a few models, prices of today of many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from ...render.numbers import dollars_in_full, plural
from ...render.pictures.picture import Bar, Bars, Lines, Picture, PriceLine

__all__ = ["models_pictures"]

_MOST_LINES = 3
"""Most models whose prices are drawn over time: each has a line for input and one for output."""

_KINDS: tuple[Literal["input", "output"], ...] = ("input", "output")


def models_pictures(document: Mapping[str, Any]) -> Iterator[Picture]:
    """Yield the pictures of a document of ``models``."""
    day = date.fromisoformat(document["as_of"])
    models = document["models"]
    if len(models) <= _MOST_LINES:
        lines = [line for model in models for kind in _KINDS if (line := _line(model, kind, day))]
        if lines:
            yield _over_time(lines, day)
        return
    for kind in _KINDS:
        priced = [(model, price) for model in models if (price := _today(model, kind, day)) is not None]
        usable = [pair for pair in priced if pair[0]["status"] not in {"retired", None}]
        if usable:
            yield _bars(kind, usable, len(models) - len(usable))


def _rows(model: Mapping[str, Any], kind: str, day: date) -> list[tuple[date, Decimal]]:
    """Return the standard prices of short prompts that began until a day, in their order."""
    rows = [
        (date.fromisoformat(row["since"]), Decimal(row["standard"][kind]))
        for row in model["prices"]
        if not row["above_input_tokens"] and kind in row.get("standard", {})
    ]
    return sorted(row for row in rows if row[0] <= day)


def _line(model: Mapping[str, Any], kind: str, day: date) -> PriceLine | None:
    steps: list[tuple[date, Decimal]] = []
    for since, price in _rows(model, kind, day):
        if not steps or steps[-1][1] != price:
            steps.append((since, price))
    if not steps:
        return None
    shutdown = date.fromisoformat(model["shutdown"]) if model["shutdown"] else day
    return PriceLine(name=f"{model['name']}, {kind}", steps=tuple(steps), end=max(min(shutdown, day), steps[-1][0]))


def _over_time(lines: Sequence[PriceLine], day: date) -> Lines:
    now = "; ".join(f"{line.name} {dollars_in_full(line.steps[-1][1])}" for line in lines)
    ended = [line.name.rpartition(",")[0] for line in lines if line.end < day]
    return Lines(
        title="Prices over time, in US dollars per million tokens",
        summary=f"last: {now}",
        lines=tuple(lines),
        notes=(f"a line ends where its model was shut down: {', '.join(dict.fromkeys(ended))}",) if ended else (),
    )


def _today(model: Mapping[str, Any], kind: str, day: date) -> Decimal | None:
    rows = _rows(model, kind, day)
    return rows[-1][1] if rows else None


def _bars(kind: str, priced: Sequence[tuple[Mapping[str, Any], Decimal]], left_out: int) -> Bars:
    dearest, cheapest = max(priced, key=lambda pair: pair[1]), min(priced, key=lambda pair: pair[1])
    ends = [f"{dollars_in_full(price)} ({model['id']})" for model, price in (cheapest, dearest)]
    return Bars(
        title=f"Price of {kind}, in US dollars per million tokens",
        summary=f"from {ends[0]} to {ends[1]}",
        unit="dollars",
        series=("price",),
        bars=tuple(Bar(name=model["id"], parts=(price,), text=dollars_in_full(price)) for model, price in priced),
        notes=(f"{plural(left_out, 'model')} without a price today, or shut down: not drawn",) if left_out else (),
    )
