"""What the explorer draws: the session, or a page in place of its rows."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress

from textual import events
from textual.app import App, ComposeResult

from .editor import Editor
from .line_list import LineList, Lines
from .matching import Ask
from .pages import Page
from .session import Session
from .text import Line
from .tree import Tree

__all__ = ["HEADINGS", "PROMPTS", "Drawing"]

_KEYS = "?:help Enter:open ←:up x:leave out e:exclude /:filter s:sort m:model q:quit"
PROMPTS = {Ask.FILTER: "show only (glob): ", Ask.EXCLUDE: "leave out (glob): "}
HEADINGS = 4
"""Number of the line with the headings, among the lines above the rows."""


class Drawing(App[list[str]]):
    """Shows a session; what keys and clicks do is added by ``app``."""

    CSS = """
    Screen { background: ansi_default; color: ansi_default; }
    #head { height: 5; }
    #foot { height: 1; }
    """
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False

    def __init__(self, session: Session, *, colour: bool) -> None:
        """Take the session.

        Args:
            session: what is shown.
            colour: whether colours are used.
        """
        # The colours of the terminal itself, so that it looks right on a dark and on a light one.
        super().__init__(ansi_color=True)
        self.theme = "ansi-dark"
        self.session = session
        self._colour = colour
        self._page: Page | None = None
        self._row = 0
        self._ask: Ask | None = None
        self._editor = Editor()
        self._prompt: Line = []
        self._matched: tuple[Tree, str, bytes] | None = None
        self._head = Lines(self.click, name="head")
        self._foot = Lines(lambda _x, _y: None, name="foot")
        self._list = LineList(self.open)
        self.failure: BaseException | None = None
        """What went wrong and must be told by the caller. None if nothing did."""

    def compose(self) -> ComposeResult:
        """Yield the lines above the rows, the rows, and the line of keys or of the question."""
        yield self._head
        yield self._list
        yield self._foot

    def on_mount(self) -> None:
        """End in order when the process is asked to end."""
        for name in ("SIGTERM", "SIGHUP"):
            with suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):  # not on Windows
                asyncio.get_running_loop().add_signal_handler(getattr(signal, name), self.action_abandon)

    def _handle_exception(self, error: Exception) -> None:
        # Textual would print a traceback with the values of all variables, and end with status 1.
        self.failure = self.failure or error
        self.exit()

    def on_resize(self, _event: events.Resize) -> None:
        """Write everything for the width of the screen."""
        self.call_after_refresh(self.show)

    def show(self, message: str = "", cursor: int | None = None) -> None:
        """Show the session.

        Args:
            message: a sentence in the place of the keys, until the next key.
            cursor: number of the line with the cursor. None if it stays.
        """
        session, page, width = self.session, self._page, self._list.columns
        at = self._list.cursor if cursor is None else cursor
        head = session.header(self.size.width)
        if page is None:
            columns = session.columns(width)
            head.append([(text, _heading(is_sorted_by=order is session.order)) for text, order in columns.headings()])
            self._list.show(len(session.items), lambda row: columns.line(session.row(row)), at)
        else:
            head[-1:] = [[(page.title, "bold")], [(page.headings, "underline")]]
            self._list.show(*page.lines(width), at, has_cursor=page.cursor is not None)
        self._head.show(head)
        self._show_foot(message)

    def _show_foot(self, message: str = "") -> None:
        if self._ask is not None:
            line = [*self._prompt, *self._editor.line()]
        elif message:
            line = [(message, "")]
        else:
            line = [(self._page.keys if self._page else _KEYS, "dim")]
        self._foot.show([line])

    def _show_page(self, page: Page) -> None:
        if self._page is None:
            self._row = self._list.cursor
        self._page = page
        self.show(cursor=page.cursor or 0)

    def _close(self) -> None:
        self._page = None
        self.show(cursor=self._row)

    def click(self, x: int, y: int) -> None:
        """React to a click on the lines above the rows."""

    def open(self, line: int) -> None:
        """Open a row."""

    def action_abandon(self) -> None:
        """Quit without the chosen patterns."""
        self.failure = KeyboardInterrupt()
        self.exit()


def _heading(*, is_sorted_by: bool) -> str:
    return "bold underline" if is_sorted_by else "underline"
