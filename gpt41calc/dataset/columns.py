"""From a batch of rows to the text of every row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from .arrow import numpy, pa, require
from .messages import as_json_rows, is_messages
from .template import Template

if TYPE_CHECKING:
    import pyarrow

__all__ = ["only_text_column", "require_columns", "text_of", "whole_numbers"]

_MOST_NAMED = 20

_MOST_TOKENS = 2**31
"""No answer has more; sums of larger numbers would not fit into 64 bits."""


def text_of(batch: pyarrow.RecordBatch, column: str | None, template: Template | None) -> pyarrow.LargeBinaryArray:
    """Return the text of every row as bytes; null where a column has no value.

    Args:
        batch: the rows.
        column: whose text it is; if it is None, the only column of text.
        template: what the text is put into, without its head and tail; if it is None, nothing.

    Raises:
        UsageError: a column is missing, or holds no text.
    """
    if template is None:
        return _text(batch, column or only_text_column(batch.schema))
    for put in template.columns:
        require_columns(batch.schema, [put])
        if is_messages(batch.schema.field(put).type):
            message = f"the column '{put}' holds messages, which cannot be put into a template"
            raise UsageError(message, hint="count them with --column, without a template")
    large = pa().large_binary()
    joined: list[Any] = []
    for literal, name in template.seams:
        if literal:
            joined.append(pa().scalar(literal.encode(), large))
        if name is not None:
            joined.append(_text(batch, name))
    if len(joined) == 1:
        return joined[0]
    compute = require("pyarrow.compute", "dataset", "read datasets")
    return compute.binary_join_element_wise(*joined, pa().scalar(b"", large))


def _text(batch: pyarrow.RecordBatch, name: str) -> pyarrow.LargeBinaryArray:
    require_columns(batch.schema, [name])
    values = batch.column(name)
    arrow = pa()
    kind = values.type
    if arrow.types.is_dictionary(kind):
        values = values.dictionary_decode()
        kind = values.type
    if arrow.types.is_integer(kind) or arrow.types.is_boolean(kind):
        values = values.cast(arrow.large_string())
    elif is_messages(kind):
        return as_json_rows(values)
    elif not _is_text(kind):
        message = f"the column '{name}' holds {kind}, no text"
        raise UsageError(message, hint=f"columns of text: {_named(_text_columns(batch.schema))}")
    return values.cast(arrow.large_binary())


def _is_text(kind: Any) -> bool:
    types = pa().types
    tests = (types.is_string, types.is_large_string, types.is_string_view)
    bytes_or_none = (types.is_binary, types.is_large_binary, types.is_binary_view, types.is_null)
    return any(test(kind) for test in (*tests, *bytes_or_none)) or (
        types.is_dictionary(kind) and _is_text(kind.value_type)
    )


def _text_columns(schema: pyarrow.Schema) -> list[str]:
    return [field.name for field in schema if _is_text(field.type) or is_messages(field.type)]


def only_text_column(schema: pyarrow.Schema) -> str:
    """Return the column of text that is meant if none is named: the only one, or the one called ``text``.

    Raises:
        UsageError: it is not clear which.
    """
    names = _text_columns(schema)
    if len(names) == 1 or "text" in names:
        return names[0] if len(names) == 1 else "text"
    message = f"which column is to be counted? possible: {_named(names)}"
    raise UsageError(message, hint="name it with --column")


def require_columns(schema: pyarrow.Schema, names: Sequence[str]) -> None:
    """Do nothing if there are such columns, one of each name.

    Raises:
        UsageError: there are not.
    """
    missing = [name for name in names if name not in schema.names]
    if missing:
        message = f"there is no column '{missing[0]}'"
        raise UsageError(message, hint=f"columns: {_named(schema.names)}")
    twice = [name for name in names if schema.names.count(name) > 1]
    if twice:
        message = f"there are {schema.names.count(twice[0])} columns '{twice[0]}'"
        raise UsageError(message, hint="give one of them another name")


def whole_numbers(batch: pyarrow.RecordBatch, name: str) -> Any:
    """Return a column of whole numbers, as numpy has them.

    Raises:
        UsageError: it is missing, holds something else, or less than nothing.
    """
    require_columns(batch.schema, [name])
    values = batch.column(name)
    if not pa().types.is_integer(values.type):
        message = f"the column '{name}' holds {values.type}, no whole numbers"
        raise UsageError(message)
    if values.null_count:
        message = f"the column '{name}' has no number in {values.null_count:,} rows"
        raise UsageError(message)
    numbers = numpy().asarray(values.cast(pa().int64()))
    if numbers.size and int(numbers.min()) < 0:
        message = f"the column '{name}' holds a number below 0"
        raise UsageError(message)
    if numbers.size and int(numbers.max()) > _MOST_TOKENS:
        message = f"the column '{name}' holds {int(numbers.max()):,}: no answer has so many tokens"
        raise UsageError(message)
    return numbers


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(f"{name:.60}" for name in names[:_MOST_NAMED]) or "none"
    return shown + (", …" if len(names) > _MOST_NAMED else "")
