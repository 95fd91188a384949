"""Estimate inputs: text, bodies of requests, pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...calculator.estimate import Estimate, estimate_tally
from ...counting.runtime import Runtime, count_sources
from ...pricing.schema import Model
from ...sources.find import gather
from ...sources.source import Source
from ...tally import Skipped, Tally
from .extras import replacements, with_breakdown, with_migration, with_readings
from .options import EstimateOptions
from .request_inputs import RequestInputs

if TYPE_CHECKING:
    from ...requests.inputs import BatchFile

__all__ = ["estimate_paths"]


def estimate_paths(options: EstimateOptions, runtime: Runtime) -> Estimate | BatchFile:
    """Count what was asked for and price it.

    Returns:
        The estimate; or the file that holds one request a line, which ``batch`` prices.

    Raises:
        Gpt41calcError: something is asked wrongly, or a vocabulary is missing.
    """
    found = gather(options.paths, options.rules)
    requests = None
    if options.images or any(isinstance(one, Source) and one.named for one in found):
        from .detect_inputs import detect_inputs

        detected = detect_inputs(found, options, runtime)
        if not isinstance(detected, RequestInputs):
            return detected
        requests = detected
    models, table = options.models, options.pricing
    if requests and options.adds_models_of_requests:
        named = [table.find(name) for name in requests.models]
        models = list({model.id: model for model in (*named, *models)}.values())
    after = replacements(models, table, options.on) if options.migration else []
    everyone = [*models, *options.versus]
    result = estimate_tally(
        _counted(found, requests, [*everyone, *after], options, runtime),
        models,
        options.versus,
        options.workload,
        on=options.on,
        checked=table.checked,
        overlay=table.overlay,
        config=options.config,
    )
    if requests:
        result = replace(result, requests=requests.seen(everyone))
    result = with_readings(with_breakdown(result, options.breakdown))
    return with_migration(result, options.migration, table) if options.migration else result


def _counted(
    found: Sequence[Source | Skipped],
    requests: RequestInputs | None,
    models: Sequence[Model],
    options: EstimateOptions,
    runtime: Runtime,
) -> Tally:
    """Count what is text, and what is not."""
    encodings: list[str] = [model.counted_in for model in models]
    if requests is None or requests.is_text_alone:
        return count_sources(requests.texts if requests else found, encodings, options.rules, runtime)
    from ...counting.counter import Surveyor
    from ...tokenizer.engines import tokenizer

    tokenizers = {name: tokenizer(name) for name in encodings}
    surveyor = Surveyor(tokenizers, options.rules)
    begun = [surveyor.count_text(one.source.name, one.begun) for one in requests.begun if one.begun is not None]
    tally = Tally.of(*requests.counted(models, tokenizers, options.forecast), *begun, *requests.skipped)
    if requests.texts:
        tally += count_sources(requests.texts, encodings, options.rules, runtime)
    return tally
