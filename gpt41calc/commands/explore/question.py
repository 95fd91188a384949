"""The line in which a glob is typed, and what matches it is counted meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import NamedTuple

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from ...errors import UsageError
from ...render.escape import for_terminal
from ...render.numbers import plural

__all__ = ["Answer", "Ask", "Question"]

_PAUSE_SECONDS = 0.12
"""Time without a key after which a glob is matched."""


class Ask(StrEnum):
    """What a glob is for, and the option that it would be given to."""

    FILTER = "--include"
    EXCLUDE = "--exclude"


_PROMPTS = {Ask.FILTER: "show only (glob): ", Ask.EXCLUDE: "leave out (glob): "}


class Answer(NamedTuple):
    """A glob that was typed, at least so far."""

    ask: Ask
    """What it is for."""

    glob: str
    """The glob; empty if nothing is typed."""

    marks: bytes
    """The files that match it."""

    ends: bool
    """Whether Enter was pressed."""


class Question(Horizontal):
    """A prompt, and the glob behind it."""

    DEFAULT_CSS = """
    Question { height: 1; display: none; }
    Question > Static { width: auto; text-style: bold; }
    Question > Input {
        width: 1fr; height: 1; border: none; padding: 0; background: ansi_default; color: ansi_default;
    }
    """

    def __init__(self, match: Callable[[str, str], Awaitable[bytes]], answered: Callable[[Answer], None]) -> None:
        """Take what is called.

        Args:
            match: returns the files that match a glob, given the option that it is for.
            answered: called with every answer, also while it is typed.
        """
        super().__init__()
        self._match, self._answered = match, answered
        self._ask = Ask.FILTER

    def compose(self) -> ComposeResult:
        """Yield the prompt and the glob."""
        yield Static(markup=False)
        yield Input(compact=True)

    def ask(self, ask: Ask) -> None:
        """Ask for a glob."""
        self._ask = ask
        self._prompt(_PROMPTS[ask])
        self.display = True
        glob = self.query_one(Input)
        glob.value = ""
        self.screen.set_focus(glob)  # at once: the next key may be here already

    def close(self) -> None:
        """Ask no longer."""
        self.workers.cancel_node(self)
        self.display = False

    def _prompt(self, text: str) -> None:
        self.query_one(Static).update(text)

    def on_input_changed(self, changed: Input.Changed) -> None:
        """Match what is typed, once nothing more was typed for a moment."""
        self.run_worker(self._find(changed.value, ends=False), exclusive=True)

    def on_input_submitted(self, submitted: Input.Submitted) -> None:
        """Match the whole glob, and use it."""
        self.run_worker(self._find(submitted.value, ends=True), exclusive=True)

    async def _find(self, glob: str, *, ends: bool) -> None:
        if not ends:
            await asyncio.sleep(_PAUSE_SECONDS)
        try:
            marks = await self._match(glob, self._ask) if glob else b""
        except UsageError as error:
            self._prompt(f"{for_terminal(str(error))}: ")
            return
        is_counted = glob and self._ask is Ask.EXCLUDE
        self._prompt(f"leave out {plural(marks.count(1), 'file')}: " if is_counted else _PROMPTS[self._ask])
        self._answered(Answer(self._ask, glob, marks, ends))
