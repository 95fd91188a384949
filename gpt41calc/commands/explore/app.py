"""The explorer on the screen: keys and clicks change the session, and the session is shown."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.worker import get_current_worker

from ...errors import Gpt41calcError, UsageError
from ...pricing.schema import Model
from ...render.escape import for_terminal
from ...render.numbers import number, plural
from ...sources.read import NotText
from .drawing import HEADINGS, PROMPTS, Drawing
from .editor import Editor
from .keys import ACTIONS
from .matching import Ask, marks_of, same_choices
from .pages import Page, help_page, model_page, reading_page, tokens_page
from .run import Cancelled
from .view import Filter

__all__ = ["Explorer"]

_PAUSE_SECONDS = 0.12
"""Time without a key after which is shown what a glob that is typed matches."""

_PROGRESS_SECONDS = 0.1
"""Time between two messages on how far counting is."""

_CLOSING = frozenset({"escape", "leave", "up"})
"""Actions that close what is shown in place of the rows."""


class Explorer(Drawing):
    """Browse a folder; the result is the list of chosen patterns, None if they were thrown away."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "finish", priority=True)]

    _sought = ""  # what is typed on the page of models

    def on_key(self, event: events.Key) -> None:
        """Do what a key means; no widget has the focus, so that all keys come here, in their order."""
        event.stop()
        event.prevent_default()
        action = ACTIONS.get(event.key, "")
        if action == "abandon":
            self.action_abandon()
        elif self._ask is not None:
            self._type(event)
        elif self._seeks(event.key, event.character):
            self._seek()
        elif self._page is not None and action and action in {*_CLOSING, self._page.action}:
            self._close()
        elif self._list.obey(action):
            if action != "choose":
                self._show_foot()  # a message has been read
        elif action and self._page is None:
            getattr(self, f"action_{action}")()

    def _seeks(self, key: str, character: str | None) -> bool:
        """Take a key into the name that is typed to find a model; return whether it is part of a name."""
        if self._page is None or self._page.action != "models":
            return False
        if key == "backspace" and self._sought:
            self._sought = self._sought[:-1]
        elif character and character.isprintable():
            self._sought += character.lower()
        else:
            return False
        return True

    def _seek(self) -> None:
        """Go to the first model whose name or id has what is typed."""
        models = enumerate(self.session.models)
        found = next((at for at, one in models if self._sought in one.id or self._sought in one.name.lower()), None)
        if found is not None:
            self.show(cursor=found)
        missing = "" if found is not None else ": no model has it in its name"
        self._show_foot(f"find {for_terminal(self._sought)}{missing}" if self._sought else "")

    def on_paste(self, event: events.Paste) -> None:
        """Take a text into the glob that is typed."""
        if self._ask is not None:
            self._editor.insert(event.text)
            self._typed()

    def click(self, x: int, y: int) -> None:
        """Sort by the column of a heading."""
        at = 0
        for text, order in self.session.columns(self._list.columns).headings():
            at += len(text)
            if y == HEADINGS and x < at and self._page is None:
                self.session.sort(order)
                self.show(cursor=0)
                return

    def open(self, line: int) -> None:
        """Open a folder, the tokens of a file, or what is chosen on a page."""
        if self._page is not None:
            self._close()
            self.run_worker(self._count(self.session.models[line]), group="counting", exclusive=True)
            return
        path = self.session.enter(line)
        if path is None:
            self.show(cursor=0)
        else:
            page = reading_page(path)
            self._show_page(page)
            self.run_worker(self._read(page, path), group="reading", exclusive=True)

    async def _read(self, page: Page, path: str) -> None:
        """Read a file for the page that was opened for it."""
        encoding = self.session.numbers.encoding
        read = partial(tokens_page, self.session.counting, path, encoding, colour=self._colour)
        try:
            found = await asyncio.to_thread(read)
        except (NotText, Gpt41calcError) as error:
            found = replace(page, title=for_terminal(f"{path}: {error}"))
        if self._page is page:
            self._show_page(found)

    def action_help(self) -> None:
        """Explain the keys."""
        self._show_page(help_page())

    def action_models(self) -> None:
        """Let another model be chosen."""
        self._sought = ""
        self._show_page(model_page(self.session))

    def action_up(self) -> None:
        """Go to the folder above."""
        left = self.session.leave()
        self.show("" if left is not None else "this is the folder that was named", cursor=left)

    def action_leave_out(self) -> None:
        """Leave the row with the cursor out, or take it back; then go to the next one."""
        if not self.session.items:
            return
        try:
            message = self.session.toggle(self._list.cursor)
        except UsageError as error:
            message = for_terminal(str(error))
        self.show(message, cursor=self._list.cursor + 1)

    def action_take_back(self) -> None:
        """Take back what was left out last."""
        self.show(self.session.take_back())

    def action_sort(self) -> None:
        """Sort by the next order."""
        self.session.sort()
        self.show(cursor=0)

    def action_reverse(self) -> None:
        """Reverse the order."""
        self.session.reverse()
        self.show(cursor=0)

    def action_escape(self) -> None:
        """Show everything again."""
        self.session.show_only(None)
        self.show(cursor=0)

    def action_filter(self) -> None:
        """Ask what to show."""
        self._question(Ask.FILTER)

    def action_exclude(self) -> None:
        """Ask what to leave out."""
        self._question(Ask.EXCLUDE)

    def _question(self, ask: Ask | None) -> None:
        """Ask for a glob, or, with None, no longer."""
        self.workers.cancel_group(self, "matching")
        self._ask, self._editor = ask, Editor()
        self._prompt = [(PROMPTS[ask], "bold")] if ask else []
        self._show_foot()

    def _type(self, event: events.Key) -> None:
        """Take a key into the glob that is typed, or use it."""
        if event.key == "escape":
            self._question(None)
            self.action_escape()
        elif event.key == "enter":
            self.run_worker(self._match(ends=True), group="matching", exclusive=True)
        elif self._editor.press(event.key, event.character):
            self._typed()

    def _typed(self) -> None:
        self._show_foot()
        self.run_worker(self._match(ends=False), group="matching", exclusive=True)

    async def _match(self, *, ends: bool) -> None:
        """Match the glob that is typed, and show what it matches after a pause; in the end it is used at once."""
        await asyncio.sleep(0)
        ask, glob, session = self._ask, self._editor.text, self.session
        if ask is None:
            return
        marks: bytes | UsageError
        try:
            marks = await self._marks(glob, ask) if glob else b""
        except UsageError as error:
            marks = error
        if not ends:
            await asyncio.sleep(_PAUSE_SECONDS)
        if isinstance(marks, UsageError):
            self._prompt = [(f"{for_terminal(str(marks))}: ", "red")]
            self._show_foot()
            return
        message, count = "", f"leave out {plural(marks.count(1), 'file')}: "
        self._prompt = [(count if glob and ask is Ask.EXCLUDE else PROMPTS[ask], "bold")]
        if ends:
            self._question(None)
        if ask is Ask.FILTER:
            session.show_only(Filter(glob, marks) if glob else None)
        elif glob and ends:
            message = session.leave_out(glob, marks)
        self.show(message, cursor=0 if ask is Ask.FILTER else None)

    async def _marks(self, glob: str, ask: Ask) -> bytes:
        """Return the files that match a glob; what was matched while it was typed is not matched again."""
        tree = self.session.view.tree
        if self._matched is None or self._matched[:2] != (tree, glob):
            marks = await marks_of(tree, glob, self.session.counting.shown_as, option=ask)
            self._matched = (tree, glob, marks)
        return self._matched[2]

    async def _count(self, model: Model) -> None:
        """Price for a model, after counting in its encoding if that was not done."""
        session, worker, loop = self.session, get_current_worker(), asyncio.get_running_loop()
        next_seconds = 0.0

        def observe(done: int, total: int) -> None:
            nonlocal next_seconds
            if worker.is_cancelled or not self.is_running:
                raise Cancelled
            if time.monotonic() >= next_seconds:
                next_seconds = time.monotonic() + _PROGRESS_SECONDS
                message = f"counting for {model.name}: {number(done)} of {number(total)} files"
                loop.call_soon_threadsafe(self._show_foot, message)  # does not wait for a loop that is ending

        try:
            numbers = await asyncio.to_thread(session.counting.recount, model.counted_in, observe)
            counted = await asyncio.to_thread(session.counting.as_counted, model)
        except Cancelled:
            return
        except Gpt41calcError as error:
            self.show(for_terminal(str(error)))
            return
        if numbers is not session.numbers:
            session.use_numbers(numbers, await same_choices(session.view, numbers.tree, session.counting.shown_as))
        session.use_model(counted)
        self.show()

    def action_leave(self) -> None:
        """Quit with the chosen patterns."""
        self.action_finish()

    def action_finish(self) -> None:
        """Quit with the chosen patterns, whatever is shown."""
        self.exit(list(self.session.view.excluded))
