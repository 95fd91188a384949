"""The explorer on the screen: keys and clicks change the session, and the session is shown."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from ...errors import Gpt41calcError, UsageError
from ...pricing.schema import Model
from ...render.escape import for_terminal
from ...render.numbers import plural
from .dialogs import HelpScreen, ModelScreen, TokensScreen
from .line_list import LineList
from .matching import marks_of
from .models import HEADING
from .run import Cancelled, Numbers
from .session import Session
from .text import Line
from .tree import Tree
from .view import Filter, View

__all__ = ["Explorer"]

_KEYS = "?:help Enter:open ←:up x:leave out e:exclude /:filter s:sort m:model q:quit"
_PROMPTS = {"filter": "show only (glob): ", "exclude": "leave out (glob): "}
_OPTIONS = {"filter": "--include", "exclude": "--exclude"}


class Explorer(App[list[str]]):
    """Browse a folder; the result is the list of chosen patterns, None if they were thrown away."""

    CSS = """
    Screen { background: ansi_default; color: ansi_default; }
    Screen > Static { height: 1; width: 1fr; }
    #title { text-style: bold; }
    #headings { text-style: underline; }
    #keys { text-style: dim; }
    #ask { height: 1; display: none; }
    #prompt { width: auto; text-style: bold; }
    #glob { width: 1fr; height: 1; border: none; padding: 0; background: ansi_default; color: ansi_default; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "leave"),
        Binding("ctrl+q", "leave", priority=True),
        Binding("ctrl+c", "abandon", priority=True),
        Binding("ctrl+z", "suspend_process"),
        Binding("escape", "everything"),
        Binding("left,backspace,h", "up"),
        Binding("x,space", "leave_out"),
        Binding("e", "ask('exclude')"),
        Binding("slash", "ask('filter')"),
        Binding("u", "take_back"),
        Binding("s", "sort"),
        Binding("r", "reverse"),
        Binding("m", "models"),
        Binding("question_mark", "help"),
    ]

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
        self._asked = "filter"
        self._found: Filter | None = None
        self.failure: BaseException | None = None
        """What went wrong and must be told by the caller. None if nothing did."""

    def compose(self) -> ComposeResult:
        """Yield the lines above the rows, the rows, and the line of keys or of the question."""
        for name in ("counted", "fit", "cost", "place", "headings"):
            yield Static(id=name, markup=False)
        yield LineList(id="rows")
        yield Static(_KEYS, id="keys", markup=False)
        with Horizontal(id="ask"):
            yield Static(id="prompt", markup=False)
            yield Input(id="glob", compact=True)

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

    def show(self, said: str = "", cursor: int | None = None) -> None:
        """Show the session.

        Args:
            said: a sentence in the place of the keys, until the next key.
            cursor: number of the row with the cursor. None if it stays.
        """
        rows, session = self.rows, self.session
        columns = session.columns(rows.scrollable_content_region.width)
        for name, line in zip(("counted", "fit", "cost", "place"), session.header(self.size.width), strict=True):
            self._write(name, line)
        headings = [(text, "bold" if order is session.order else "") for text, order in columns.headings()]
        self._write("headings", headings)
        self._write("keys", [(said or _KEYS, "")])
        at = rows.cursor if cursor is None else cursor
        rows.show(len(session.items), lambda number: columns.line(session.row(number)), at)

    def _write(self, name: str, line: Line) -> None:
        text = Text.assemble(*line, no_wrap=True, overflow="ellipsis", end="")
        self.screen_stack[0].query_one(f"#{name}", Static).update(text)

    def on_line_list_chosen(self, chosen: LineList.Chosen) -> None:
        """Open a folder, or the tokens of a file."""
        path = self.session.enter(chosen.number)
        if path is None:
            self.show(cursor=0)
            return
        encoding = self.session.numbers.encoding
        self.push_screen(TokensScreen(self.session.counting, path, encoding, colour=self._colour))

    def action_up(self) -> None:
        """Go to the folder above."""
        left = self.session.leave()
        self.show("" if left is not None else "this is the folder that was named", cursor=left)

    def action_leave_out(self) -> None:
        """Leave the row with the cursor out, or take it back; then go to the next one."""
        if not self.session.items:
            return
        try:
            said = self.session.toggle(self.rows.cursor)
        except UsageError as error:
            said = for_terminal(str(error))
        self.show(said, cursor=self.rows.cursor + 1)

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

    def action_everything(self) -> None:
        """Show everything again; close the question, if there is one."""
        self._put_question(is_asked=False)
        self.workers.cancel_group(self, "matching")
        self.session.show_only(None)
        self.show(cursor=0)

    def action_ask(self, what: str) -> None:
        """Ask for a glob."""
        self._asked, self._found = what, None
        self._write("prompt", [(_PROMPTS[what], "")])
        self._put_question(is_asked=True)

    def _put_question(self, *, is_asked: bool) -> None:
        self.query_one("#ask").display = is_asked
        self.query_one("#keys").display = not is_asked
        glob = self.query_one("#glob", Input)
        glob.value = ""
        (glob if is_asked else self.rows).focus()

    def on_input_changed(self, changed: Input.Changed) -> None:
        """Match what is typed, once nothing more was typed for a moment."""
        self.run_worker(self._match(changed.value, ends=False), group="matching", exclusive=True)

    def on_input_submitted(self, submitted: Input.Submitted) -> None:
        """Match the whole glob, and use it."""
        self.run_worker(self._match(submitted.value, ends=True), group="matching", exclusive=True)

    async def _match(self, glob: str, *, ends: bool) -> None:
        if not ends:
            await asyncio.sleep(_PAUSE_SECONDS)
        try:
            marks = await self._marks(self.session.view.tree, glob, _OPTIONS[self._asked]) if glob else b""
        except UsageError as error:
            self._write("prompt", [(f"{for_terminal(str(error))}: ", "red")])
            return
        self._write("prompt", [(_PROMPTS[self._asked], "")])
        said = ""
        if self._asked == "filter":
            self.session.show_only(Filter(glob, marks) if glob else None)
        elif ends and glob:
            said = self.session.leave_out(glob, marks)
        elif glob:
            self._write("prompt", [(f"leave out {plural(marks.count(1), 'file')}: ", "")])
        if ends:
            self._put_question(is_asked=False)
        self.show(said, cursor=0 if self._asked == "filter" else None)

    def action_help(self) -> None:
        """Explain the keys."""
        self.push_screen(HelpScreen())

    def action_models(self) -> None:
        """Let another model be chosen."""
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
            said = f"counting for {model.name}: {done:,} of {total:,} files"
            self.call_from_thread(self._write, "keys", [(said, "")])

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
            session.use_numbers(numbers, await self._same_choices(numbers))
        session.use_model(counted)
        self.show()

    async def _same_choices(self, numbers: Numbers) -> View:
        """Return the tree in another encoding with what was chosen so far."""
        before, tree = self.session.view, numbers.tree
        if before.tree.paths == tree.paths:
            return View(tree, before.excluded, before.filter)
        marks = {pattern: await self._marks(tree, pattern, "--exclude") for pattern in before.excluded}
        glob = before.filter.glob if before.filter else None
        return View(tree, marks, None if glob is None else Filter(glob, await self._marks(tree, glob, "--include")))

    async def _marks(self, tree: Tree, glob: str, option: str) -> bytes:
        return await marks_of(tree, glob, self.session.counting.shown_as, option=option)

    def action_leave(self) -> None:
        """Quit with the chosen patterns."""
        self.exit(list(self.session.view.excluded))

    def action_abandon(self) -> None:
        """Quit without them."""
        self.failure = KeyboardInterrupt()
        self.exit()


_PAUSE_SECONDS = 0.12
"""Time without a key after which a glob is matched."""
