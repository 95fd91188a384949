"""Drawings: shapes are as long as their values, inside their frame, and names are not written over each other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.render.pictures.draw import draw
from gpt41calc.render.pictures.drawing import Circle, Drawing, Line, Path, Rect, Text, text_width
from gpt41calc.render.pictures.picture import Bar, Bars, Dot, Lines, PriceLine, Scatter, usable

AMOUNTS = st.decimals(0, 10**6, places=4)


def bars(*values: Decimal | int, limit: Decimal | None = None) -> Bars:
    """Return bars with values."""
    return Bars(
        title="t",
        summary="s",
        unit="tokens",
        series=("tokens",),
        bars=tuple(Bar(name=f"n{value}", parts=(Decimal(value),), text=str(value)) for value in values),
        limit=limit,
        limit_name="limit",
    )


def lengths(drawing: Drawing) -> list[float]:
    """Return the widths of the bars."""
    return [shape.width for shape in drawing.shapes if isinstance(shape, Rect)]


@pytest.mark.parametrize("width", [880, 358])
def test_bars_are_as_long_as_their_values(width: int) -> None:
    """A value twice as large has a bar twice as long."""
    longest, half, quarter = lengths(draw(bars(400, 200, 100), width))

    assert (longest, longest) == pytest.approx((2 * half, 4 * quarter))


@given(st.lists(AMOUNTS, min_size=1, max_size=20), st.sampled_from([880, 358]))
def test_bars_and_their_values_are_inside(values: list[Decimal], width: int) -> None:
    """Nothing is cut off at the right."""
    drawing = draw(bars(*values, limit=Decimal(50)), width)
    texts = [one for one in drawing.shapes if isinstance(one, Text) and one.anchor == "start"]

    assert all(one.x + text_width(one.text) <= width + 1 for one in texts)
    assert all(0 <= one.x and one.x + one.width <= width for one in drawing.shapes if isinstance(one, Rect))


def test_what_is_removed_goes_to_the_left() -> None:
    """Negative bars end where positive ones begin, at a line."""
    drawing = draw(bars(30, -60), 880)
    added, removed = (one for one in drawing.shapes if isinstance(one, Rect))
    axis = next(one for one in drawing.shapes if isinstance(one, Line) and one.look == "axis")

    assert (axis.x1, axis.x1) == pytest.approx((added.x, removed.x + removed.width))
    assert removed.width == pytest.approx(2 * added.width)


def test_retired_models_do_not_set_the_scale() -> None:
    """They are named instead; if nothing else is left, they are drawn."""
    live = Bar(name="live", parts=(Decimal(1),), text="1")
    retired = Bar(name="old (retired)", parts=(Decimal(900),), text="900", is_dim=True)

    assert ((live,), ("not drawn, because they were shut down: old",)) == usable([live, retired])
    assert ((retired,), ()) == usable([retired])


def test_a_price_stays_until_the_next() -> None:
    """A line has a corner at every change, and ends on its last day."""
    steps = ((date(2024, 1, 1), Decimal(5)), (date(2025, 1, 1), Decimal("2.5")))
    line = PriceLine(name="model, input", steps=steps, end=date(2026, 1, 1))
    drawing = draw(Lines(title="t", summary="s", lines=(line,)), 880)
    path = next(one for one in drawing.shapes if isinstance(one, Path))
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = path.points

    assert (y1 == y2, x2 == x3, y3 == y4) == (True, True, True)
    assert x1 < x2 < x4
    assert y1 < y3
    assert 2 == sum(isinstance(one, Circle) for one in drawing.shapes)


@given(st.lists(st.tuples(st.decimals("0.0001", 100, places=4), st.integers(0, 100)), min_size=1, max_size=9))
def test_names_of_dots_are_not_written_over_each_other(places: list[tuple[Decimal, int]]) -> None:
    """Every dot is inside; a name that has no place is left to the pointer and the table."""
    dots = tuple(Dot(name=f"model {at}", x=x, y=Decimal(y), text="t") for at, (x, y) in enumerate(places))
    drawing = draw(Scatter(title="t", summary="s", x_name="x", y_name="y", dots=dots), 358)
    names = [one for one in drawing.shapes if isinstance(one, Text) and one.look.startswith("name")]
    boxes = [(one.x, one.y, one.x + text_width(one.text)) for one in names]

    assert len(dots) == sum(isinstance(one, Circle) for one in drawing.shapes)
    assert all(0 <= one.x <= 358 and 0 <= one.y <= drawing.height for one in drawing.shapes if isinstance(one, Circle))
    assert not [
        (one, other)
        for at, one in enumerate(boxes)
        for other in boxes[:at]
        if abs(one[1] - other[1]) < 15 and one[0] < other[2] and other[0] < one[2]
    ]
