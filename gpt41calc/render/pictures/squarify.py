"""The layout of a treemap: rectangles in the proportion of their values, as square as possible.

The algorithm is that of M. Bruls, K. Huizing and J. J. van Wijk, "Squarified Treemaps", 2000.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Box", "squarified"]


class Box(NamedTuple):
    """A rectangle."""

    x: float
    """Its left edge."""

    y: float
    """Its upper edge."""

    width: float
    """Its width."""

    height: float
    """Its height."""


def squarified(values: Sequence[int], box: Box) -> list[Box]:
    """Divide a rectangle in the proportion of some values.

    Args:
        values: positive values, largest first.
        box: the rectangle.

    >>> [(each.width, each.height) for each in squarified([6, 2, 1], Box(0, 0, 9, 6))]
    [(6.0, 6.0), (3.0, 4.0), (3.0, 2.0)]
    """
    boxes: list[Box] = []
    rest, at = float(sum(values)), 0
    while at < len(values):
        if box.width <= 0 or box.height <= 0:
            return boxes + [Box(box.x, box.y, 0, 0)] * (len(values) - at)
        area = box.width * box.height / rest
        side = min(box.width, box.height)
        end, row = _row(values, at, side, area)
        depth = row * area / side
        boxes += _placed(values[at:end], row, depth, box)
        box = (
            Box(box.x + depth, box.y, box.width - depth, box.height)
            if box.width >= box.height
            else Box(box.x, box.y + depth, box.width, box.height - depth)
        )
        rest -= row
        at = end
    return boxes


def _row(values: Sequence[int], at: int, side: float, area: float) -> tuple[int, float]:
    """Return where the row ends in which rectangles are most square, and the sum of its values."""
    largest, row, worst, end = values[at], 0.0, float("inf"), at
    while end < len(values):
        longer = row + values[end]
        stretch = side * side / (longer * longer * area)
        ratio = max(largest * stretch, 1 / (values[end] * stretch))
        if ratio > worst:
            break
        row, worst, end = longer, ratio, end + 1
    return end, row


def _placed(values: Sequence[int], row: float, depth: float, box: Box) -> list[Box]:
    """Return the rectangles of a row, along the shorter side of what is left."""
    boxes, along = [], 0.0
    for value in values:
        share = value / row
        if box.width >= box.height:
            boxes.append(Box(box.x, box.y + along, depth, box.height * share))
            along += box.height * share
        else:
            boxes.append(Box(box.x + along, box.y, box.width * share, depth))
            along += box.width * share
    return boxes
