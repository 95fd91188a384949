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
from .claude_ratio import FirstBytes, by_ratio, is_long, with_kind_ratio, with_own_ratio
from .extras import MigrationOptions, replacements, with_breakdown, with_migration, with_readings
from .request_inputs import RequestInputs

if TYPE_CHECKING:
    from ...calculator.breakdown import Grouping
    from ...requests.detect import Kind
    from ...requests.inputs import BatchFile
    from ...requests.pictures import Size
    from ...tokenizer.protocol import Tokenizer

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

    assumed_image: Size | None = None
    """Size of pictures that cannot be measured; None: the size that takes the most tokens."""

    breakdown: Grouping | None = None
    """How to divide the input into parts; None if it is not."""

    migration: MigrationOptions | None = None
    """What to say of the models that come after those that end; None if nothing."""

    full: bool = False
    """Whether all text is counted for Claude, however long it is; else a sample of more than a megabyte."""

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
    texts = requests.texts if requests else found
    is_sampled = not options.full and any(model.fallback for model in [*everyone, *after]) and is_long(texts)
    counted_as = by_ratio([*everyone, *after]) if is_sampled else [*everyone, *after]
    tally, is_too_long = _counted(found, requests, counted_as, options, runtime)
    if is_too_long:
        counted_as = by_ratio(counted_as)
    own = {model.id: model for model in counted_as}
    own |= with_own_ratio(counted_as, tally, texts, runtime) if is_sampled else {}
    own |= with_kind_ratio(counted_as, tally, texts, table.table.kind_ratio)
    models, versus = ([own[model.id] for model in some] for some in (models, options.versus))
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
) -> tuple[Tally, bool]:
    """Count what is text, and what is not; say also whether it was too long to be counted in full for Claude."""
    encodings: list[str] = [model.counted_in for model in models]
    if requests is None or requests.is_text_alone:
        return count_sources(requests.texts if requests else found, encodings, options.rules, runtime), False
    from ...counting.counter import Surveyor
    from ...tokenizer.engines import tokenizer

    # How much there is in a pipe is not known before.
    limited: dict[str, FirstBytes] = {
        model.counted_in: FirstBytes(tokenizer(model.counted_in)) for model in models if model.fallback
    }
    fallbacks = [model.fallback.of for model in models if model.fallback]
    tokenizers: dict[str, Tokenizer] = {name: tokenizer(name) for name in (*encodings, *fallbacks)}
    if not options.full:
        tokenizers.update(limited)
    surveyor = Surveyor(tokenizers, options.rules)
    begun = [surveyor.count_text(one.source.name, one.begun) for one in requests.begun if one.begun is not None]
    tally = Tally.of(*requests.counted(models, tokenizers, options.forecast), *begun, *requests.skipped)
    if requests.texts:
        tally += count_sources(requests.texts, list(tokenizers), options.rules, runtime)
    return tally, any(one.is_spent for one in limited.values())
