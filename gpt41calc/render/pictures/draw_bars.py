"""Draw bars: names at the left, values at their ends, a line for the limit."""

from __future__ import annotations

from collections.abc import Iterator

from .drawing import Drawing, Line, Rect, Shape, Text, fitting, text_width
from .picture import Bars
from .scale import Scale, linear

__all__ = ["draw_bars"]

_ROW = 26
"""Height of a bar with the space around it, in pixels."""

_THICK = 14
_NARROW = 520
"""Below this width the name of a bar is above it."""

_GAP = 8
_LEGEND = 24
_WIDEST_NAME = 0.34
"""Most of the width that names take."""

_LOOKS = 6
"""Number of different fills in the style sheet."""


def draw_bars(bars: Bars, width: int) -> Drawing:
    """Return the drawing of bars in a width."""
    is_narrow = width < _NARROW
    names = 0.0 if is_narrow else min(max(text_width(one.name) for one in bars.bars) + _GAP, width * _WIDEST_NAME)
    values = max(text_width(one.text) for one in bars.bars) + _GAP
    top = _LEGEND if len(bars.series) > 1 or bars.limit is not None else 4
    row = _ROW + 18 if is_narrow else _ROW
    scale = _scale(bars, names, width - values)
    shapes = [*_legend(bars, width)]
    height = top + row * len(bars.bars) + 4
    if any(part < 0 for one in bars.bars for part in one.parts):
        shapes.append(Line(scale(0), top, scale(0), height - 4, "axis"))
    for at, _ in enumerate(bars.bars):
        shapes += _bar(bars, at, scale, top + row * at, names=names, width=width)
    if bars.limit is not None:
        shapes.append(Line(scale(float(bars.limit)), top - 4, scale(float(bars.limit)), height - 4, "limit"))
    return Drawing(width, height, tuple(shapes))


def _scale(bars: Bars, start: float, end: float) -> Scale:
    lows = [float(sum(part for part in one.parts if part < 0)) for one in bars.bars]
    highs = [float(sum(part for part in one.parts if part > 0)) for one in bars.bars]
    if bars.limit is not None:
        highs.append(float(bars.limit))
    low, high = min(*lows, 0.0), max(*highs, 0.0)
    if low < 0:  # values of negative bars are at their left
        start += max(text_width(one.text) for one in bars.bars)
    return linear(low, high if high > low else low + 1, start, end)


def _legend(bars: Bars, width: int) -> Iterator[Shape]:
    x = 0.0
    if len(bars.series) > 1:
        for at, name in enumerate(bars.series):
            yield Rect(x, 3, 10, 10, f"s{at % _LOOKS}")
            yield Text(x + 15, 12.5, name, look="soft")
            x += 15 + text_width(name) + 14
    if bars.limit is not None:
        yield Line(x + 3, 2, x + 3, 14, "limit")
        yield Text(x + 10, 12.5, fitting(bars.limit_name, width - x - 10), look="soft")


def _bar(bars: Bars, at: int, scale: Scale, y: float, *, names: float, width: int) -> Iterator[Shape]:
    one = bars.bars[at]
    dim = " dim" if one.is_dim else ""
    if names:
        yield Text(
            names - _GAP, y + 15, fitting(one.name, names - _GAP, keeps_end="/" in one.name), "end", f"name{dim}"
        )
    else:
        yield Text(0, y + 12, fitting(one.name, width, keeps_end="/" in one.name), look=f"name{dim}")
        y += 18
    left = right = 0.0
    for series, part in enumerate(one.parts):
        value = float(part)
        start, end = (right, right + value) if value > 0 else (left + value, left)
        left, right = min(left, start), max(right, end)
        look = "over" if one.is_over else f"s{series % _LOOKS}"
        what = f"{one.name}: {one.text}" if len(one.parts) == 1 else f"{one.name}, {bars.series[series]}: {one.text}"
        if scale(end) - scale(start) > 0:
            yield Rect(scale(start), y + 4, max(scale(end) - scale(start), 1), _THICK, look + dim, what)
    is_negative = left < 0 and right <= 0
    end, anchor = (scale(left) - 5, "end") if is_negative else (scale(right) + 5, "start")
    yield Text(end, y + 15.5, one.text, anchor, f"value{' over' if one.is_over else ''}{dim}")
