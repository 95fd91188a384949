"""From a part of a file to batches of rows, of bounded length."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..sources.strict_json import NotJson, parse_json
from ..tally import Skipped
from .arrow import pa, require
from .stores import open_store
from .units import Part

if TYPE_CHECKING:
    import pyarrow

__all__ = ["ONLY_COLUMN", "Reader", "opened"]

ONLY_COLUMN = "text"
"""What the column is called where rows are lines or files."""

_BLOCK_BYTES = 8 << 20

_LINE_BYTES = 64 << 10
"""Behind the end of a range so much is read for the rest of its last line."""

_ROWS_AT_ONCE = 8192

_MOST_LINE_BYTES = 256 << 20
"""A longer line is not read: no row of a dataset is so long, and memory is bounded."""

_BOM = b"\xef\xbb\xbf"
"""At the beginning of a file it says that what follows is UTF-8, and is no text."""

_CODECS = {"gz": "gzip", "zst": "zstd", "bz2": "bz2"}


class RowTooLong(ValueError):
    """A line is longer than any row may be."""


@dataclass(slots=True)
class Reader:
    """Reads parts, and keeps what was read and what could not be."""

    columns: Sequence[str] | None
    """Which columns to read; if it is None, all of them."""

    takes_lists: bool = False
    """Whether lists and objects in lines are values: rows are requests. They are read as JSON."""

    skipped: list[Skipped] = field(default_factory=list)
    """Rows that could not be read."""

    def batches(self, part: Part) -> Iterator[pyarrow.RecordBatch]:
        """Yield the rows of a part.

        Raises:
            OSError: the store does not give it.
            ValueError: it is damaged, or a column is missing.
        """
        store, path = open_store(part.file.url)
        if part.file.format == "parquet":
            yield from self._parquet(store, path, part)
        elif part.file.format == "csv":
            yield from self._csv(store, path, part)
        elif part.file.format == "documents":
            yield self._document(store, path, part)
        else:
            for start, raw in self._blocks(store, path, part):
                block = raw if start else raw.removeprefix(_BOM)
                if part.file.format == "jsonl":
                    objects = self._one_by_one if self.takes_lists else self._objects
                    yield from objects(block, start, part)
                else:
                    yield _as_rows([line.removesuffix(b"\r") for line in block.removesuffix(b"\n").split(b"\n")])

    def _parquet(self, store: Any, path: str, part: Part) -> Iterator[pyarrow.RecordBatch]:
        parquet = require("pyarrow.parquet", "dataset", "read datasets")
        with _unchanged(store.open_input_file(path), part) as stream:
            # A flipped bit inside a page would be counted without a word if checksums were not asked for.
            file = parquet.ParquetFile(stream, page_checksum_verification=True, pre_buffer=True)
            yield from file.iter_batches(
                batch_size=_ROWS_AT_ONCE, row_groups=part.groups, columns=self.columns, use_threads=False
            )

    def _csv(self, store: Any, path: str, part: Part) -> Iterator[pyarrow.RecordBatch]:
        csv = require("pyarrow.csv", "dataset", "read datasets")

        def skip(row: Any) -> str:
            place = f"{part.file.name}:{row.number}" if row.number else part.file.name
            reason = f"{row.actual_columns} cells, where the head has {row.expected_columns}"
            self.skipped.append(Skipped(place, reason, expected=False))
            return "skip"

        text = pa().large_string()
        with opened(store, path, part) as stream:
            reader = csv.open_csv(
                stream,
                read_options=csv.ReadOptions(use_threads=False, block_size=_BLOCK_BYTES),
                parse_options=csv.ParseOptions(
                    delimiter="\t" if part.file.is_tabbed else ",",
                    newlines_in_values=True,
                    invalid_row_handler=skip,
                    ignore_empty_lines=True,
                ),
                convert_options=csv.ConvertOptions(
                    include_columns=list(self.columns or []),
                    column_types=dict.fromkeys(self.columns or (), text),
                    strings_can_be_null=False,
                ),
            )
            yield from reader

    def _document(self, store: Any, path: str, part: Part) -> pyarrow.RecordBatch:
        with opened(store, path, part) as stream:
            raw = stream.read()
        return _as_rows([raw.removeprefix(_BOM)])

    def _blocks(self, store: Any, path: str, part: Part) -> Iterator[tuple[int, bytes]]:
        """Yield whole lines: those whose first byte lies in the range, as Hadoop's reader divides lines."""
        with opened(store, path, part) as stream:
            at, text, is_whole = part.start, b"", False
            if part.start:
                stream.seek(part.start - 1)
                at, text = _first_line(stream, part)
            while part.end is None or at < part.end:
                if part.end is not None and at + len(text) >= part.end:
                    # The line that holds the last byte of the range is the last line of it.
                    last = text.find(b"\n", part.end - 1 - at) + 1
                    if last or is_whole:
                        yield at, text[: last or len(text)]
                        return
                else:
                    cut = len(text) if is_whole else text.rfind(b"\n") + 1
                    if cut:
                        yield at, text[:cut]
                        at, text = at + cut, text[cut:]
                if is_whole:
                    return
                if len(text) > _MOST_LINE_BYTES:
                    message = f"a line of more than {_MOST_LINE_BYTES:,} bytes"
                    raise RowTooLong(message)
                block = stream.read(_next_bytes(part, at + len(text), len(text)))
                is_whole = not block
                text += block

    def _objects(self, block: bytes, start: int, part: Part) -> Iterator[pyarrow.RecordBatch]:
        arrow = pa()
        arrow_json = require("pyarrow.json", "dataset", "read datasets")
        schema = arrow.schema([(name, arrow.large_string()) for name in self.columns or ()])
        try:
            table = arrow_json.read_json(
                arrow.BufferReader(block),
                read_options=arrow_json.ReadOptions(use_threads=False, block_size=len(block) + 1),
                parse_options=arrow_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore"),
            )
        except arrow.ArrowInvalid:
            yield from self._one_by_one(block, start, part)  # which line is wrong, or what is no text
            return
        yield from table.to_batches()

    def _one_by_one(self, block: bytes, start: int, part: Part) -> Iterator[pyarrow.RecordBatch]:
        """Read lines by Python, and say which cannot be read."""
        columns: dict[str, list[Any]] = {name: [] for name in self.columns or ()}
        at = start
        for line in block.split(b"\n"):
            place = f"{part.file.name}, byte {at:,}"
            at += len(line) + 1
            if not line.strip():
                continue
            try:
                read = parse_json(line)
            except NotJson as error:
                self.skipped.append(Skipped(place, error.reason, expected=False))
                continue
            if not isinstance(read, dict):
                self.skipped.append(Skipped(place, "no object", expected=False))
                continue
            values = {name: read.get(name) for name in columns}
            wrong = next((name for name, value in values.items() if not self._is_value(value)), None)
            if wrong is not None:
                found = type(values[wrong]).__name__
                self.skipped.append(Skipped(place, f"'{wrong}' is no text but {found}", expected=False))
                continue
            for name, value in values.items():
                columns[name].append(_as_text(value))
        arrow = pa()
        yield arrow.RecordBatch.from_pydict(
            {name: arrow.array(values, arrow.large_binary()) for name, values in columns.items()}
        )

    def _is_value(self, value: object) -> bool:
        return (
            value is None
            or isinstance(value, str | bool | int)
            or (self.takes_lists and isinstance(value, list | dict))
        )


