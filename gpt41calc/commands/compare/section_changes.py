"""Read the texts of files, and find the sections that are not the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ...pricing.schema import Model
from ...tally import Counted
from .comparison import SectionChange
from .pairs import Pair
from .read_file import ReadFile
from .wording import MOST_BYTES

if TYPE_CHECKING:
    from ...tokenizer.protocol import Tokenizer
    from .sections import Divided

__all__ = ["SectionReader"]


class SectionReader:
    """Reads the texts of files, and compares their sections."""

    def __init__(self, counter: Tokenizer, model: Model, *, is_of_files: bool) -> None:
        """Take what counts sections, the first model, and whether inputs have several files."""
        self.counter = counter
        self._model = model
        self._is_of_files = is_of_files
        self._bytes_left = 2 * MOST_BYTES
        self.before: list[bytes] = []
        self.after: list[bytes] = []
        self.undivided: list[tuple[str, str]] = []
        self.unread: list[tuple[str, str]] = []

    def sections(self, pair: Pair) -> Iterator[SectionChange]:
        """Yield the sections of a file that are not the same in both inputs, and the tokens that none has alone."""
        sides = [self._read(pair.path, one) for one in (pair.before, pair.after)]
        if any(text is None for text in sides):
            return
        before, after = (text or b"" for text in sides)
        self.before.append(before)
        self.after.append(after)
        if pair.before is None or pair.after is None:
            return
        was, now = self._divided(pair.before, before), self._divided(pair.after, after)
        names = {section.name for divided in (was, now) for section in divided.sections}
        if was.by is None or now.by is None or len(names) < _FEWEST_SECTIONS:
            return
        yield from self._changed(pair, was, now)

    def _read(self, path: str, file: ReadFile | None) -> bytes | None:
        """Return the text of a file; None if its lines are not compared, for a reason that is noted."""
        if file is None:
            return b""
        if not isinstance(file.seen, Counted):
            return None  # that it was not counted is said elsewhere
        text = file.text() if self._bytes_left > 0 else None
        if text is None:
            self.unread.append((path, f"more than {MOST_BYTES:,} bytes of text"))
            return None
        self._bytes_left -= len(text)
        return text

    def _divided(self, file: ReadFile, text: bytes) -> Divided:
        divided = file.divided(text)
        if divided.reason:
            self.undivided.append((file.seen.path, divided.reason))
        return divided

    def _changed(self, pair: Pair, was: Divided, now: Divided) -> Iterator[SectionChange]:
        old = {section.name: section.text for section in was.sections}
        new = {section.name: section.text for section in now.sections}
        counts = self._counts(old), self._counts(new)
        path = pair.path if self._is_of_files else None
        for name in {**new, **old}:
            if old.get(name) != new.get(name):
                by = now.by if name in new else was.by
                yield SectionChange(path=path, name=name, by=by, before=counts[0].get(name), after=counts[1].get(name))
        rest = [
            self._whole(file) - sum(counted.values())
            for file, counted in zip((pair.before, pair.after), counts, strict=True)
        ]
        if rest[0] != rest[1]:
            name = BY_RULES if "messages" in {was.by, now.by} else BETWEEN
            yield SectionChange(path=path, name=name, by=None, before=rest[0], after=rest[1])

    def _counts(self, sections: Mapping[str, bytes]) -> dict[str, int]:
        return {name: self.counter.count(text) for name, text in sections.items()}

    def _whole(self, file: ReadFile | None) -> int:
        """Return the tokens of a file in the encoding of sections, and what rules add to them."""
        if file is None or not isinstance(file.seen, Counted):
            return 0
        return file.seen.tokens[self._model.counted_in] + file.seen.added.get(self._model.id, 0)


_FEWEST_SECTIONS = 2
"""Fewest sections of both texts together: of one alone, its row would be that of the file."""

BETWEEN = "(where sections meet)"

BY_RULES = "(roles, functions and pictures, by the API's rules)"
