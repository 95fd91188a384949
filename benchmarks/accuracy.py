"""Hold counts against bills: ``python -m benchmarks.accuracy PAIRS.jsonl[.gz]``.

PAIRS has one recorded call a line, a JSON object with

- ``request``: the body that was sent, to any of the four APIs that are counted;
- ``usage``: the usage object of its answer (``usageMetadata`` for Google's), or
  ``actual``: the input tokens that were billed, those from a cache included;
- ``model``: the model that answered (``billed_model`` means the same), if the
  body names none, or a moving name;
- ``api`` (optional): ``chat``, ``responses``, ``anthropic`` or ``google``; without it, the body says so;
- ``id`` and ``kind`` (optional): names for the list of the worst, and for the rows of the table.

Every body is counted as ``gpt41calc usage --input`` counts it, and the table
says by kind how many estimates are exact, within 1 % (or 1 token), within 3 %
(or 3 tokens), and how many of the ranges that are printed beside them hold
the billed number. Nothing is sent anywhere, and no text is printed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import IO, Any

from gpt41calc.calculator.accuracy import Accuracy, Pair, accuracy_by_kind
from gpt41calc.calculator.interval import Interval
from gpt41calc.errors import Gpt41calcError, RequestError
from gpt41calc.pricing.schema import Model
from gpt41calc.pricing.table import load_pricing
from gpt41calc.requests.blocks import measured
from gpt41calc.requests.detect import parse_request
from gpt41calc.requests.kind_names import kind_name
from gpt41calc.requests.request import Endpoint
from gpt41calc.requests.tokens import request_tokens
from gpt41calc.tokenizer.engines import tokenizer

_APIS: Mapping[str, Endpoint] = {
    "chat": "chat",
    "openai-chat": "chat",
    "responses": "responses",
    "openai-responses": "responses",
    "anthropic": "anthropic",
    "google": "google",
    "gemini": "google",
}

_INPUT_FIELDS = ("prompt_tokens", "promptTokenCount", "input_tokens")
_BESIDE_INPUT = ("cache_creation_input_tokens", "cache_read_input_tokens")


@dataclass(frozen=True)
class Call:
    """One recorded call."""

    name: str
    """What it is called in messages."""

    pair: Pair
    """Its estimate and its billed tokens."""

    reason: str | None = None
    """Why it could not be counted, if it could not."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return 1 if fewer than ``--min`` percent are exact, 2 if a line is no recorded call."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description="Hold counts against bills.")
    parser.add_argument("pairs", help="recorded calls, one a line; may end in .gz")
    parser.add_argument("--only", default="", help="count the kinds that begin so")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list the N estimates that are furthest off")
    parser.add_argument("--min", type=float, metavar="PERCENT", help="fail if fewer are exact")
    asked = parser.parse_args(arguments)
    try:
        with _opened(asked.pairs) as lines:
            calls = [call for call in map(_call, _objects(lines)) if call.pair.kind.startswith(asked.only)]
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{asked.pairs}: {error}\n")
        return 2
    rows = accuracy_by_kind(call.pair for call in calls)
    sys.stdout.write("".join(f"{line}\n" for line in (*_table(rows), *_reasons(calls), *_worst(calls, asked.worst))))
    return 1 if asked.min is not None and rows[-1].exact < asked.min else 0


def _opened(path: str) -> IO[str]:
    return gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8")


def _objects(lines: IO[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        value = json.loads(line)
        if not isinstance(value, dict) or not isinstance(value.get("request"), dict):
            message = f"line {number}: expected an object with request and usage"
            raise ValueError(message)
        yield number, value


def _call(line: tuple[int, Mapping[str, Any]]) -> Call:
    number, value = line
    name = str(value.get("id") or f"line {number}")
    actual = _billed(value)
    if actual is None:
        message = f"line {number}: neither actual nor a usage with input tokens"
        raise ValueError(message)
    given = value.get("kind")
    try:
        kind, estimate = _estimate(value)
    except Gpt41calcError as error:
        pair = Pair(kind=str(given or "not counted"), actual=actual, estimate=None)
        return Call(name, pair, str(error).split("'")[0][:70])
    return Call(name, Pair(kind=str(given or kind), actual=actual, estimate=estimate))


def _billed(value: Mapping[str, Any]) -> int | None:
    """Return the billed input tokens; Anthropic names those of a cache beside the rest, the others within it."""
    if isinstance(value.get("actual"), int):
        return int(value["actual"])
    usage = value.get("usage")
    if not isinstance(usage, dict):
        return None
    whole = next((usage[key] for key in _INPUT_FIELDS if isinstance(usage.get(key), int)), None)
    return None if whole is None else whole + sum(usage.get(key) or 0 for key in _BESIDE_INPUT)


def _estimate(value: Mapping[str, Any]) -> tuple[str, Interval[int]]:
    request = parse_request(value["request"], _APIS.get(str(value.get("api") or value.get("provider"))))
    name = value.get("billed_model") or value.get("model") or request.model
    if not isinstance(name, str):
        raise RequestError("no model")
    model = _model(name)
    return kind_name(request), request_tokens(measured(request), model, tokenizer(model.counted_in, short=False))


@cache
def _model(name: str) -> Model:
    return load_pricing().find(name)


def _table(rows: Sequence[Accuracy]) -> Iterator[str]:
    width = max(len(row.kind) for row in rows)
    yield f"{'kind':{width}}  calls counted   exact     1 %     3 %  mean off  ranges  covered"
    for row in rows:
        off = "" if row.mean_off is None else f"{row.mean_off:+.1f} %"
        covered = "" if row.covered is None else f"{row.covered:.1f} %"
        yield (
            f"{row.kind:{width}}  {row.requests:5} {row.counted:7} {row.exact:5.1f} % {row.within_1:5.1f} % "
            f"{row.within_3:5.1f} %  {off:>8}  {row.ranges:6}  {covered:>7}"
        )


def _reasons(calls: Sequence[Call]) -> Iterator[str]:
    reasons = Counter(call.reason for call in calls if call.reason)
    return (f"not counted {number}: {reason}" for reason, number in reasons.most_common(12))


def _worst(calls: Sequence[Call], most: int) -> Iterator[str]:
    wrong = [(abs(call.pair.off) / max(1, call.pair.actual), call) for call in calls if call.pair.off]
    for _, call in sorted(wrong, key=lambda one: -one[0])[:most]:
        estimate, off = call.pair.estimate, call.pair.off
        bounds = f"{estimate.low} to {estimate.high}" if estimate else ""
        yield f"  {call.name}  {call.pair.kind}: billed {call.pair.actual}, off {off:+}, {bounds}"


if __name__ == "__main__":
    raise SystemExit(main())
