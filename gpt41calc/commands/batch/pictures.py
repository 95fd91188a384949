"""The pictures of ``batch``: what the requests cost with every model, in every processing mode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ...render.numbers import dollars, plural
from ...render.pictures.picture import Bar, Bars, Picture, usable

__all__ = ["batch_pictures"]

_MOST = 4
"""Most models whose offers are each a picture; of more models, only what they cost themselves is drawn."""


def batch_pictures(document: Mapping[str, Any]) -> Iterator[Picture]:
    """Yield the pictures of a document of ``batch``."""
    models = document["models"]
    if len(models) > _MOST:
        own = [model["offers"][0] for model in models]
        yield from _bars(own, "Cost of the requests of each model by mode, in US dollars")
        return
    for model in models:
        title = f"Cost of {plural(model['requests'], 'request')} to {model['id']} by model and mode, in US dollars"
        yield from _bars(model["offers"], title)


def _bars(offers: list[dict[str, Any]], title: str) -> Iterator[Bars]:
    priced = [(offer, mode) for offer in offers for mode in offer["ways"] if mode["total"] is not None]
    if not priced:
        return
    living = [pair for pair in priced if pair[0]["status"] != "retired"] or priced
    offer, mode = min(living, key=lambda pair: Decimal(pair[1]["total"]))
    bars, notes = usable(
        [
            Bar(
                name=_name(offer, mode),
                parts=(Decimal(mode["total"]),),
                text=_amount(mode),
                is_dim=offer["status"] == "retired",
            )
            for offer, mode in priced
        ]
    )
    yield Bars(
        title=title,
        summary=f"the cheapest is {_name(offer, mode)}: {_amount(mode)}",
        unit="dollars",
        series=("cost",),
        bars=bars,
        notes=notes,
    )


def _name(offer: Mapping[str, Any], mode: Mapping[str, Any]) -> str:
    retired = " (retired)" if offer["status"] == "retired" else ""
    return f"{offer['model']}{retired}, {mode['way'].replace('_', ' ')}"


def _amount(mode: Mapping[str, Any]) -> str:
    amount = dollars(Decimal(mode["total"]))
    return f"~{amount}" if "low" in mode else amount
