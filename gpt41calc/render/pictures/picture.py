"""What a picture shows, before anything is drawn: values, names and sentences, without places and colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from .file_tree import FileTree

__all__ = ["Bar", "Bars", "Dot", "Lines", "Picture", "PriceLine", "Scatter", "Treemap", "Unit", "usable"]

Unit = Literal["dollars", "tokens", "percent", "score"]
"""Unit of an axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar."""

    name: str
    """What the bar stands for."""

    parts: tuple[Decimal, ...]
    """Length of the bar in each series, in the unit of the picture. A single one may be negative."""

    text: str
    """The value, as it is written beside the bar."""

    is_dim: bool = False
    """Whether it is of less interest: a model that cannot be used any more."""

    is_over: bool = False
    """Whether it is over its limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Bars, one below the other."""

    title: str
    """What is compared, in which unit."""

    summary: str
    """The picture in a sentence, for those who cannot see it."""

    unit: Unit
    """Unit of the lengths."""

    series: tuple[str, ...]
    """Names of the parts of each bar; a single one has no legend."""

    bars: tuple[Bar, ...]
    """The bars, in this order."""

    limit: Decimal | None = None
    """Where a line is drawn across all bars. None for no line."""

    limit_name: str = ""
    """What the line stands for."""

    notes: tuple[str, ...] = ()
    """Sentences below the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Treemap:
    """Rectangles within rectangles: folders and their files, as large as their tokens."""

    title: str
    """What is divided."""

    summary: str
    """The picture in a sentence."""

    tree: FileTree
    """Folders and files."""

    notes: tuple[str, ...] = ()
    """Sentences on what is too small to be drawn by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLine:
    """A price over time: it stays until the next one."""

    name: str
    """Model and kind of token."""

    steps: tuple[tuple[date, Decimal], ...]
    """The days from which a price applied, and the price, in the order of the days; at least one."""

    end: date
    """The day up to which the last price is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Prices over time."""

    title: str
    """What the lines show, in which unit."""

    summary: str
    """The picture in a sentence."""

    lines: tuple[PriceLine, ...]
    """The lines; prices are US dollars per million tokens."""

    notes: tuple[str, ...] = ()
    """Sentences below the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One dot."""

    name: str
    """What the dot stands for."""

    x: Decimal
    """Its value across, above 0."""

    y: Decimal
    """Its value upwards."""

    text: str
    """Both values, as they are written."""

    is_dim: bool = False
    """Whether it is of less interest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scatter:
    """Dots between two axes: dollars across on a logarithmic axis, a score upwards."""

    title: str
    """What is compared."""

    summary: str
    """The picture in a sentence."""

    x_name: str
    """Name of the axis across."""

    y_name: str
    """Name of the axis upwards."""

    dots: tuple[Dot, ...]
    """The dots; at least one."""

    notes: tuple[str, ...] = ()
    """Where the scores are from."""


def usable(bars: Sequence[Bar]) -> tuple[tuple[Bar, ...], tuple[str, ...]]:
    """Return the bars without those of models that were shut down, and a note that names these.

    Their prices would set the scale, and nobody can pay them any more. If there are no others, they stay.
    """
    shown = tuple(bar for bar in bars if not bar.is_dim)
    if not shown or len(shown) == len(bars):
        return tuple(bars), ()
    names = dict.fromkeys(bar.name.partition(",")[0].replace(" (retired)", "") for bar in bars if bar.is_dim)
    return shown, (f"not drawn, because they were shut down: {', '.join(names)}",)


Picture = Bars | Treemap | Lines | Scatter
"""Anything that can be drawn."""
