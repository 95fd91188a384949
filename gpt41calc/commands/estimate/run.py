"""Estimate inputs: text, request bodies, pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...calculator.estimate import Estimate, estimate_tally
from ...calculator.kind_ratio import counts_by_kind, with_kind_ratio
from ...counting.runtime import Runtime, count_sources, find_sources
from ...errors import UsageError
from ...pricing.schema import Model, distinct
from ...requests.request_inputs import RequestInputs
from ...sources.source import Source
from ...tally import Skipped, Tally
from .claude_ratio import FirstBytes, by_ratio, is_long, with_own_ratio
from .compared import comparators, replacements
from .extras import with_breakdown, with_migration, with_readings
from .options import EstimateOptions

if TYPE_CHECKING:
    from ...requests.inputs import BatchFile
    from ...tokenizer.protocol import Tokenizer

__all__ = ["estimate_paths"]


def estimate_paths(options: EstimateOptions, runtime: Runtime) -> Estimate | BatchFile:
    """Count the inputs and price them.

    Returns:
        The estimate; or the file with one request per line, if that is the only input and is to be priced by ``batch``.

    Raises:
        Gpt41calcError: an option or a path is wrong, or a vocabulary is missing.
    """
    if options.input_tokens is not None:
        from .given_tokens import given_tokens

        return _finished(_in_order(given_tokens(options, options.input_tokens), options), options)
    found = find_sources(options.paths, options.rules, runtime)
    requests = None
    if options.kind is not None and not any(isinstance(one, Source) and one.named for one in found):
        message = f"--kind {options.kind} has no effect: what is found in folders is text"
        raise UsageError(message, hint="name the files that hold something else")
    if options.images or any(isinstance(one, Source) and one.named for one in found):
        detected = _detected(found, options, runtime)
        if not isinstance(detected, RequestInputs):
            return detected
        requests = detected
    if options.strings:
        from ...requests.literals import literal_inputs

        known = requests or RequestInputs(texts=tuple(found))
        requests = known._replace(begun=(*literal_inputs(options.strings), *known.begun))
    models, table = options.models, options.pricing
    if requests and options.adds_models_of_requests:
        named = [table.find(name) for name in requests.models]
        models = distinct([*named, *models])
    after = replacements(models, table, options.on) if options.migration else []
    versus = comparators(models, options)
    everyone = [*models, *versus]
    texts = requests.texts if requests else found
    is_sampled = not options.full and any(model.fallback for model in [*everyone, *after]) and is_long(texts)
    counted_as = by_ratio([*everyone, *after]) if is_sampled else [*everyone, *after]
    tally, is_too_long = _counted(found, requests, counted_as, options, runtime)
    if is_too_long:
        counted_as = by_ratio(counted_as)
    own = {model.id: model for model in distinct(counted_as)}
    own |= with_own_ratio(counted_as, tally, texts, runtime) if is_sampled else {}
    own |= _by_kind_of_text(counted_as, tally, texts)
    models, versus = ([own[model.id] for model in some] for some in (models, versus))
    result = estimate_tally(
        tally,
        models,
        versus,
        options.workload,
        on=options.on,
        checked=table.checked,
        overlay=table.overlay,
        config=options.config,
    )
    result = _in_order(result, options)
    if requests:
        result = replace(result, requests=requests.seen(everyone))
    if options.endpoints is not None:
        from .endpoint_counts import with_endpoint_counts

        result = with_endpoint_counts(result, requests, own, options, options.endpoints, runtime)
    return _finished(with_breakdown(result, options.breakdown), options)


def _detected(
    found: Sequence[Source | Skipped], options: EstimateOptions, runtime: Runtime
) -> RequestInputs | BatchFile:
    """Return the inputs, sorted by how they are counted; or the file of requests, if that is the only input.

    Raises:
        UsageError: a file is declared as a kind for another command, or a file of requests is not the only input.
    """
    from ...requests.content_kind import Kind
    from ...requests.detect_inputs import Detection, detect_inputs

    if options.kind in {Kind.FINETUNE, Kind.USAGE}:
        message = f"--kind {options.kind}: 'estimate' does not price this"
        raise UsageError(message, hint=f"gpt41calc {options.kind} FILE")
    detection = Detection(
        rules=options.rules,
        kind=options.kind,
        images=options.images,
        assumed_image=options.assumed_image,
        partial=options.partial,
        stdin=runtime.stdin,
    )
    return detect_inputs(found, detection, runtime.hint)


def _by_kind_of_text(models: Sequence[Model], tally: Tally, texts: Sequence[Source | Skipped]) -> Mapping[str, Model]:
    """Return the models whose tokenizer is not installed, with the ratio of such text as was counted."""
    if not any(map(counts_by_kind, models)):
        return {}
    from ...counting.kind_shares import kind_weights

    return with_kind_ratio(models, kind_weights(tally, texts, "o200k_base"))


def _in_order(result: Estimate, options: EstimateOptions) -> Estimate:
    if options.order is None:
        return result
    from ...calculator.order import estimates_in_order

    return estimates_in_order(result, options.order, options.most_models)


def _finished(result: Estimate, options: EstimateOptions) -> Estimate:
    """Return an estimate with its additional parts."""
    result = replace(result, requests_per_month=options.requests_per_month)
    if options.has_readings:
        result = with_readings(result)
    return with_migration(result, options.migration, options.pricing) if options.migration else result


def _counted(
    found: Sequence[Source | Skipped],
    requests: RequestInputs | None,
    models: Sequence[Model],
    options: EstimateOptions,
    runtime: Runtime,
) -> tuple[Tally, bool]:
    """Return the counted inputs, and whether the text is too long to be counted in full for Claude."""
    encodings: list[str] = [model.counted_in for model in models]
    if requests is None or requests.is_text_alone:
        return count_sources(requests.texts if requests else found, encodings, options.rules, runtime), False
    from ...counting.counter import SourceCounter
    from ...tokenizer.engines import tokenizer

    # The length of a pipe is not known in advance.
    limited: dict[str, FirstBytes] = {
        model.counted_in: FirstBytes(tokenizer(model.counted_in)) for model in models if model.fallback
    }
    fallbacks = [model.fallback.of for model in models if model.fallback]
    tokenizers: dict[str, Tokenizer] = {name: tokenizer(name) for name in (*encodings, *fallbacks)}
    if not options.full:
        tokenizers.update(limited)
    pieces = runtime.workers.pieces if runtime.workers else None
    source_counter = SourceCounter(tokenizers, options.rules, piece_workers=pieces)
    begun = [source_counter.count_text(one.source.name, one.begun) for one in requests.begun if one.begun is not None]
    tally = Tally.of(*requests.counted(models, tokenizers, options.forecast), *begun, *requests.skipped)
    if requests.texts:
        tally += count_sources(requests.texts, list(tokenizers), options.rules, runtime)
    return tally, any(one.is_spent for one in limited.values())
