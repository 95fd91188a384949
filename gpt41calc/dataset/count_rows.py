"""Count the rows of Arrow batches, without a Python object for every row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from ..tokenizer.chunks import count_stream
from ..tokenizer.engines import GigatokenEngine, tokenizer
from ..tokenizer.protocol import Counter
from ..tokenizer.utf8 import as_utf8
from ..version import __version__
from .arrow import numpy, pa
from .buffers import data_of, offsets_of, windows
from .columns import text_of, whole_numbers
from .single_rows import single_rows
from .sums import sum_up
from .template import Template, parse_template
from .totals import Tally

if TYPE_CHECKING:
    import pyarrow

__all__ = ["SPARK_SCHEMA", "Counting", "merge", "tally", "tally_batches", "tally_table"]

SPARK_SCHEMA = "version string, encoding string, tally string"
"""The columns that ``tally_batches`` yields, in the words that Spark's ``mapInArrow`` takes."""

_CHUNK_BYTES = 8 << 20
"""Text that is given to the engine at once: a batch is bounded by bytes, since rows may be of any length."""

_ROWS_AT_ONCE = 8192
"""Parts of fewer rows are joined: a call of the engine takes as long as some hundred short rows."""


class Counting:
    """How rows are counted: by which tokenizer, in which template, against which thresholds."""

    def __init__(
        self,
        encoding: str = "o200k_base",
        *,
        template: Template | None = None,
        thresholds: Iterable[int] = (),
        engine: Counter | None = None,
    ) -> None:
        """Prepare; the vocabulary is loaded with the first text.

        Args:
            encoding: of the model.
            template: what every row is put into; if it is None, a row is its text.
            thresholds: lengths in tokens; rows that are longer are counted apart.
            engine: what counts; if it is None, the fastest that there is for the encoding.

        Raises:
            UnknownModel: there is no such encoding.
        """
        self.encoding = encoding
        """Which tokenizer counts."""
        self.template = template
        """What every row is put into."""
        self.thresholds = tuple(sorted(set(thresholds)))
        """Lengths in tokens, rising."""
        self._engine = engine or tokenizer(encoding, short=False)

    @property
    def tokens_around(self) -> int:
        """What the template adds to every row, whatever the row is."""
        return self.tokens_before + (self._engine.count(self.template.tail) if self.template else 0)

    @property
    def tokens_before(self) -> int:
        """What all rows begin with: a prompt cache serves it."""
        return self._engine.count(self.template.head) if self.template else 0

    def tally(
        self, texts: pyarrow.LargeBinaryArray, place: str = "", outputs: Any = None, *, rows_before: int = 0
    ) -> Tally:
        """Return what rows add up to.

        Args:
            texts: a text a row, without head and tail of the template; null: the row has none.
            place: what the longest row is called by, before its number.
            rows_before: how many rows stand before these.
            outputs: output tokens of every row, as a numpy array; if it is None, they are not known.
        """
        np = numpy()
        rows = texts.drop_null()
        numbers = np.flatnonzero(~np.asarray(texts.is_null())) if texts.null_count else None
        sums = Tally(nulls=texts.null_count)
        around = self.tokens_around
        for start, chunk in windows(rows, _CHUNK_BYTES):
            counts, lossy = self._counts(chunk)
            end = start + len(chunk)
            sums += sum_up(
                counts + around,
                np.diff(offsets_of(chunk)),
                numbers=rows_before + (np.arange(start, end) if numbers is None else numbers[start:end]),
                place=place,
                thresholds=self.thresholds,
                outputs=None
                if outputs is None
                else outputs[start:end]
                if numbers is None
                else outputs[numbers[start:end]],
                lossy=lossy,
            )
        return sums

    def _counts(self, chunk: pyarrow.LargeBinaryArray) -> tuple[Any, int]:
        """Return the tokens of every row, and how many rows were no UTF-8."""
        if not isinstance(self._engine, GigatokenEngine) or len(chunk) == 1:
            return self._counts_one_by_one(chunk)
        single = single_rows(chunk)
        if not single:
            return self._engine.count_rows(offsets_of(chunk), data_of(chunk)), 0
        np = numpy()
        is_single = np.zeros(len(chunk), dtype=bool)
        is_single[single] = True
        counts = np.empty(len(chunk), dtype="int64")
        counts[is_single], lossy = self._counts_one_by_one(chunk.filter(pa().array(is_single)))
        plain = chunk.filter(pa().array(~is_single))
        if len(plain):
            counts[~is_single] = self._engine.count_rows(offsets_of(plain), data_of(plain))
        return counts, lossy

    def _counts_one_by_one(self, chunk: pyarrow.LargeBinaryArray) -> tuple[Any, int]:
        counts, lossy = [], 0
        for value in chunk:
            raw = value.as_py()
            text = as_utf8(raw)
            lossy += text is not raw
            is_long = len(text) > _CHUNK_BYTES
            counts.append(count_stream(self._engine, [text]) if is_long else self._engine.count(text))
        return numpy().array(counts, dtype="int64"), lossy


