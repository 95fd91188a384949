"""One use of the explorer without its screen: where it is, what was chosen, and the lines that say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from ...pricing.schema import Model
from ...render.escape import for_terminal
from ...render.numbers import plural
from .header import place_line, totals_lines
from .models import model_line
from .patterns import pattern_of
from .rows import Columns, columns_for
from .run import Counting, Numbers
from .text import Line
from .totals import Setting, Totals, totals_of
from .tree import ROOT
from .view import Filter, Order, Row, Sums, View

__all__ = ["Session"]

_CHANGING = frozenset({"items", "totals", "_columns", "_extremes"})
"""What depends on the choices, and is made again when one is made."""


class Session:
    """The state, and the changes that keys make to it."""

    def __init__(self, counting: Counting, numbers: Numbers, models: Sequence[Model], setting: Setting) -> None:
        """Begin at the root, with everything counted.

        Args:
            counting: what counts the folder.
            numbers: the folder in the encoding of the model.
            models: the models to choose from.
            setting: the model, the workload and the day.
        """
        self.counting = counting
        self.models = models
        self.setting = setting
        self.numbers = numbers
        self.view = View(numbers.tree)
        self.folder = ROOT
        self.order = Order.TOKENS
        self.is_reversed = False

    @cached_property
    def items(self) -> list[int]:
        """The items of the folder in the order of their rows."""
        return self.view.items(self.folder, self.order, is_reversed=self.is_reversed)

    @cached_property
    def totals(self) -> Totals:
        """What is counted."""
        return totals_of(self.view, self.setting)

    @cached_property
    def _extremes(self) -> tuple[int, int]:
        """The fewest and the most tokens of a row."""
        is_sorted = self.order is Order.TOKENS
        return self.view.extremes([*self.items[:1], *self.items[-1:]] if is_sorted else self.items)

    def _change(self, *same: str) -> None:
        """Forget what a change makes wrong.

        Args:
            same: what stays as it is.
        """
        for name in _CHANGING - {*same}:
            vars(self).pop(name, None)

    def header(self, width: int) -> list[Line]:
        """Return the lines above the rows, but for the headings."""
        sums = self.view.shown
        place = place_line(
            self.view.tree.folders[self.folder].path,
            self.order,
            is_reversed=self.is_reversed,
            chosen=self.view.filter,
            shown_sums=Sums(sums.files, self.setting.tokens_of(sums.tokens)),
            width=width,
        )
        least = not self.numbers.tally.complete
        return [*totals_lines(self.totals, self.counting.root, width, least=least), place]

    def columns(self, width: int) -> Columns:
        """Return how the rows are written in a width."""
        known: Columns | None = vars(self).get("_columns")
        if known is None or known.width != width:
            whole = self.view.tokens_of(~self.folder)
            known = vars(self)["_columns"] = columns_for(self.totals, self._extremes, whole, width, self.order)
        return known

    def row(self, number: int) -> Row:
        """Return the row of a number."""
        return self.view.row(self.items[number])

    def enter(self, number: int) -> str | None:
        """Go into the folder of a row, or return the path of its file."""
        item = self.items[number]
        if item >= 0:
            return self.view.tree.paths[item]
        self.folder = ~item
        self._change("totals")
        return None

    def leave(self) -> int | None:
        """Go to the folder above; return the number of the row of the one that was left, None at the root."""
        left = self.folder
        if left == ROOT:
            return None
        self.folder = self.view.tree.folders[left].parent
        self._change("totals")
        return self.items.index(~left)

    def sort(self, order: Order | None = None) -> None:
        """Sort by another order, or the next; by the same one again in reverse."""
        chosen = self.order.next if order is None else order
        self.is_reversed = chosen is self.order and not self.is_reversed
        self.order = chosen
        self._change("totals", "_extremes")

    def reverse(self) -> None:
        """Reverse the order of the rows."""
        self.is_reversed = not self.is_reversed
        self._change("totals", "_extremes")

    def show_only(self, chosen: Filter | None) -> None:
        """Show only some files; the folder is left for one above it if nothing in it is shown."""
        if chosen == self.view.filter:
            return
        self.view = self.view.filtered(chosen)
        self._change()
        while not self.items and self.folder != ROOT:
            self.folder = self.view.tree.folders[self.folder].parent
            self._change()

    def toggle(self, number: int) -> str:
        """Leave a row out or take it back; return a sentence on what was done.

        Raises:
            UsageError: the path is longer than a pattern may be.
        """
        item = self.items[number]
        path = self.view.tree.path_of(item)
        pattern, marks = pattern_of(self.view.tree, path, self.counting.shown_as)
        if pattern in self.view.excluded:
            return self.take_back(pattern)
        if self.row(number).state == "left out":
            others = ", ".join(for_terminal(one[:60]) for one in self.view.patterns_of(item)[:3])
            return f"left out by {others}: take that back with x on its row, or with u"
        return self.leave_out(pattern, marks)

    def leave_out(self, pattern: str, marks: bytes) -> str:
        """Leave out the files that match a pattern; return a sentence on what was done."""
        self.view = self.view.excluding(pattern, marks)
        self._change("items", "_extremes")
        return f"left out {for_terminal(pattern[:200])}: {plural(marks.count(1), 'file')}"

    def take_back(self, pattern: str | None = None) -> str:
        """Take back a pattern, or the last one; return a sentence on what was done."""
        if not self.view.excluded:
            return "nothing is left out"
        chosen = list(self.view.excluded)[-1] if pattern is None else pattern
        self.view = self.view.taking_back(chosen)
        self._change("items", "_extremes")
        return f"taken back {for_terminal(chosen[:200])}"

    def use_model(self, model: Model) -> None:
        """Price for another model that is counted in the same encoding."""
        self.setting = replace(self.setting, model=model)
        self._change("items", "_extremes")

    def use_numbers(self, numbers: Numbers, view: View) -> None:
        """Show the folder in another encoding; the folder that is shown stays, if it is there.

        Args:
            numbers: the folder in the other encoding.
            view: its tree with the same choices.
        """
        path = self.view.tree.folders[self.folder].path
        self.numbers, self.view = numbers, view
        self.folder = next((number for number, one in enumerate(view.tree.folders) if one.path == path), ROOT)
        self._change()

    def model_line(self, number: int) -> Line:
        """Return the line of a model, with what it would cost if it is counted already."""
        model = self.models[number]
        is_counted = model.counted_in == self.numbers.encoding
        return model_line(model, self.view if is_counted else None, self.setting)
