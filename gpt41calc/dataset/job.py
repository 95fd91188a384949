"""The work of a worker: count one unit, whatever machine it is on."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from ..errors import Gpt41calcError, UsageError
from ..pricing.schema import Model
from ..tally import Skipped
from ..version import __version__
from .arrow import numpy, pa
from .columns import only_text_column, text_of, whole_numbers
from .count_rows import Counting
from .messages import counting_rule, requests_of, tally_requests
from .own_tokenizers import counter_of, is_slow, own_tokenizer, read_in
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

_FEWEST_DRAWN = 4
"""Rows of a batch, however long they are: where none is drawn nothing is known."""


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
    """What to count in; the first is that of the models that are asked about. If rows are requests: the identifiers
    of ``rules``.
    """

    rules: tuple[Model, ...] = ()
    """By whose rules rows are counted that are requests, one for each of ``encodings``; empty if rows are text."""

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

    @property
    def holds_requests(self) -> bool:
        """Whether every row is a request: a list of messages, or a body."""
        return bool(self.rules)

    def counts_of(self, model: Model) -> str:
        """Return in which of ``encodings`` the rows are counted for a model."""
        if not self.rules:
            own = own_tokenizer(model)
            return own if own in self.encodings else model.counted_in
        key = counting_rule(model)
        return next(rule.id for rule in self.rules if counting_rule(rule) == key)

    def every_row_of(self, model: Model) -> str:
        """Return in which of ``encodings`` every row is counted for a model of which its own tokenizer counts some."""
        return self.encodings[0] if self.rules else read_in(model)[0]

    def _vocabulary(self, at: int) -> str:
        return self.rules[at].counted_in if self.rules else self.encodings[at]

    def is_drawn(self, encoding: str) -> bool:
        """Say whether only some rows of every part are counted in one of ``encodings``: its tokenizer is slow."""
        return is_slow(self._vocabulary(self.encodings.index(encoding)))

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
        for part in unit.parts:
            reader = Reader(self._read_columns(part), takes_lists=self.holds_requests)
            try:
                found = self._part(part, reader)
            except (Gpt41calcError, OSError, ValueError, MemoryError, pa().ArrowException) as error:
                skipped.append(Skipped(part.name, why(error), expected=False))
                continue
            skipped += reader.skipped
            sums = {encoding: sums[encoding] + found[encoding] for encoding in self.encodings}
        if len(skipped) >= len(unit.parts) and not any(one.rows or one.nulls for one in sums.values()):
            return Lost(unit.key, tuple(skipped))
        names = {self._vocabulary(at) for at in range(len(self.encodings))}
        identities = {name: counter_of(name).identity for name in sorted(names)}
        return Counted(unit.key, sums, tuple(skipped), vocabularies=identities)

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
            outputs = self._outputs(batch)
            place = f"{part.name}, "
            if self.rules:
                found = self._requests(texts, part, reader, outputs, rows_before)
                sums = {name: sums[name] + found[name] for name in self.encodings}
                rows_before += len(texts)
                continue
            for encoding in self.encodings:
                counting = _counting(encoding, self.template, self.thresholds)
                if is_slow(encoding):
                    drawn = self._drawn(texts, part, rows_before)
                    sums[encoding] += counting.tally(drawn)
                else:
                    sums[encoding] += counting.tally(texts, place, outputs, rows_before=rows_before)
            rows_before += len(texts)
        return sums

    def _requests(
        self, rows: pyarrow.LargeBinaryArray, part: Part, reader: Reader, outputs: Any, rows_before: int
    ) -> dict[str, Tally]:
        """Return what a batch of requests adds up to, by the rules of each model."""
        place = f"{part.name}, "
        requests, wrong = requests_of(rows, self.rules, place, rows_before)
        reader.skipped += wrong
        every, first = self._distance(part, rows_before, len(requests))
        drawn = requests[first::every]
        given = None if outputs is None else outputs[[number - rows_before for number, _, _ in requests]]
        sums: dict[str, Tally] = {}
        for is_drawn in (False, True):  # all models of one kind together: those that read a text alike count it once
            names = [name for name in self.encodings if self.is_drawn(name) == is_drawn]
            tallies = tally_requests(
                drawn if is_drawn else requests,
                [self.rules[self.encodings.index(name)] for name in names],
                place=place,
                thresholds=self.thresholds,
                outputs=None if is_drawn else given,
            )
            nulls = Tally(nulls=0 if is_drawn else rows.null_count)
            sums |= {name: one + nulls for name, one in zip(names, tallies, strict=True)}
        return sums

    def _outputs(self, batch: pyarrow.RecordBatch) -> Any:
        """Return the output tokens of every row; None if no column has them."""
        name = self.output_column
        return whole_numbers(_as_integers(batch, name), name) if name else None

    def _drawn(self, texts: pyarrow.LargeBinaryArray, part: Part, first_row: int) -> pyarrow.LargeBinaryArray:
        """Return rows at equal distances from a random one on: about 64 kB of a part, or some of every batch."""
        rows = texts.drop_null()
        every, first = self._distance(part, first_row, len(rows))
        return rows if every == 1 else rows.take(pa().array(numpy().arange(first, len(rows), every)))

    def _distance(self, part: Part, first_row: int, rows: int) -> tuple[int, int]:
        """Return of how many rows of a batch one is drawn, and the first that is."""
        every = max(1, min(part.size // _SLOW_BYTES, rows // _FEWEST_DRAWN))
        generator = random.Random(f"{self.seed} {part.name} {first_row}")  # noqa: S311 - a sample, no secret
        return every, generator.randrange(every)


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
    engine = counter_of(encoding) if is_slow(encoding) else None
    return Counting(encoding, template=template, thresholds=thresholds, engine=engine)
