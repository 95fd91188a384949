"""What is left out, what is shown, and the sums of both: the state of the explorer, without a screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from itertools import compress
from typing import Any, Literal, NamedTuple

from .marks import both, either, everything, opposite, running_sums, sum_of
from .tree import ROOT, Tree

__all__ = ["Filter", "Order", "Row", "Sums", "View"]


class Order(StrEnum):
    """By what the rows of a folder are sorted."""

    TOKENS = "tokens"
    NAME = "name"
    FILES = "files"
    SIZE = "size"

    @property
    def next(self) -> Order:
        """The order behind this one, and behind the last the first."""
        every = list(Order)
        return every[(every.index(self) + 1) % len(every)]


class Filter(NamedTuple):
    """The files that are shown."""

    glob: str
    """The pattern, in gitignore syntax."""

    marks: bytes
    """The files that match it."""


class Sums(NamedTuple):
    """The files of a set, added up."""

    files: int
    """Number of files."""

    tokens: int
    """Their tokens, in the encoding of the tree."""


class Row(NamedTuple):
    """A file or folder, as it is shown."""

    item: int
    """A file as its number, a folder as the complement of its number."""

    name: str
    """Its name without the folders above; that of a folder ends in a slash."""

    tokens: int
    """Tokens of its files that are shown and not left out; of all of them if it is left out as a whole."""

    files: int
    """Number of its files that are shown."""

    bytes: int
    """Their size, in bytes."""

    state: Literal["kept", "partly", "left out"]
    """Whether its files are counted, or some or all of them are left out."""

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.item < 0


@dataclass(frozen=True)
class View:
    """A tree with what was chosen in it; every change is a new view."""

    tree: Tree
    """The counted files."""

    excluded: Mapping[str, bytes] = field(default_factory=dict)
    """The files that match each chosen pattern, by pattern, in the order in which they were chosen."""

    filter: Filter | None = None
    """The files that are shown. None for all of them."""

    def excluding(self, pattern: str, marks: bytes) -> View:
        """Return the view with one more pattern."""
        return self._with({**self.excluded, pattern: marks})

    def taking_back(self, pattern: str) -> View:
        """Return the view without a pattern."""
        return self._with({one: marks for one, marks in self.excluded.items() if one != pattern})

    def filtered(self, chosen: Filter | None) -> View:
        """Return the view that shows other files."""
        return self if chosen == self.filter else self._replaced(("whole", "remaining", "counted"), filter=chosen)

    def _with(self, excluded: Mapping[str, bytes]) -> View:
        """Return the view with other patterns."""
        return self._replaced(("whole", "_shown", "_shown_tokens", "_shown_bytes"), excluded=excluded)

    def _replaced(self, same: Iterable[str], **values: Any) -> View:
        """Return the view with another value of a field.

        Args:
            same: the properties that stay what they are, so that they are not added up again.
            values: the other value.
        """
        made = replace(self, **values)
        vars(made).update({name: vars(self)[name] for name in same if name in vars(self)})
        return made

    def patterns_of(self, item: int) -> list[str]:
        """Return the patterns that leave out any file of an item."""
        start, end = self.tree.range_of(item)
        return [pattern for pattern, marks in self.excluded.items() if marks.find(1, start, end) >= 0]

    @cached_property
    def remaining(self) -> bytes:
        """The files that are not left out."""
        files = len(self.tree.paths)
        return opposite(either(files, self.excluded.values())) if self.excluded else everything(files)

    @cached_property
    def whole(self) -> Sums:
        """All files."""
        return Sums(len(self.tree.paths), sum(self.tree.tokens))

    @cached_property
    def counted(self) -> Sums:
        """The files that are not left out, whether they are shown or not."""
        if not self.excluded:
            return self.whole
        return Sums(self.remaining.count(1), sum_of(self.tree.tokens, self.remaining))

    @cached_property
    def shown(self) -> Sums:
        """The files that are shown, left out or not."""
        if self.filter is None:
            return self.whole
        return Sums(self._shown.count(1), sum_of(self.tree.tokens, self._shown))

    @cached_property
    def _shown(self) -> bytes:
        return everything(len(self.tree.paths)) if self.filter is None else self.filter.marks

    @cached_property
    def _shown_tokens(self) -> list[int]:
        return running_sums(self.tree.tokens, self._shown)

    @cached_property
    def _shown_bytes(self) -> list[int]:
        return running_sums(self.tree.bytes, self._shown)

    @cached_property
    def _counted(self) -> bytes:
        if not self.excluded:
            return self._shown
        return both(self._shown, self.remaining)

    @cached_property
    def _counted_tokens(self) -> list[int]:
        if not self.excluded:
            return self._shown_tokens
        return running_sums(self.tree.tokens, self._counted)

    def tokens_of(self, item: int) -> int:
        """Return the tokens of an item's files that are shown, left out or not."""
        if item == ~ROOT:
            return self.shown.tokens
        return self._sum(item, self.tree.tokens, lambda: self._shown_tokens)

    def _sum(self, item: int, values: Sequence[int], sums: Callable[[], Sequence[int]]) -> int:
        """Return the value of a file, or the sum of those of a folder; no sums are made if only files are asked for."""
        if item >= 0:
            return values[item]
        start, end = self.tree.range_of(item)
        return sums()[end] - sums()[start]

    def extremes(self, items: Sequence[int]) -> tuple[int, int]:
        """Return the fewest and the most tokens of some items, left out or not; zeros if there are none."""
        known = self.tree.tokens
        tokens = [known[item] if item >= 0 else self.tokens_of(item) for item in items]
        return min(tokens, default=0), max(tokens, default=0)

    def row(self, item: int) -> Row:
        """Return an item as it is shown."""
        start, end = self.tree.range_of(item)
        files, counted = self._shown.count(1, start, end), self._counted.count(1, start, end)
        path = self.tree.path_of(item)
        return Row(
            item=item,
            name=path[path.rfind("/", 0, len(path) - 1) + 1 :],
            tokens=self._sum(item, self.tree.tokens, lambda: self._counted_tokens if counted else self._shown_tokens),
            files=files,
            bytes=self._sum(item, self.tree.bytes, lambda: self._shown_bytes),
            state="kept" if counted == files else "partly" if counted else "left out",
        )

    def items(self, folder: int, order: Order, *, is_reversed: bool = False) -> list[int]:
        """Return what is shown of a folder, sorted: the largest first, or by name; equal ones by name.

        What is left out keeps its place, so that no row moves under the cursor.

        Args:
            folder: number of the folder.
            order: by what it is sorted.
            is_reversed: whether the smallest come first, or the last names.
        """
        items, has_folders = list(self.tree.folders[folder].items), self.tree.has_folders(folder)
        if self.filter is not None:
            start, end = self.tree.range_of(~folder)
            items = list(compress(items, map(self._is_shown, items) if has_folders else self._shown[start:end]))
        if order is Order.NAME:
            return items[::-1] if is_reversed else items
        return sorted(items, key=self._keys(order, has_folders=has_folders), reverse=not is_reversed)

    def _is_shown(self, item: int) -> bool:
        if item >= 0:
            return bool(self._shown[item])
        return self._shown.find(1, *self.tree.range_of(item)) >= 0

    def _keys(self, order: Order, *, has_folders: bool) -> Callable[[int], int]:
        """Return the function by which items are sorted; for single files it reads a tuple, and no sums."""
        if order is Order.FILES:
            shown = self._shown
            return lambda item: 1 if item >= 0 else shown.count(1, *self.tree.range_of(item))
        if not has_folders:
            return (self.tree.tokens if order is Order.TOKENS else self.tree.bytes).__getitem__
        values, sums = (
            (self.tree.tokens, self._shown_tokens) if order is Order.TOKENS else (self.tree.bytes, self._shown_bytes)
        )
        folders = self.tree.folders

        def key(item: int) -> int:
            if item >= 0:
                return values[item]
            folder = folders[~item]
            return sums[folder.end] - sums[folder.start]

        return key
