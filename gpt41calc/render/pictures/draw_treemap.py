"""Draw a treemap: the folders and files of two levels, as large as their tokens."""

from __future__ import annotations

from collections.abc import Iterator

from ..numbers import number, plural
from .drawing import Drawing, Rect, Shape, Text, fitting
from .file_tree import Node
from .picture import Treemap
from .squarify import Box, squarified

__all__ = ["draw_treemap"]

_HEAD = 19
"""Height of the name of a folder above its contents, in pixels."""

_LEAST = 3.0
"""Least side of a rectangle that is drawn."""

_TINTS = 6
"""Number of different fills in the style sheet."""


def draw_treemap(picture: Treemap, width: int) -> Drawing:
    """Return the drawing of a treemap in a width."""
    height = round(width * 0.56) if width > 600 else round(width * 1.1)  # noqa: PLR2004 - wide screens are flat
    nodes, inside = picture.tree.nodes, picture.tree.children()
    shapes: list[Shape] = []
    top = inside[0]
    for tint, (place, box) in enumerate(_laid_out(nodes, top, Box(0, 0, width, height))):
        shapes += _tile(nodes, place, box, f"t{tint % _TINTS}")
        if inside[place] and box.height > 2 * _HEAD:
            contents_box = Box(box.x + 3, box.y + _HEAD, box.width - 6, box.height - _HEAD - 3)
            for within, small in _laid_out(nodes, inside[place], contents_box):
                shapes += _tile(nodes, within, small, f"inner t{tint % _TINTS}")
    return Drawing(width, height, tuple(shapes))


def _laid_out(nodes: tuple[Node, ...], places: list[int], box: Box) -> Iterator[tuple[int, Box]]:
    """Yield the nodes of a folder that can be seen, with their rectangles."""
    ordered = sorted(places, key=lambda place: -nodes[place].tokens)
    boxes = squarified([nodes[place].tokens for place in ordered], box)
    for place, found in zip(ordered, boxes, strict=True):
        if min(found.width, found.height) >= _LEAST:
            yield place, found


def _tile(nodes: tuple[Node, ...], place: int, box: Box, look: str) -> Iterator[Shape]:
    node = nodes[place]
    name = node.name or plural(node.files, "smaller file")
    share = f"{100 * node.tokens / nodes[0].tokens:.1f} %"
    title = f"{name}: {plural(node.tokens, 'token')}, {share}"
    yield Rect(box.x + 0.5, box.y + 0.5, max(box.width - 1, 0.5), max(box.height - 1, 0.5), look, title)
    if box.height >= _HEAD:
        with_tokens = f"{name} {number(node.tokens)}"
        label_width = box.width - 8
        label = with_tokens if fitting(with_tokens, label_width) == with_tokens else fitting(name, label_width)
        if label:
            yield Text(box.x + 5, box.y + 14, label)
