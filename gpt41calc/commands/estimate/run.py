"""Estimate inputs: text, bodies of requests, pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from ...calculator.estimate import Estimate, estimate_tally
from ...calculator.forecast import OutputForecast
from ...calculator.workload import Workload
from ...counting.runtime import Runtime, count_sources
from ...pricing.schema import Model
from ...pricing.table import Pricing
from ...sources.find import gather
from ...sources.source import DEFAULT_RULES, Rules, Source
from ...tally import Skipped, Tally
from .extras import MigrationOptions, replacements, with_breakdown, with_migration, with_readings
from .request_inputs import RequestInputs

if TYPE_CHECKING:
    from ...calculator.breakdown import Grouping
    from ...requests.detect import Kind
    from ...requests.inputs import BatchFile
    from ...requests.pictures import Size

__all__ = ["EstimateOptions", "estimate_paths"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateOptions:
    """What to estimate, with which models and prices."""

    paths: Sequence[str]
    """Files, folders, or ``-`` for standard input."""

    rules: Rules = DEFAULT_RULES
    """Which files of folders are counted."""

    models: Sequence[Model]
    """The variants, at least one."""

    adds_models_of_requests: bool = False
    """Whether the models that bodies of requests name are variants, too, before the others."""

    versus: Sequence[Model] = ()
    """The comparators."""

    workload: Workload
    """How often the request is made, and what comes with its input."""

    forecast: OutputForecast
    """How long answers are, and by how much prompts differ from their model."""

    pricing: Pricing
    """Where models are found."""

    on: date
    """The day whose prices and statuses hold."""

    kind: Kind | None = None
    """What named files are said to hold; None: what their content says."""

    images: bool = False
    """Whether pictures in folders are counted, too."""

    partial: bool = False
    """Whether what cannot be counted of a request is left out, instead of the request."""

    assumed_image: Size | None = None
    """Size of pictures that cannot be measured; None: the size that takes the most tokens."""

    breakdown: Grouping | None = None
    """How to divide the input into parts; None if it is not."""

    migration: MigrationOptions | None = None
    """What to say of the models that come after those that end; None if nothing."""

    config: str | None = None
    """Path of the project file that gave options, if there is one."""


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
