"""The pictures of ``diff``: the tokens that every file adds, and what that costs with each model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ...render.numbers import dollars, number, plural, signed
from ...render.pictures.picture import Bar, Bars, Picture, usable

__all__ = ["difference_pictures"]

_MOST = 40
"""Most files that are drawn: those that changed most."""


def difference_pictures(document: Mapping[str, Any]) -> Iterator[Picture]:
    """Yield the pictures of a document of ``diff``."""
    changed = [file for file in document["files"] if file["delta"]]
    if changed:
        yield _files(sorted(changed, key=lambda file: (-abs(file["delta"]), file["path"])))
    priced = [model for model in document["models"] if model["cost_delta"]]
    if priced:
        yield _models(priced)


def _files(changed: list[dict[str, Any]]) -> Bars:
    added = sum(file["delta"] for file in changed if file["delta"] > 0)
    removed = sum(file["delta"] for file in changed if file["delta"] < 0)
    left_out = len(changed) - _MOST
    return Bars(
        title="Tokens added and removed by file",
        summary=f"{signed(number(added), added)} and {number(removed)} tokens in {plural(len(changed), 'file')}",
        unit="tokens",
        series=("tokens",),
        bars=tuple(
            Bar(
                name=f"{file['path']} ({file['status']})",
                parts=(Decimal(file["delta"]),),
                text=signed(number(file["delta"]), file["delta"]),
            )
            for file in changed[:_MOST]
        ),
        notes=(f"{plural(left_out, 'file')} that changed less left out; --json lists every one",)
        if left_out > 0
        else (),
    )


def _models(priced: list[dict[str, Any]]) -> Bars:
    bars, notes = usable(
        [
            Bar(
                name=f"{model['id']} (retired)" if model["status"] == "retired" else model["id"],
                parts=(Decimal(model["cost_delta"]),),
                text=_more(model),
                is_dim=model["status"] == "retired",
            )
            for model in priced
        ]
    )
    living = [model for model in priced if model["status"] != "retired"] or priced
    most = max(living, key=lambda model: abs(model["cost_delta"]))
    return Bars(
        title="What the change adds to the cost of a request, in US dollars",
        summary=f"{_more(most)} with {most['id']}, the most of all",
        unit="dollars",
        series=("dollars",),
        bars=bars,
        notes=notes,
    )


def _more(model: Mapping[str, Any]) -> str:
    mark = "~" if "low" in model else ""
    return mark + signed(dollars(Decimal(model["cost_delta"])), model["cost_delta"])