def _as_text(value: Any) -> bytes | None:
    if value is None:
        return None
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if isinstance(value, bool):
        return b"true" if value else b"false"
    return str(value).encode("utf-8", "surrogatepass")


def _as_rows(texts: Sequence[bytes]) -> pyarrow.RecordBatch:
    arrow = pa()
    return arrow.RecordBatch.from_pydict({ONLY_COLUMN: arrow.array(texts, arrow.large_binary())})


def opened(store: Any, path: str, part: Part) -> Any:
    """Return a stream of a file's bytes, unpacked.

    Raises:
        OSError: the store does not give it, or it has changed.
    """
    if part.file.compression:
        return store.open_input_stream(path, compression=_CODECS[part.file.compression])
    return _unchanged(store.open_input_file(path), part)


def _unchanged(stream: Any, part: Part) -> Any:
    """Return a stream, if its file is as long as when it was divided: else rows would be missing, or be there twice.

    Raises:
        OSError: it is not.
    """
    if part.file.size and stream.size() != part.file.size:
        message = f"it has changed: {stream.size():,} bytes, {part.file.size:,} when it was listed"
        raise OSError(message)
    return stream


def _first_line(stream: Any, part: Part) -> tuple[int, bytes]:
    """Skip to behind the next newline; return where that is, and what was read behind it."""
    at = part.start - 1
    while True:
        block = stream.read(_next_bytes(part, at, 0))
        if not block:
            return at, b""
        end = block.find(b"\n") + 1
        if end:
            return at + end, block[end:]
        at += len(block)


def _next_bytes(part: Part, at: int, held: int) -> int:
    """Return how much to read next: to the end of the range and its last line, not more of a store than is needed.

    Args:
        part: what is read.
        at: where reading goes on.
        held: bytes of lines that are not whole: the longer they are the more is read, since they are copied each time.
    """
    if part.end is None:
        return _BLOCK_BYTES
    return min(_BLOCK_BYTES, max(part.end - at, held, 0) + _LINE_BYTES)
