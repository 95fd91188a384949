"""The layout of a treemap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.render.pictures.squarify import Box, squarified

VALUES = st.lists(st.integers(1, 10**9), min_size=1, max_size=60).map(lambda values: sorted(values, reverse=True))


@given(VALUES)
def test_areas_are_in_proportion(values: list[int]) -> None:
    """Every rectangle has the share of its value, and none reaches out of the whole."""
    whole = Box(10, 20, 800, 450)
    boxes = squarified(values, whole)

    assert [value / sum(values) for value in values] == pytest.approx(
        [box.width * box.height / (800 * 450) for box in boxes]
    )
    assert all(box.x >= 10 - 1e-6 and box.x + box.width <= 810 + 1e-6 for box in boxes)
    assert all(box.y >= 20 - 1e-6 and box.y + box.height <= 470 + 1e-6 for box in boxes)


@given(VALUES)
def test_rectangles_do_not_overlap(values: list[int]) -> None:
    """No two rectangles have more than an edge in common."""
    boxes = squarified(values, Box(0, 0, 300, 200))
    common = [
        min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
        for at, one in enumerate(boxes)
        for other in boxes[:at]
        if min(one.y + one.height, other.y + other.height) - max(one.y, other.y) > 1e-6
    ]

    assert all(width <= 1e-6 for width in common)
