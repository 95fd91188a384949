"""Count the requests to be checked: texts in one request, or a file of requests."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ...counting.runtime import Runtime, count_sources
from ...errors import RequestError, UnknownModel
from ...requests.counted_as_text import mention_request
from ...sources.find import gather
from ...sources.json_records import folder_of, is_large, require_files, usable
from ...sources.source import Rules

if TYPE_CHECKING:
    from ...pricing.rate_limits import RateLimits
    from ...pricing.schema import Model
    from ...pricing.table import Pricing
    from ...tally import Skipped
    from ...tokenizer.protocol import Tokenizer
    from .results import Load

__all__ = ["batch_file", "load_of_batch", "load_of_texts", "model_of"]


def batch_file(paths: Sequence[str], *, is_listed: bool) -> str | None:
    """Return the named path if it is the only one and, by its ending, a file of requests.

    Args:
        paths: the named paths.
        is_listed: whether a list has more paths.
    """
    if len(paths) != 1 or is_listed:
        return None
    return paths[0] if paths[0].endswith(".jsonl") and not os.path.isdir(paths[0]) else None


def model_of(path: str, table: Pricing, stdin: int) -> Model | None:
    """Return the model named by the first request of a file; None if it names no known model."""
    from ...requests.batch_lines import parse_line

    require_files([path])
    skipped: list[Skipped] = []
    for record in usable(path, stdin, skipped):
        try:
            named = parse_line(record.value, partial=True).request.model
            return table.find(named) if named else None
        except (RequestError, UnknownModel):
            return None
    return None


def load_of_texts(
    paths: Sequence[str],
    rules: Rules,
    models: Sequence[Model],
    requests: int,
    limits: RateLimits,
    runtime: Runtime,
) -> Load:
    """Return the load of texts: one request with all inputs, sent a number of times."""
    from ...calculator.interval import Interval
    from ...counting.kind_shares import kind_weights
    from ...sources.characters import characters
    from .results import Load

    found = gather(paths, rules)
    mention_request(found, runtime.hint)
    encodings: list[str] = list(dict.fromkeys(model.counted_in for model in models))
    tally = count_sources(found, encodings, rules, runtime)
    kinds = kind_weights(tally, found, "o200k_base") if any(model.kind_ratios for model in models) else {}
    low, high = characters(found, tally, rules, limits.table.request.string_characters)
    longest = {model.id: tally.tokens(model.counted_in) for model in models}
    return Load(
        inputs=tally,
        longest=longest,
        total={name: tokens * requests for name, tokens in longest.items()},
        requests=requests,
        characters=Interval(low, high, high),
        kinds=kinds,
    )


def load_of_batch(path: str, models: Sequence[Model], times: int, stdin: int, *, partial: bool = False) -> Load:
    """Return the load of a file of requests, sent a number of times.

    Lines that could not be read are listed as skipped; the counts are then lower bounds.
    """
    from ...calculator.interval import Interval
    from ...requests.batch_lines import parse_line
    from ...requests.blocks import measured
    from ...requests.tokens import request_overhead, request_range, text_tokens
    from ...tally import Counted, Skipped, Tally
    from ...tokenizer.engines import tokenizer
    from ...tokenizer.text_kind import kinds_of_texts
    from .results import Load

    tokenizers: dict[str, Tokenizer] = {
        model.counted_in: tokenizer(model.counted_in, short=not is_large(path)) for model in models
    }
    size = 0
    with suppress(OSError):  # reading gives the reason
        size = os.stat(path).st_size
    skipped: list[Skipped] = []
    longest, total = (dict.fromkeys((model.id for model in models), 0) for _ in range(2))
    bounds, total_bounds = (dict.fromkeys((model.id for model in models), (0, 0)) for _ in range(2))
    texts = dict.fromkeys(tokenizers, 0)
    # Models with the same encoding may read different texts: the first defines the number of text tokens.
    firsts = {model.counted_in: model.id for model in reversed(models)}
    by_kind = next((model for model in models if model.kind_ratios), None)
    kinds: dict[str, Decimal] = {}
    requests = output_tokens = characters = 0
    for record in usable(path, stdin, skipped):
        try:
            whole = measured(parse_line(record.value, partial=partial).request, folder_of(path))
            counts = {model.id: text_tokens(whole, model, tokenizers[model.counted_in]) for model in models}
        except RequestError as error:
            skipped.append(Skipped(record.place, str(error), expected=False))
            continue
        skipped += [Skipped(record.place, reason, expected=False) for reason in whole.request.left_out]
        for name, first in firsts.items():
            texts[name] += counts[first]
        for model in models:
            plain = replace(model, kind_ratios=())
            tokens = counts[model.id] + request_overhead(whole, plain, tokenizers[model.counted_in])
            longest[model.id] = max(longest[model.id], tokens)
            total[model.id] += tokens
            low, high = request_range(whole, model, tokenizers[model.counted_in], counts[model.id])
            bounds[model.id] = max(bounds[model.id][0], low), max(bounds[model.id][1], high)
            all_low, all_high = total_bounds[model.id]
            total_bounds[model.id] = all_low + low, all_high + high
        for kind, weight in (kinds_of_texts(whole.texts(by_kind)) if by_kind else {}).items():
            kinds[kind] = kinds.get(kind, Decimal()) + weight
        requests += 1
        output_tokens = max(output_tokens, whole.request.max_output or 0)
        characters = max(characters, max(map(len, whole.texts(models[0])), default=0))
    return Load(
        inputs=Tally.of(Counted(path, size, texts), *skipped),
        longest=longest,
        total={name: tokens * times for name, tokens in total.items()},
        longest_bounds=bounds,
        total_bounds={name: (low * times, high * times) for name, (low, high) in total_bounds.items()},
        requests=requests * times,
        characters=Interval.exact(characters),
        kinds=kinds,
        output_tokens=output_tokens,
        is_batch_file=True,
    )