def tally(
    batch: pyarrow.RecordBatch | pyarrow.Table,
    column: str | None = None,
    *,
    template: str | None = None,
    encoding: str = "o200k_base",
    thresholds: Iterable[int] = (),
    output_column: str | None = None,
) -> Tally:
    """Return what the rows of a batch add up to.

    Args:
        batch: rows, as Arrow has them.
        column: whose text is counted; if it is None, the only column, or those that the template names.
        template: what every row is put into, with the names of columns in braces.
        encoding: of the model: ``o200k_base`` for GPT-4.1.
        thresholds: lengths in tokens; rows that are longer are counted apart, exactly.
        output_column: a column of whole numbers: the output tokens of every row.

    Raises:
        UsageError: a column is missing, or holds no text.
        UnknownModel: there is no such encoding.
    """
    parsed = parse_template(template, "template") if template is not None else None
    counting = _counting(encoding, parsed, tuple(sorted(thresholds)))
    sums, rows_before = Tally(), 0
    for texts, outputs in _joined(
        (text_of(part, column, parsed), whole_numbers(part, output_column) if output_column else None)
        for part in (batch.to_batches() if hasattr(batch, "to_batches") else (batch,))
    ):
        sums += counting.tally(texts, outputs=outputs, rows_before=rows_before)
        rows_before += len(texts)
    return sums


_Rows = tuple["pyarrow.LargeBinaryArray", Any]
"""A text a row, and the output tokens of every row or None."""


def _joined(parts: Iterable[_Rows]) -> Iterator[_Rows]:
    """Yield rows, short parts together: Polars has parts of some dozen rows."""
    held: list[_Rows] = []
    size = rows = 0
    for part in parts:
        part_bytes = int(offsets_of(part[0])[-1] - offsets_of(part[0])[0]) if len(part[0]) else 0
        if held and (rows + len(part[0]) > _ROWS_AT_ONCE or size + part_bytes > _CHUNK_BYTES):
            yield _concatenated(held)
            held, size, rows = [], 0, 0
        held.append(part)
        size += part_bytes
        rows += len(part[0])
    if held:
        yield _concatenated(held)


def _concatenated(parts: list[_Rows]) -> _Rows:
    if len(parts) == 1:
        return parts[0]
    has_outputs = parts[0][1] is not None
    outputs = numpy().concatenate([outputs for _, outputs in parts]) if has_outputs else None
    return pa().concat_arrays([texts for texts, _ in parts]), outputs


@cache
def _counting(encoding: str, template: Template | None, thresholds: tuple[int, ...]) -> Counting:
    """Keep the vocabulary between the batches of a worker: loading it takes 0.6 s."""
    return Counting(encoding, template=template, thresholds=thresholds)


def tally_batches(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
    """Yield one row for all batches of a partition: what Spark's ``mapInArrow`` calls.

    Raises:
        UsageError: there is not exactly one column of text.
    """
    sums = Tally()
    for batch in batches:
        sums += tally(batch)
    yield _as_batch(sums)


def tally_table(table: Any) -> pyarrow.Table:
    """Return one row for a table: what ``map_batches`` of Ray Data calls with ``batch_format="pyarrow"``.

    Args:
        table: of pyarrow, or whatever gives itself as Arrow (``__arrow_c_stream__``): of Polars, pandas, DuckDB, Daft.

    Raises:
        UsageError: there is not exactly one column of text.
    """
    return pa().Table.from_batches([_as_batch(tally(pa().table(table)))])


def _as_batch(sums: Tally) -> pyarrow.RecordBatch:
    columns = {"version": [__version__], "encoding": ["o200k_base"], "tally": [sums.to_json()]}
    return pa().RecordBatch.from_pydict(columns)


def merge(rows: Iterable[Any]) -> Tally:
    """Add up the rows that ``tally_batches`` and ``tally_table`` have made.

    Args:
        rows: rows of Spark, dicts of Ray Data, or batches of Arrow.

    Raises:
        UsageError: workers have counted with other versions of this package.
    """
    sums = Tally()
    for row in _rows(rows):
        if row["version"] != __version__:
            message = f"a worker has gpt41calc {row['version']}, this is {__version__}"
            raise UsageError(message, hint="install the same version on the driver and on all workers")
        sums += Tally.from_json(row["tally"])
    return sums


def _rows(rows: Iterable[Any]) -> Iterator[Any]:
    for row in rows:
        if hasattr(row, "to_pylist"):
            yield from row.to_pylist()
        else:
            yield row
