"""The screens over the explorer: keys, models, and the tokens of a file."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Static

from ...errors import Gpt41calcError
from ...render.escape import for_terminal
from ...sources.read import NotText
from .help import help_lines
from .line_list import LineList
from .pieces import lines_of, pieces_of
from .run import Counting
from .text import Line

__all__ = ["HelpScreen", "ListScreen", "ModelScreen", "TokensScreen"]


class ListScreen(ModalScreen[int | None]):
    """A title, a list and a line of keys, which the keys of the application move and close."""

    has_cursor = False
    """Whether a line of the list can be chosen."""

    keys = "Esc close"
    """The line of keys."""

    def compose(self) -> ComposeResult:
        """Yield the title, the list and the keys."""
        yield Static(id="title", markup=False)
        yield LineList(self._choose if self.has_cursor else None)
        yield Static(self.keys, id="keys", markup=False)

    def say(self, title: str) -> None:
        """Show another title."""
        self.query_one("#title", Static).update(title)

    def _choose(self, number: int) -> None:
        self.dismiss(number)

    @property
    def lines(self) -> LineList:
        """The list."""
        return self.query_one(LineList)


class HelpScreen(ListScreen):
    """The keys, and what the columns mean."""

    def on_mount(self) -> None:
        """Show the text."""
        self.say("Keys")

    def on_resize(self, event: events.Resize) -> None:
        """Wrap the text for the width of the screen."""
        shown = help_lines(event.size.width - 2)
        self.lines.show(len(shown), shown.__getitem__)


class ModelScreen(ListScreen):
    """The models with what they would cost."""

    has_cursor = True
    keys = "Enter choose   Esc close"

    def __init__(self, title: str, models: Sequence[Line], chosen: int) -> None:
        """Take the lines.

        Args:
            title: the headings of the columns.
            models: a line for each model.
            chosen: number of the one that is used.
        """
        super().__init__()
        self._columns, self._models, self._chosen = title, models, chosen

    def on_mount(self) -> None:
        """Show the models."""
        self.say(self._columns)

    def on_resize(self, _event: events.Resize) -> None:
        """Put the cursor where it is seen."""
        self.lines.show(len(self._models), self._models.__getitem__, self._chosen)


class TokensScreen(ListScreen):
    """The text of a file, in which every token has another colour than its neighbours."""

    keys = "↑ ↓ PgUp PgDn scroll   Esc close"

    MOST_BYTES = 256 << 10
    """Bytes that are shown: nobody looks at more."""

    def __init__(self, counting: Counting, path: str, encoding: str, *, colour: bool) -> None:
        """Take the file.

        Args:
            counting: what reads it.
            path: its path from the root.
            encoding: the encoding of the tokens.
            colour: whether tokens are coloured; else every other one is reversed.
        """
        super().__init__()
        self._counting, self._path, self._encoding, self._colour = counting, path, encoding, colour
        self._pieces: list[str] = []

    def on_mount(self) -> None:
        """Read the file while the screen is already shown."""
        self.say(f"{self._heading}: reading")
        self.run_worker(self._read())

    @property
    def _heading(self) -> str:
        path = self._path
        return for_terminal(path if len(path) <= _LONGEST_NAME else "…" + path[-_LONGEST_NAME:])

    async def _read(self) -> None:
        try:
            text = await asyncio.to_thread(self._counting.text, self._path, self.MOST_BYTES)
            self._pieces = await asyncio.to_thread(pieces_of, text.raw, self._encoding)
        except (NotText, Gpt41calcError) as error:
            self.say(f"{self._heading}: {for_terminal(str(error))}")
            return
        part = "" if text.is_whole else f"the first {len(text.raw):,} bytes, "
        self.say(f"{self._heading}: {part}{len(self._pieces):,} tokens of {self._encoding}")
        self._wrap()

    def on_resize(self, _event: events.Resize) -> None:
        """Wrap the text for the width of the screen."""
        self._wrap()

    def _wrap(self) -> None:
        width = self.lines.scrollable_content_region.width
        if width:
            shown = lines_of(self._pieces, width - 1, colour=self._colour)  # one for the sign of a newline
            self.lines.show(len(shown), shown.__getitem__)


_LONGEST_NAME = 200
