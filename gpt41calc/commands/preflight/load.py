"""What is to be sent: texts in one request, or a file of requests."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from ...cli import resolve
from ...cli.inputs import count_found, find
from ...cli.options import CheckOutput, Inputs
from ...cli.process import Process
from ...cli.record_files import folder_of, is_large, usable
from ...errors import RequestError, UnknownModel

if TYPE_CHECKING:
    from ...pricing.rate_limits import RateLimits
    from ...pricing.schema import Model
    from ...pricing.table import Pricing
    from ...tally import Skipped
    from ...tokenizer.protocol import Tokenizer
    from .results import Load

__all__ = ["batch_file", "load_of_batch", "load_of_texts", "models_of"]


def batch_file(inputs: Inputs) -> str | None:
    """Return the one path that was named if it is a file of requests, by its ending."""
    paths = inputs.paths or ()
    if len(paths) != 1 or inputs.files_from is not None:
        return None
    return paths[0] if paths[0].endswith(".jsonl") and not os.path.isdir(paths[0]) else None


def models_of(path: str, table: Pricing, process: Process) -> list[str] | None:
    """Return the model that the first request of a file names; none: it names none that is known."""
    from ...requests.batch_lines import parse_line
    from ...sources.json_records import require_files

    require_files([path])
    skipped: list[Skipped] = []
    for record in usable(path, process, skipped):
        try:
            named = parse_line(record.value).request.model
            return [table.find(named).id] if named else None
        except (RequestError, UnknownModel):
            return None
    return None


def load_of_texts(
    inputs: Inputs, models: Sequence[Model], requests: int, limits: RateLimits, output: CheckOutput, process: Process
) -> Load:
    """Count texts: one request with everything that was named, made so many times."""
    from ...calculator.interval import Span
    from ...sources.characters import characters
    from .results import Load

    rules = resolve.rules(inputs)
    found = find(inputs, rules, process)
    encodings: list[str] = list(dict.fromkeys(model.counted_in for model in models))
    tally = count_found(found, encodings, rules, output, process, remembers=not inputs.no_cache)
    low, high = characters(found, tally, rules, limits.table.request.string_characters)
    longest = {model.id: tally.tokens(model.counted_in) for model in models}
    return Load(
        inputs=tally,
        longest=longest,
        total={name: tokens * requests for name, tokens in longest.items()},
        requests=requests,
        characters=Span(low, high, high),
    )


def load_of_batch(path: str, models: Sequence[Model], times: int, process: Process) -> Load:
    """Count the requests of a file, which is sent so many times.

    What could not be read is kept as skipped; the rest is then a lower bound.
    """
    from ...calculator.interval import Span
    from ...requests.batch_lines import parse_line
    from ...requests.blocks import measured
    from ...requests.tokens import request_overhead
    from ...tally import Counted, Skipped, Tally
    from ...tokenizer.engines import tokenizer
    from .results import Load

    tokenizers: dict[str, Tokenizer] = {
        model.counted_in: tokenizer(model.counted_in, short=not is_large(path)) for model in models
    }
    size = 0
    with suppress(OSError):  # reading says why
        size = os.stat(path).st_size
    skipped: list[Skipped] = []
    longest, total = (dict.fromkeys((model.id for model in models), 0) for _ in range(2))
    texts = dict.fromkeys(tokenizers, 0)
    requests = output_tokens = characters = 0
    for record in usable(path, process, skipped):
        try:
            whole = measured(parse_line(record.value).request, folder_of(path))
            around = {model.id: request_overhead(whole, model, tokenizers[model.counted_in]) for model in models}
        except RequestError as error:
            skipped.append(Skipped(record.place, str(error), expected=False))
            continue
        counts = {name: sum(map(one.count, whole.texts)) for name, one in tokenizers.items()}
        for name, count in counts.items():
            texts[name] += count
        for model in models:
            tokens = counts[model.counted_in] + around[model.id]
            longest[model.id] = max(longest[model.id], tokens)
            total[model.id] += tokens
        requests += 1
        output_tokens = max(output_tokens, whole.request.max_output or 0)
        characters = max(characters, max(map(len, whole.texts), default=0))
    return Load(
        inputs=Tally.of(Counted(path, size, texts), *skipped),
        longest=longest,
        total={name: tokens * times for name, tokens in total.items()},
        requests=requests * times,
        characters=Span.exact(characters),
        output_tokens=output_tokens,
        is_batch_file=True,
    )
