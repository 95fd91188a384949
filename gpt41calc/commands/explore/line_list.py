"""A list of any length, of which only the lines on the screen are ever made."""

from __future__ import annotations

from collections.abc import Callable

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from .text import Line

__all__ = ["LineList", "strip_of"]


def strip_of(line: Line, width: int, over: str = "") -> Strip:
    """Return a line for the screen.

    Args:
        line: the line.
        width: columns that are filled.
        over: a style for all of it.
    """
    base = Style.parse(over) if over else Style()
    segments = [Segment(text, Style.parse(style) + base if style else base) for text, style in line if text]
    return Strip(segments).adjust_cell_length(width, base)


class LineList(ScrollView, can_focus=True):
    """Lines, one of which may have the cursor."""

    DEFAULT_CSS = """
    LineList { height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden; scrollbar-gutter: stable; }
    """

    def __init__(self, choose: Callable[[int], None] | None, *, id: str | None = None) -> None:  # noqa: A002 - so Textual
        """Make an empty list.

        Args:
            choose: called with the number of a line that is opened. None if there is no cursor, and moving scrolls.
            id: its name in style sheets.
        """
        super().__init__(id=id)
        self.cursor = 0
        """Number of the line with the cursor."""
        self._choose = choose
        self._lines = 0
        self._line_of: Callable[[int], Line] = lambda _number: []

    def show(self, lines: int, line_of: Callable[[int], Line], cursor: int = 0) -> None:
        """Show other lines.

        Args:
            lines: how many there are.
            line_of: returns a line by its number.
            cursor: number of the line with the cursor.
        """
        self._lines, self._line_of = lines, line_of
        self.virtual_size = Size(self.size.width, lines)
        self.cursor = max(0, min(cursor, lines - 1))
        self._follow_cursor()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return a line of the screen."""
        width, number = self.scrollable_content_region.width, y + round(self.scroll_offset.y)
        if number >= self._lines:
            return Strip.blank(width)
        is_marked = self._choose is not None and number == self.cursor
        return strip_of(self._line_of(number), width, "reverse" if is_marked else "")

    def move(self, lines: int) -> None:
        """Move the cursor by some lines, or scroll by them."""
        if self._choose is None:
            self.scroll_to(y=max(0, min(self.scroll_offset.y + lines, self.max_scroll_y)), animate=False)
            return
        self.cursor = max(0, min(self.cursor + lines, self._lines - 1))
        self._follow_cursor()
        self.refresh()

    def page(self, pages: int) -> None:
        """Move by the lines of a screen."""
        self.move(pages * max(1, self.scrollable_content_region.height - 1))

    def choose(self) -> None:
        """Open the line with the cursor."""
        if self._choose is not None and self._lines:
            self._choose(self.cursor)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on a line; a second click opens it."""
        number = event.y + round(self.scroll_offset.y)
        if self._choose is None or number >= self._lines:
            return
        self.cursor = number
        self.refresh()
        if event.chain > 1:
            self.choose()

    def _follow_cursor(self) -> None:
        if self._choose is None:
            return
        top, height = round(self.scroll_offset.y), max(1, self.scrollable_content_region.height)
        if not top <= self.cursor < top + height:
            at = self.cursor if self.cursor < top else self.cursor - height + 1
            self.scroll_to(y=at, animate=False, immediate=True)
