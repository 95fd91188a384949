"""Pair the files of two inputs."""

from __future__ import annotations

from dataclasses import dataclass

from ...calculator.change import ChangeStatus
from ...sources.read import NotText
from ...tally import Counted, Skipped
from .read_file import ReadFile
from .read_sides import ReadSide

__all__ = ["Pair", "pairs_of"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A file in both inputs, or in one."""

    path: str
    """Its path relative to the inputs."""

    before: ReadFile | None
    """The file in the first input. None if it is not there."""

    after: ReadFile | None
    """The file in the other input. None if it is not there."""

    @property
    def is_same(self) -> bool:
        """Whether both have the same text; if both are not counted, as binary files are not, the same bytes."""
        if self.before is None or self.after is None:
            return False
        one, other = self.before.seen, self.after.seen
        if not isinstance(one, Counted) or not isinstance(other, Counted):
            is_left_out = isinstance(one, Skipped) and isinstance(other, Skipped) and one.expected and other.expected
            return is_left_out and self.before.raw_digest() == self.after.raw_digest()
        if self.before.source is not None and self.after.source is not None and one.tokens != other.tokens:
            return False
        try:
            return self.before.content() == self.after.content()
        except NotText:
            return False

    @property
    def status(self) -> ChangeStatus:
        """Kind of the change."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"


def pairs_of(first: ReadSide, other: ReadSide) -> list[Pair]:
    """Return the files of two inputs by their relative path; two files are a pair whatever their names are."""
    if "folder" not in {first.kind, other.kind}:
        (before,), (after,) = first.files.values(), other.files.values()
        return [Pair(other.name, before, after)]
    paths = sorted({**first.files, **other.files})
    return [Pair(path, first.files.get(path), other.files.get(path)) for path in paths]
