"""Look at the beginning of every file before anything is counted: is the column there, and is it text?"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import UsageError
from ..requests.content_kind import Kind
from ..requests.detect import kind_of
from ..sources.strict_json import NotJson, parse_json
from .arrow import pa, require
from .columns import only_text_column, require_columns, text_of, whole_numbers
from .files import DataFile
from .job import Job
from .messages import is_messages
from .read import ONLY_COLUMN, opened
from .stores import open_store
from .units import Part

if TYPE_CHECKING:
    import pyarrow

__all__ = ["Head", "require_readable"]

_AT_ONCE = 16

_MOST_LOOKED_AT = 200
"""Of many files so many are looked at before; what is wrong with another is found when it is counted."""

_FIRST_BYTES = 1 << 20

_FIRST_LINES = 100


class Head(NamedTuple):
    """What the beginning of files says."""

    columns: tuple[str, ...]
    """The columns that are read."""

    holds_requests: bool
    """Whether the column holds lists of messages, or bodies of requests."""


def require_readable(files: Sequence[DataFile], job: Job) -> Head:
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
    kinds: dict[bool, str] = {}
    for file, schema in zip(files[::step], schemas, strict=True):
        if schema is None:  # damaged or empty: counting says so, with its place
            continue
        try:
            column = _checked(schema, job)
            names.setdefault(column, file.name)
            kinds.setdefault(column in schema.names and is_messages(schema.field(column).type), file.name)
        except UsageError as error:
            message = f"{file.name}: {error}"
            raise UsageError(message, hint=error.hint) from error
    if len(names) > 1:
        (one, first), (other, second), *_ = names.items()
        message = f"the text is in '{one}' of {first} and in '{other}' of {second}"
        raise UsageError(message, hint="name one column with --column")
    if len(kinds) > 1:
        message = f"the column holds messages in {kinds[True]} and text in {kinds[False]}"
        raise UsageError(message, hint="count them apart, or messages and their JSON with --messages")
    return Head(job.columns or tuple(names) or (ONLY_COLUMN,), kinds == {True: kinds.get(True)})


def _checked(schema: pyarrow.Schema, job: Job) -> str:
    """Return the column that is counted, if a file with these columns can be."""
    arrow = pa()
    batch = arrow.RecordBatch.from_arrays([arrow.array([], field.type) for field in schema], schema=schema)
    column = job.column or (None if job.template else only_text_column(schema))
    text_of(batch, column, job.template)
    if job.output_column:
        require_columns(schema, [job.output_column])
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
    if file.format == "csv":
        names = _head_of_csv(first, file)
        return arrow.schema([(name, arrow.large_string()) for name in names]) if names else None
    kinds = _keys(first)
    messages = arrow.list_(arrow.struct([("role", arrow.large_string())]))
    return (
        arrow.schema([(name, messages if kinds[name] else arrow.large_string()) for name in kinds]) if kinds else None
    )


def _head_of_csv(first: bytes, file: DataFile) -> list[str]:
    import csv
    from io import StringIO

    text = first.decode("utf-8-sig", "replace")
    return next(csv.reader(StringIO(text, newline=""), delimiter="\t" if file.is_tabbed else ","), [])


def _keys(first: bytes) -> dict[str, bool]:
    """Return the keys of the first objects whose values are text, or messages: then it is true."""
    names: dict[str, bool] = {}
    whole = first.split(b"\n") if len(first) < _FIRST_BYTES else first.split(b"\n")[:-1]
    for line in islice(whole, _FIRST_LINES):
        try:
            read = parse_json(line)
        except NotJson:
            continue
        if isinstance(read, dict):
            for name, value in read.items():
                if isinstance(value, str | int | None):
                    names.setdefault(name, False)
                elif isinstance(value, list | dict) and kind_of(value, is_alone=True) is Kind.REQUEST:
                    names[name] = True
    return names
