"""The explorer on the screen: keys and clicks change the session, and the session is shown."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from ...errors import Gpt41calcError, UsageError
from ...pricing.schema import Model
from ...render.escape import for_terminal
from .bindings import BINDINGS, IN_DIALOGS, IN_QUESTIONS
from .dialogs import HelpScreen, ListScreen, ModelScreen, TokensScreen
from .line_list import LineList
from .matching import marks_of, same_choices
from .models import HEADING
from .question import Answer, Ask, Question
from .run import Cancelled, Numbers
from .session import Session
from .text import Line
from .view import Filter

__all__ = ["Explorer"]

_KEYS = "?:help Enter:open ←:up x:leave out e:exclude /:filter s:sort m:model q:quit"


class Explorer(App[list[str]]):
    """Browse a folder; the result is the list of chosen patterns, None if they were thrown away."""

    CSS = """
    Screen { background: ansi_default; color: ansi_default; }
    Screen > Static { height: 1; width: 1fr; }
    #title { text-style: bold; }
    #headings { text-style: underline; }
    #keys { text-style: dim; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [*BINDINGS]

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
        self.failure: BaseException | None = None
        """What went wrong and must be told by the caller. None if nothing did."""

    def compose(self) -> ComposeResult:
        """Yield the lines above the rows, the rows, and the line of keys or of the question."""
        for name in ("counted", "fit", "cost", "place", "headings"):
            yield Static(id=name, markup=False)
        yield LineList(self._open, id="rows")
        yield Static(_KEYS, id="keys", markup=False)
        yield Question(self._match, self._answered)

    def on_mount(self) -> None:
        """Show the root, and end in order when the process is asked to end."""
        self.rows.focus()
        for name in ("SIGTERM", "SIGHUP"):
            with suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):  # not on Windows
                asyncio.get_running_loop().add_signal_handler(getattr(signal, name), self.action_abandon)

    def _handle_exception(self, error: Exception) -> None:
        # Textual would print a traceback with the values of all variables, and end with status 1.
        self.failure = self.failure or error
        self.exit()

    @property
    def rows(self) -> LineList:
        """The rows of the folder."""
        return self.screen_stack[0].query_one("#rows", LineList)

    def on_resize(self, _event: events.Resize) -> None:
        """Write everything for the width of the screen."""
        self.call_after_refresh(self.show, cursor=self.rows.cursor)

    def show(self, message: str = "", cursor: int | None = None) -> None:
        """Show the session.

        Args:
            message: a sentence in the place of the keys, until the next key.
            cursor: number of the row with the cursor. None if it stays.
        """
        rows, session = self.rows, self.session
        columns = session.columns(rows.scrollable_content_region.width)
        for name, line in zip(("counted", "fit", "cost", "place"), session.header(self.size.width), strict=True):
            self._write(name, line)
        headings = [(text, "bold" if order is session.order else "") for text, order in columns.headings()]
        self._write("headings", headings)
        self._write("keys", [(message or _KEYS, "")])
        at = rows.cursor if cursor is None else cursor
        rows.show(len(session.items), lambda number: columns.line(session.row(number)), at)

    def _write(self, name: str, line: Line) -> None:
        text = Text.assemble(*line, no_wrap=True, overflow="ellipsis", end="")
        self.screen_stack[0].query_one(f"#{name}", Static).update(text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Return whether a key does something here: in a question it is a character, over a dialog it closes that."""
        if isinstance(self.focused, Input):
            return action in IN_QUESTIONS
        return action in IN_DIALOGS or not isinstance(self.screen, ListScreen)

    def _close(self) -> bool:
        """Close the dialog, if there is one; return whether there was."""
        if not isinstance(self.screen, ListScreen):
            return False
        self.screen.dismiss(None)
        return True

    @property
    def _list(self) -> LineList | None:
        """The list that the keys move. None while a dialog is not there yet."""
        return next(iter(self.screen.query(LineList)), None)

    def action_move(self, lines: int) -> None:
        """Move by some lines."""
        if self._list is not None:
            self._list.move(lines)

    def action_page(self, pages: int) -> None:
        """Move by the lines of the screen."""
        if self._list is not None:
            self._list.page(pages)

    def action_choose(self) -> None:
        """Open the line with the cursor."""
        if self._list is not None:
            self._list.choose()

    def _open(self, number: int) -> None:
        """Open a folder, or the tokens of a file."""
        path = self.session.enter(number)
        if path is None:
            self.show(cursor=0)
            return
        encoding = self.session.numbers.encoding
        self.push_screen(TokensScreen(self.session.counting, path, encoding, colour=self._colour))

    def action_up(self) -> None:
        """Go to the folder above."""
        if not self._close():
            left = self.session.leave()
            self.show("" if left is not None else "this is the folder that was named", cursor=left)

    def action_leave_out(self) -> None:
        """Leave the row with the cursor out, or take it back; then go to the next one."""
        if not self.session.items:
            return
        try:
            message = self.session.toggle(self.rows.cursor)
        except UsageError as error:
            message = for_terminal(str(error))
        self.show(message, cursor=self.rows.cursor + 1)

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

    def on_click(self, event: events.Click) -> None:
        """Sort by the column of a heading, or do what the line of keys says."""
        if event.widget is None:
            return
        if event.widget.id == "headings":
            at = 0
            for text, order in self.session.columns(self.rows.scrollable_content_region.width).headings():
                at += len(text)
                if event.x < at:
                    self.session.sort(order)
                    self.show(cursor=0)
                    return

    def action_escape(self) -> None:
        """Show everything again; close the question or the dialog, if there is one."""
        if self._close():
            return
        self._close_question()
        self.session.show_only(None)
        self.show(cursor=0)

    def action_ask(self, what: str) -> None:
        """Ask for a glob."""
        self.query_one("#keys").display = False
        self.query_one(Question).ask(Ask[what])

    def _close_question(self) -> None:
        self.query_one(Question).close()
        self.query_one("#keys").display = True
        self.screen.set_focus(self.rows)

    def _answered(self, answer: Answer) -> None:
        """Do what a glob is for; one that is still typed is only shown."""
        message = ""
        if answer.ask is Ask.FILTER:
            self.session.show_only(Filter(answer.glob, answer.marks) if answer.glob else None)
        elif answer.ends and answer.glob:
            message = self.session.leave_out(answer.glob, answer.marks)
        if answer.ends:
            self._close_question()
        self.show(message, cursor=0 if answer.ask is Ask.FILTER else None)

    async def _match(self, glob: str, option: str) -> bytes:
        return await marks_of(self.session.view.tree, glob, self.session.counting.shown_as, option=option)

    def action_help(self) -> None:
        """Explain the keys."""
        if not self._close():
            self.push_screen(HelpScreen())

    def action_models(self) -> None:
        """Let another model be chosen."""
        if self._close():
            return
        lines, chosen = self.session.model_lines()
        self.push_screen(ModelScreen(HEADING, lines, chosen), self._use_model)

    def _use_model(self, number: int | None) -> None:
        if number is not None:
            self.run_worker(self._count(self.session.models[number]), group="counting", exclusive=True)

    async def _count(self, model: Model) -> None:
        """Price for a model, after counting in its encoding if that was not done."""
        session, worker = self.session, get_current_worker()
        encoding = model.counted_in

        def observe(done: int, total: int) -> None:
            if worker.is_cancelled or not self.is_running:
                raise Cancelled
            message = f"counting for {model.name}: {done:,} of {total:,} files"
            self.call_from_thread(self._write, "keys", [(message, "")])

        session.counting.watched(observe)
        try:
            numbers: Numbers = await asyncio.to_thread(session.counting.numbers, encoding)
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
        """Close the dialog, or quit with the chosen patterns."""
        if not self._close():
            self.action_finish()

    def action_finish(self) -> None:
        """Quit with the chosen patterns."""
        self.exit(list(self.session.view.excluded))

    def action_abandon(self) -> None:
        """Quit without them."""
        self.failure = KeyboardInterrupt()
        self.exit()
