"""Widgets that draw lines: a few of them, or a list of any length, of which only those on the screen are ever made."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from .text import Line

__all__ = ["LineList", "Lines"]


def _strip(line: Line, width: int, over: str = "") -> Strip:
    """Return a line for the screen.

    Args:
        line: the line.
        width: columns that are filled.
        over: a style for all of it.
    """
    base = Style.parse(over)
    # Under the cursor there are no colours: reversed, the rest of a bar would look like the bar.
    styles = [(text, Style.parse(style).without_color + base if over else Style.parse(style)) for text, style in line]
    return Strip([Segment(text, style) for text, style in styles if text]).adjust_cell_length(width, base)


class Lines(Widget):
    """A few lines, as many as the widget is high."""

    def __init__(self, clicked: Callable[[int, int], None], *, name: str) -> None:
        """Make it without lines.

        Args:
            clicked: called with the column and the number of a line that is clicked.
            name: its name in style sheets.
        """
        super().__init__(id=name)
        self._clicked = clicked
        self._lines: Sequence[Line] = ()

    def show(self, lines: Sequence[Line]) -> None:
        """Show other lines."""
        self._lines = lines
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return a line of the screen."""
        return _strip(self._lines[y] if y < len(self._lines) else [], self.size.width)

    def on_click(self, event: events.Click) -> None:
        """Pass a click on."""
        self._clicked(event.x, event.y)


class LineList(Widget):
    """Lines, one of which may have the cursor, and a bar that shows which of them are on the screen.

    Textual's own scrolling lays the whole screen out anew when the number of lines changes: 30 ms a key.
    """

    DEFAULT_CSS = "LineList { height: 1fr; }"

    def __init__(self, choose: Callable[[int], None]) -> None:
        """Make an empty list.

        Args:
            choose: called with the number of a line that is opened.
        """
        super().__init__()
        self.cursor = 0
        """Number of the line with the cursor."""
        self._choose = choose
        self._lines = 0
        self._line_of: Callable[[int], Line] = lambda _number: []
        self._has_cursor = True
        self._top = 0

    def show(self, lines: int, line_of: Callable[[int], Line], cursor: int = 0, *, has_cursor: bool = True) -> None:
        """Show other lines.

        Args:
            lines: how many there are.
            line_of: returns a line by its number.
            cursor: number of the line with the cursor.
            has_cursor: whether there is a cursor; else moving scrolls, and nothing is opened.
        """
        self._lines, self._line_of, self._has_cursor = lines, line_of, has_cursor
        self.cursor = max(0, min(cursor, lines - 1))
        self._show_from(self._top if has_cursor else cursor)
        self._follow_cursor()

    @property
    def columns(self) -> int:
        """Width of a line: one column less than that of the widget."""
        return max(0, self.size.width - 1)

    @property
    def height(self) -> int:
        """Number of lines on the screen."""
        return max(1, self.size.height)

    def render_line(self, y: int) -> Strip:
        """Return a line of the screen."""
        number = y + self._top
        line = self._line_of(number) if number < self._lines else []
        is_marked = self._has_cursor and number == self.cursor and number < self._lines
        strip = _strip(line, self.columns, "reverse" if is_marked else "")
        return Strip([*strip, Segment(self._bar(y), Style.parse("dim"))])

    def _bar(self, y: int) -> str:
        """Return the piece of the bar beside a line of the screen; there is none if all lines are on it."""
        if self._lines <= self.height:
            return " "
        first = self._top * self.height // self._lines
        last = max(first, ((self._top + self.height) * self.height - 1) // self._lines)
        return "█" if first <= y <= last else "│"

    def obey(self, action: str) -> bool:
        """Move the cursor, or open its line; return whether the action was one of these."""
        lines = {
            "line_up": -1,
            "line_down": 1,
            "page_up": 1 - self.height,
            "page_down": self.height - 1,
            "first": -self._lines,
            "last": self._lines,
        }.get(action)
        if lines is not None:
            self._move(lines)
        elif action == "choose":
            self.choose()
        return lines is not None or action == "choose"

    def _move(self, lines: int) -> None:
        """Move the cursor by some lines, or scroll by them."""
        if self._has_cursor:
            self.cursor = max(0, min(self.cursor + lines, self._lines - 1))
            self._follow_cursor()
        else:
            self._show_from(self._top + lines)

    def choose(self) -> None:
        """Open the line with the cursor."""
        if self._has_cursor and self._lines:
            self._choose(self.cursor)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on a line; a second click opens it. In the bar, show the lines of that place."""
        number = event.y + self._top
        if event.x >= self.columns:
            self._show_from(event.y * self._lines // self.height - self.height // 2)
        elif self._has_cursor and number < self._lines:
            self.cursor = number
            self.refresh()
            if event.chain > 1:
                self.choose()

    def on_mouse_scroll_down(self) -> None:
        """Scroll down."""
        self._show_from(self._top + _WHEEL_LINES)

    def on_mouse_scroll_up(self) -> None:
        """Scroll up."""
        self._show_from(self._top - _WHEEL_LINES)

    def _follow_cursor(self) -> None:
        """Scroll so far that the cursor is seen."""
        if self._has_cursor:
            self._show_from(max(self.cursor - self.height + 1, min(self._top, self.cursor)))

    def _show_from(self, top: int) -> None:
        """Show the lines from a number on, as far as there are enough of them."""
        self._top = max(0, min(top, self._lines - self.height))
        self.refresh()


_WHEEL_LINES = 3
"""Lines by which a wheel scrolls."""
