"""Draw dots between two axes: dollars across, a score upwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ..numbers import dollars
from .drawing import Circle, Drawing, Line, Shape, Text, text_width
from .picture import Dot, Scatter
from .scale import linear, logarithmic, nice_values, powers

__all__ = ["draw_scatter"]

_HEIGHT = 280
_LEFT = 44
_TOP = 24
_FOOT = 44
_LABEL = 15
"""Height of a name, in pixels."""


def draw_scatter(scatter: Scatter, width: int) -> Drawing:
    """Return the drawing of dots in a width."""
    costs, scores = [float(dot.x) for dot in scatter.dots], [float(dot.y) for dot in scatter.dots]
    marks = powers(costs)
    marked_scores = nice_values(min(scores) - 5, max(scores) + 5, 6)
    bottom = _TOP + _HEIGHT
    across = logarithmic(marks[0], marks[-1], _LEFT, width - 20)
    upwards = linear(min(marked_scores[0], *scores) - 4, max(marked_scores[-1], *scores) + 4, bottom, _TOP)
    shapes: list[Shape] = [Text(0, 12, scatter.y_name, look="soft")]
    for value in marked_scores:
        shapes.append(Line(_LEFT, upwards(value), width, upwards(value), "grid"))
        shapes.append(Text(_LEFT - 8, upwards(value) + 4, f"{value:g}", "end", "soft"))
    for mark in marks:
        shapes.append(Line(across(mark), bottom, across(mark), bottom + 5, "axis"))
        anchor = "end" if mark == marks[-1] else "middle"
        shapes.append(Text(across(mark), bottom + 18, dollars(Decimal(f"{mark:.6g}")), anchor, "soft"))
    shapes += [Line(_LEFT, bottom, width, bottom, "axis"), Text(width, bottom + 38, scatter.x_name, "end", "soft")]
    places = [(across(float(dot.x)), upwards(float(dot.y))) for dot in scatter.dots]
    shapes += _dots(scatter.dots, places, width)
    return Drawing(width, bottom + _FOOT, tuple(shapes))


def _dots(dots: Sequence[Dot], places: Sequence[tuple[float, float]], width: int) -> Iterator[Shape]:
    """Yield the dots with their names, none of which is written over another one or over a dot."""
    taken = [(x - 6, y - 6, x + 6, y + 6) for x, y in places]
    for dot, (x, y) in zip(dots, places, strict=True):
        dim = " dim" if dot.is_dim else ""
        yield Circle(x, y, 6, f"s0{dim}", dot.text)
        wide = text_width(dot.name)
        for left, base in ((x + 10, y + 4), (x - 10 - wide, y + 4), (x - wide / 2, y - 11), (x - wide / 2, y + 20)):
            box = (left, base - _LABEL + 3, left + wide, base + 3)
            if left >= _LEFT and left + wide <= width and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                yield Text(left, base, dot.name, look=f"name{dim}")
                break


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
