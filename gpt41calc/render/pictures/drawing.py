"""Shapes at places: what the template of a picture writes as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from ..escape import without_hidden

__all__ = ["Circle", "Drawing", "Line", "Path", "Rect", "Text", "fitting", "text_width"]

CELL = 7.8
"""Width of a letter of the usual size, in pixels: that of a wide one, so that text stays within its place."""


class Rect(NamedTuple):
    """A rectangle."""

    x: float
    """Left edge, in pixels."""

    y: float
    """Upper edge."""

    width: float
    """Width."""

    height: float
    """Height."""

    look: str = ""
    """Its classes in the style sheet."""

    title: str = ""
    """What is shown while the pointer rests on it; empty for nothing."""

    kind: str = "rect"


class Text(NamedTuple):
    """A line of text."""

    x: float
    """Where it starts, ends or has its middle, in pixels."""

    y: float
    """Its base line."""

    text: str
    """The text."""

    anchor: str = "start"
    """``start``, ``middle`` or ``end``."""

    look: str = ""
    """Its classes in the style sheet."""

    kind: str = "text"


class Line(NamedTuple):
    """A straight line."""

    x1: float
    """Where it begins, in pixels."""

    y1: float
    """Where it begins."""

    x2: float
    """Where it ends."""

    y2: float
    """Where it ends."""

    look: str = ""
    """Its classes in the style sheet."""

    kind: str = "line"


class Circle(NamedTuple):
    """A dot."""

    x: float
    """Its centre, in pixels."""

    y: float
    """Its centre."""

    radius: float
    """Its radius, in pixels."""

    look: str = ""
    """Its classes in the style sheet."""

    title: str = ""
    """What is shown while the pointer rests on it."""

    kind: str = "circle"


class Path(NamedTuple):
    """A line with corners."""

    points: tuple[tuple[float, float], ...]
    """Its corners, in pixels."""

    look: str = ""
    """Its classes in the style sheet."""

    title: str = ""
    """What is shown while the pointer rests on it."""

    kind: str = "path"

    @property
    def commands(self) -> str:
        """The line, in SVG's own commands."""
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in self.points)


Shape = Rect | Text | Line | Circle | Path
"""Anything that a template writes."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of a given size."""

    width: int
    """Width, in pixels."""

    height: int
    """Height, in pixels."""

    shapes: tuple[Shape, ...]
    """The shapes, those behind first."""


def text_width(text: str) -> float:
    """Return the width that a text takes at most, in pixels."""
    return cell_len(without_hidden(text)) * CELL


def fitting(text: str, width: float, *, keeps_end: bool = False) -> str:
    """Return as much of a text as a width in pixels has room for; empty if that is almost nothing.

    Args:
        text: the text.
        width: the width, in pixels.
        keeps_end: whether the end says more than the beginning, as in a path.

    >>> fitting("settings.py", 64), fitting("settings.py", 100), fitting("settings.py", 10)
    ('setting…', 'settings.py', '')
    >>> fitting("package/settings.py", 100, keeps_end=True)
    '…settings.py'
    """
    text = without_hidden(text)
    if text_width(text) <= width:
        return text
    cells = int(width / CELL) - 1
    if cells <= 1:
        return ""
    return (
        "…" + set_cell_size(text[::-1], cells).rstrip()[::-1]
        if keeps_end
        else set_cell_size(text, cells).rstrip() + "…"
    )
