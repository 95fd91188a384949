"""The work of a worker: count one unit, whatever machine it is on."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from ..errors import Gpt41calcError, UsageError
from ..tally import Skipped
from ..tokenizer.claude_vocabulary import FAMILIES
from ..tokenizer.engines import tokenizer
from ..version import __version__
from .arrow import numpy, pa
from .columns import only_text_column, text_of, whole_numbers
from .count_rows import Counting
from .read import ONLY_COLUMN, Reader
from .stores import why
from .template import Template
from .totals import Tally

if TYPE_CHECKING:
    import pyarrow

    from .units import Part, Unit

__all__ = ["Counted", "Job", "Lost"]

_SLOW_BYTES = 64 << 10
"""Of a part, so much text is counted by a tokenizer that takes 100 times as long as the fast one."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A unit that could not be counted."""

    key: str
    """Of the unit."""

    reasons: tuple[Skipped, ...]
    """What could not be read, and why."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a unit adds up to."""

    key: str
    """Of the unit."""

    tallies: Mapping[str, Tally]
    """Sums by encoding; of a slow tokenizer only of the rows that were drawn, whose bytes say how many."""

    bytes_read: int
    """What was read of the files."""

    skipped: tuple[Skipped, ...] = ()
    """Rows and parts that could not be read: the sums are then lower bounds."""

    version: str = __version__
    """Which gpt41calc has counted."""

    vocabularies: Mapping[str, str] = field(default_factory=dict)
    """Name and digest of what was counted in, by encoding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """How every unit is counted; goes to the workers once."""

    column: str | None = None
    """Name of the column whose text is counted. None for the only column of text, or those of the template."""

    template: Template | None = None
    """The prompt into which the text of every row is put. None if the text is the whole prompt."""

    encodings: tuple[str, ...] = ("o200k_base",)
    """What to count in; the first is that of the models that are asked about."""

    thresholds: tuple[int, ...] = ()
    """Lengths in tokens; rows that are longer are counted apart."""

    output_column: str | None = None
    """Name of a column of whole numbers: the output tokens of every row. None if answers are not in the rows."""

    seed: int = 0
    """Which rows a slow tokenizer counts."""

    @property
    def columns(self) -> tuple[str, ...] | None:
        """The columns that are read; None if the file has to say."""
        texts = self.template.columns if self.template else (self.column,) if self.column else ()
        outputs = (self.output_column,) if self.output_column else ()
        return tuple(dict.fromkeys((*texts, *outputs))) if texts else None

    def count_anywhere(self, unit: Unit) -> Counted | Lost:
        """Return what ``count`` does, or why a worker cannot count at all: a package is missing there."""
        try:
            return self.count(unit)
        except Gpt41calcError as error:
            return Lost(unit.key, (Skipped(unit.parts[0].name, f"a worker: {why(error)}", expected=False),))

    def count(self, unit: Unit) -> Counted | Lost:
        """Return what a unit adds up to; what cannot be read of it is named."""
        sums = {encoding: Tally() for encoding in self.encodings}
        skipped: list[Skipped] = []
        read = 0
        for part in unit.parts:
            reader = Reader(self._read_columns(part))
            try:
                found = self._part(part, reader)
            except (Gpt41calcError, OSError, ValueError, MemoryError, pa().ArrowException) as error:
                skipped.append(Skipped(part.name, why(error), expected=False))
                continue
            read += reader.bytes_read
            skipped += reader.skipped
            sums = {encoding: sums[encoding] + found[encoding] for encoding in self.encodings}
        if len(skipped) >= len(unit.parts) and not any(one.rows or one.nulls for one in sums.values()):
            return Lost(unit.key, tuple(skipped))
        identities = {encoding: tokenizer(encoding).identity for encoding in self.encodings}
        return Counted(unit.key, sums, read, tuple(skipped), vocabularies=identities)

    def _read_columns(self, part: Part) -> tuple[str, ...] | None:
        if part.file.format in {"lines", "documents"}:
            return (ONLY_COLUMN,)
        return self.columns

    def _part(self, part: Part, reader: Reader) -> dict[str, Tally]:
        """Return what a part adds up to, all of it or nothing: half of a part would not be known as half."""
        sums = {encoding: Tally() for encoding in self.encodings}
        rows_before = 0
        for batch in reader.batches(part):
            column = self.column if self.column or self.template else only_text_column(batch.schema)
            texts = text_of(batch, column, self.template)
            outputs = (
                whole_numbers(_as_integers(batch, self.output_column), self.output_column)
                if self.output_column
                else None
            )
            place = f"{part.name}, "
            for encoding in self.encodings:
                counting = _counting(encoding, self.template, self.thresholds)
                if encoding in FAMILIES:
                    drawn = self._drawn(texts, part, rows_before)
                    sums[encoding] += counting.tally(drawn)
                else:
                    sums[encoding] += counting.tally(texts, place, outputs, rows_before=rows_before)
            rows_before += len(texts)
        return sums

    def _outputs(self, batch: pyarrow.RecordBatch) -> Any:
        """Return the output tokens of every row; None if no column has them."""
        name = self.output_column
        return whole_numbers(_as_integers(batch, name), name) if name else None

    def _drawn(self, texts: pyarrow.LargeBinaryArray, part: Part, first_row: int) -> pyarrow.LargeBinaryArray:
        """Return rows at equal distances from a random one on: about 64 kB of a part."""
        rows = texts.drop_null()
        share = max(1, int(part.size // _SLOW_BYTES))
        if share == 1 or not len(rows):
            return rows
        # Rows are drawn by their number in the part, so that batches of any length draw the same.
        offset = random.Random(f"{self.seed} {part.name}").randrange(share)  # noqa: S311 - a sample, no secret
        first = (offset - first_row) % share
        return rows.take(pa().array(numpy().arange(first, len(rows), share)))


def _as_integers(batch: pyarrow.RecordBatch, name: str) -> pyarrow.RecordBatch:
    """Return a batch in which a column of digits, as lines of text have them, is a column of numbers."""
    arrow = pa()
    at = batch.schema.get_field_index(name)
    if at < 0 or arrow.types.is_integer(batch.schema.field(at).type):
        return batch
    try:
        numbers = batch.column(at).cast(arrow.large_string()).cast(arrow.int64())
    except arrow.ArrowException as error:
        message = f"the column '{name}' holds something else than whole numbers: {why(error)}"
        raise UsageError(message) from error
    return batch.set_column(at, name, numbers)


@cache
def _counting(encoding: str, template: Template | None, thresholds: tuple[int, ...]) -> Counting:
    """Keep the vocabulary for the life of the worker: loading it takes 0.6 s."""
    return Counting(encoding, template=template, thresholds=thresholds)
