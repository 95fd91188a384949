"""Draw any picture."""

from __future__ import annotations

from .draw_bars import draw_bars
from .draw_lines import draw_lines
from .draw_scatter import draw_scatter
from .draw_treemap import draw_treemap
from .drawing import Drawing
from .picture import Bars, Lines, Picture, Treemap

__all__ = ["draw"]


def draw(picture: Picture, width: int) -> Drawing:
    """Return the drawing of a picture in a width of some pixels."""
    if isinstance(picture, Bars):
        return draw_bars(picture, width)
    if isinstance(picture, Treemap):
        return draw_treemap(picture, width)
    return draw_lines(picture, width) if isinstance(picture, Lines) else draw_scatter(picture, width)
