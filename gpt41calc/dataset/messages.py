"""Rows that are requests: a list of messages, or a whole body, counted by the rules of the API."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..calculator.context import input_tokens
from ..errors import Gpt41calcError
from ..pricing.schema import Model
from ..requests.blocks import Measured, measured
from ..requests.detect import parse_request
from ..requests.tokens import request_overhead
from ..sources.strict_json import NotJson, parse_json
from ..tally import Skipped
from ..tokenizer.engines import tokenizer
from .arrow import numpy, pa
from .sums import sum_up
from .totals import Tally

if TYPE_CHECKING:
    import pyarrow

__all__ = ["Request", "as_json_rows", "counting_rule", "is_messages", "requests_of", "tally_requests"]


Request = tuple[int, int, Measured]
"""Number of a row, its bytes, and the request in it."""


def counting_rule(model: Model) -> tuple[object, ...]:
    """Return a key that is equal for models that count every request alike."""
    return (model.counted_in, model.ratio, model.family, model.chat, model.anthropic, model.google, model.images)


def is_messages(kind: Any) -> bool:
    """Say whether a type of Arrow is a list of messages, or a body with one."""
    types = pa().types
    if types.is_list(kind) or types.is_large_list(kind) or types.is_list_view(kind):
        item = kind.value_type
        return bool(types.is_struct(item)) and any(
            item.field(at).name in {"role", "parts"} for at in range(item.num_fields)
        )
    if types.is_struct(kind):
        names = {kind.field(at).name for at in range(kind.num_fields)}
        return not names.isdisjoint({"messages", "contents", "input"})
    return False


def as_json_rows(values: pyarrow.Array) -> pyarrow.LargeBinaryArray:
    """Return nested values as JSON; a field without a value, which columns have in every row, is left out."""
    texts = [None if value is None else _as_json(_without_nulls(value)) for value in values.to_pylist()]
    return pa().array(texts, pa().large_binary())


def _as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(one) for name, one in value.items() if one is not None}
    return [_without_nulls(one) for one in value] if isinstance(value, list) else value


def requests_of(
    rows: pyarrow.LargeBinaryArray, models: Sequence[Model], place: str, rows_before: int
) -> tuple[list[Request], list[Skipped]]:
    """Return the requests in rows of JSON, and the rows that hold none that can be counted.

    Args:
        rows: JSON; null: the row has no request.
        models: whose rules will count.
        place: what a row is called by, before its number.
        rows_before: how many rows stand before these.
    """
    found: list[Request] = []
    skipped: list[Skipped] = []
    for number, raw in enumerate(rows.to_pylist(), rows_before):
        if raw is None:
            continue
        try:
            whole = measured(parse_request(parse_json(raw)))
            for model in models:
                whole.overhead(model)  # is kept; a schema or a picture may be too much for it
        except NotJson as error:
            skipped.append(Skipped(f"{place}row {number + 1:,}", error.reason, expected=False))
        except Gpt41calcError as error:
            skipped.append(Skipped(f"{place}row {number + 1:,}", str(error), expected=False))
        else:
            found.append((number, len(raw), whole))
    return found, skipped


def tally_requests(
    requests: Sequence[Request],
    models: Sequence[Model],
    *,
    place: str = "",
    thresholds: Sequence[int] = (),
    outputs: Any = None,
) -> list[Tally]:
    """Return what requests add up to, by the rules of each model.

    Args:
        requests: some rows of a batch.
        models: whose rules count.
        place: what the longest row is called by, before its number.
        thresholds: lengths in tokens; rows that are longer are counted apart.
        outputs: output tokens of each of these requests; if it is None, they are not known.
    """
    np = numpy()
    numbers = np.array([number for number, _, _ in requests], dtype="int64")
    lengths = np.array([length for _, length, _ in requests], dtype="int64")
    counts = [_counts(whole, models) for _, _, whole in requests]
    return [
        sum_up(
            np.array([each[at] for each in counts], dtype="int64"),
            lengths,
            numbers=numbers,
            place=place,
            thresholds=thresholds,
            outputs=outputs,
        )
        for at in range(len(models))
    ]


def _counts(whole: Measured, models: Sequence[Model]) -> list[int]:
    """Return the tokens of a request with each model; a text is counted once for all that read it alike."""
    texts: dict[tuple[str, str | None], int] = {}
    found = []
    for model in models:
        engine = tokenizer(model.counted_in, short=False)
        read = model.counted_in, model.family
        if read not in texts:
            texts[read] = sum(map(engine.count, whole.texts(model)))
        text = texts[read]
        found.append(max(0, input_tokens(text, model).value + request_overhead(whole, model, engine, text)))
    return found
