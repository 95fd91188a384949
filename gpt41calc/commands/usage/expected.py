"""Estimate the requests in a file, to compare them with their answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...errors import RequestError
from ...pricing.schema import Model
from ...requests.blocks import measured
from ...requests.detect import parse_request
from ...requests.kind_names import kind_name
from ...requests.tokens import exactness, request_tokens
from ...sources.json_records import Record
from ...tokenizer.protocol import Tokenizer
from .accuracy import Expected

__all__ = ["expected_request"]


def expected_request(
    record: Record,
    folder: str,
    find: Callable[[str], Model],
    tokenizer: Callable[[str], Tokenizer],
    forecast_output: Callable[[Model, int, int], tuple[int, int]],
) -> Expected:
    """Return the estimate of one line of a file of requests.

    Args:
        record: the line: ``custom_id`` with a ``body``, or with ``params`` in Anthropic's format.
        folder: the folder to which picture paths are relative.
        find: returns the model of an identifier.
        tokenizer: returns the tokenizer of an encoding.
        forecast_output: returns, for a model and so many messages and tools, the
            tokens of an answer, and by how many a prompt is longer than modelled.

    Raises:
        RequestError: the line is not a request, or a part of it cannot be counted.
        UnknownModel: the price table does not list its model.
    """
    custom_id, body, where = _body(record.value)
    request = parse_request(body, path=where)
    if request.model is None:
        message = f"{where}: no model"
        raise RequestError(message)
    model = find(request.model)
    whole = measured(request, folder)
    messages, tools = len(request.messages), len(request.tools)
    answer, extra = forecast_output(model, messages, tools)
    if request.max_output is not None:
        answer = min(answer, request.max_output)
    counted = request_tokens(whole, model, tokenizer(model.counted_in))
    prompt = counted.value
    return Expected(
        place=record.place,
        custom_id=custom_id,
        kind=kind_name(request),
        input_tokens=max(0, prompt + extra),
        input_low=max(0, counted.low + extra),
        input_high=max(0, counted.high + extra),
        modelled_tokens=prompt,
        output_tokens=answer * request.choices,
        exactness=exactness(model),
        messages=messages,
        tools=tools,
        images=len(whole.pictures),
    )


def _body(value: Any) -> tuple[str, Mapping[str, Any], str]:
    """Return the name of a request, its body, and the location of the body in the line."""
    found = value if isinstance(value, dict) else {}
    where = next((key for key in ("body", "params", "request") if key in found), "body")
    custom_id, body = found.get("custom_id", found.get("key")), found.get(where)
    if not isinstance(custom_id, str) or not custom_id:
        raise RequestError("no custom_id, by which a request is matched with its answer")
    if not isinstance(body, dict):
        message = f"{where}: expected an object"
        raise RequestError(message)
    return custom_id, body, where
