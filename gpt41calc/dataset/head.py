"""Look at the beginning of every file before anything is counted: is the column there, and is it text?"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from ..sources.strict_json import NotJson, parse_json
from .arrow import pa, require
from .columns import only_text_column, text_of, whole_numbers
from .files import DataFile
from .job import Job
from .read import ONLY_COLUMN, opened
from .stores import open_store
from .units import Part

if TYPE_CHECKING:
    import pyarrow

__all__ = ["require_readable"]

_AT_ONCE = 16

_MOST_LOOKED_AT = 200
"""Of many files so many are looked at before; what is wrong with another is found when it is counted."""

_FIRST_BYTES = 1 << 20

_FIRST_LINES = 100


def require_readable(files: Sequence[DataFile], job: Job) -> tuple[str, ...]:
    """Return the columns that are read, if the files have them.

    Args:
        files: the files, at least one.
        job: what is to be counted of them.

    Raises:
        UsageError: a column is missing, holds no text, or is not the same in all files; the message names the file.
    """
    step = max(1, len(files) // _MOST_LOOKED_AT)
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        schemas = list(threads.map(_schema, files[::step]))
    names: dict[str, str] = {}
    for file, schema in zip(files[::step], schemas, strict=True):
        if schema is None:  # damaged or empty: counting says so, with its place
            continue
        try:
            names.setdefault(_checked(schema, job), file.name)
        except UsageError as error:
            message = f"{file.name}: {error}"
            raise UsageError(message, hint=error.hint) from error
    if len(names) > 1:
        (one, first), (other, second), *_ = names.items()
        message = f"the text is in '{one}' of {first} and in '{other}' of {second}"
        raise UsageError(message, hint="name one column with --column")
    return job.columns or tuple(names) or (ONLY_COLUMN,)


def _checked(schema: pyarrow.Schema, job: Job) -> str:
    """Return the column that is counted, if a file with these columns can be."""
    batch = pa().RecordBatch.from_pylist([], schema=schema)
    column = job.column or (None if job.template else only_text_column(schema))
    text_of(batch, column, job.template)
    if job.output_column and not any(str(field.type) == "large_string" for field in schema):
        whole_numbers(batch, job.output_column)
    return column or ""


def _schema(file: DataFile) -> Any:
    """Return the columns of a file, as far as its beginning tells; None if it tells nothing."""
    arrow = pa()
    if file.format in {"lines", "documents"}:
        return arrow.schema([(ONLY_COLUMN, arrow.large_binary())])
    try:
        store, path = open_store(file.url)
        if file.format == "parquet":
            parquet = require("pyarrow.parquet", "dataset", "read datasets")
            with store.open_input_file(path) as stream:
                return parquet.read_schema(stream)
        with opened(store, path, Part(file)) as stream:
            first = stream.read(_FIRST_BYTES)
    except (OSError, ValueError, arrow.ArrowException):
        return None
    names = _head_of_csv(first, file) if file.format == "csv" else _keys(first)
    return arrow.schema([(name, arrow.large_string()) for name in names]) if names else None


def _head_of_csv(first: bytes, file: DataFile) -> list[str]:
    import csv
    from io import StringIO

    text = first.decode("utf-8-sig", "replace")
    return next(csv.reader(StringIO(text, newline=""), delimiter="\t" if file.is_tabbed else ","), [])


def _keys(first: bytes) -> list[str]:
    """Return the keys of the first objects whose values are text."""
    names: dict[str, None] = {}
    whole = first.split(b"\n") if len(first) < _FIRST_BYTES else first.split(b"\n")[:-1]
    for line in islice(whole, _FIRST_LINES):
        try:
            read = parse_json(line)
        except NotJson:
            continue
        if isinstance(read, dict):
            names.update((name, None) for name, value in read.items() if isinstance(value, str | int | None))
    return list(names)
