"""Draw prices over time: a step at every day on which a price changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from ..numbers import dollars
from .drawing import Circle, Drawing, Line, Path, Shape, Text, fitting, text_width
from .picture import Lines, PriceLine
from .scale import Scale, linear, logarithmic, powers

__all__ = ["draw_lines"]

_HEIGHT = 260
_LEFT = 64
_FOOT = 24
_LOOKS = 6
_LEGEND_ROW = 20


def draw_lines(lines: Lines, width: int) -> Drawing:
    """Return the drawing of prices over time in a width."""
    days = [day for one in lines.lines for day, _ in one.steps]
    first, last = min(days), max(one.end for one in lines.lines)
    prices = [float(price) for one in lines.lines for _, price in one.steps if price]
    marks = powers(prices or [1.0])
    legend, top = _legend(lines, width)
    bottom = top + _HEIGHT
    across = linear(first.toordinal(), last.toordinal(), _LEFT, width - 12)
    upwards = logarithmic(marks[0], marks[-1], bottom, top)
    shapes: list[Shape] = [*legend]
    for mark in marks:
        shapes.append(Line(_LEFT, upwards(mark), width, upwards(mark), "grid"))
        shapes.append(Text(_LEFT - 8, upwards(mark) + 4, dollars(Decimal(f"{mark:.6g}")), "end", "soft"))
    shapes += _years(first, last, across, bottom)
    for at, one in enumerate(lines.lines):
        shapes += _steps(one, f"l{at % _LOOKS}", across, upwards)
    return Drawing(width, bottom + _FOOT, tuple(shapes))


def _legend(lines: Lines, width: int) -> tuple[list[Shape], int]:
    """Return the names of the lines, and where they end."""
    shapes: list[Shape] = []
    x, y = 0.0, 12
    for at, one in enumerate(lines.lines):
        name = fitting(one.name, width - 30)
        if x and x + text_width(name) + 26 > width:
            x, y = 0.0, y + _LEGEND_ROW
        shapes += [Line(x, y - 4, x + 18, y - 4, f"l{at % _LOOKS}"), Text(x + 24, y, name, look="soft")]
        x += 24 + text_width(name) + 16
    return shapes, y + _LEGEND_ROW


def _years(first: date, last: date, across: Scale, bottom: float) -> Iterator[Shape]:
    """Yield the days below the axis: both ends, and the beginnings of years between them that have room."""
    yield Text(across(first.toordinal()), bottom + 18, first.isoformat(), "start", "soft")
    yield Text(across(last.toordinal()), bottom + 18, last.isoformat(), "end", "soft")
    label_width = text_width("2000-01-01") + 30
    for year in range(first.year + 1, last.year + 1):
        x = across(date(year, 1, 1).toordinal())
        if across(first.toordinal()) + label_width < x < across(last.toordinal()) - label_width:
            yield Text(x, bottom + 18, str(year), "middle", "soft")
            yield Line(x, bottom, x, bottom + 5, "axis")


def _steps(one: PriceLine, look: str, across: Scale, upwards: Scale) -> Iterator[Shape]:
    points: list[tuple[float, float]] = []
    dots = []
    for at, (day, price) in enumerate(one.steps):
        if not price:  # free: a logarithmic axis has no place for it
            continue
        until = one.steps[at + 1][0] if at + 1 < len(one.steps) else one.end
        x, y = across(day.toordinal()), upwards(float(price))
        points += [(x, y), (across(until.toordinal()), y)]
        dots.append(Circle(x, y, 4, look, f"{one.name}: {dollars(price)} since {day}"))
    if points:
        yield Path(tuple(points), look, one.name)
    yield from dots
