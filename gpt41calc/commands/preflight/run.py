"""Count the requests, and evaluate the limits of the API for every model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...calculator.context import input_tokens
from ...calculator.kind_ratio import with_kind_ratio
from ...counting.runtime import Runtime
from ...errors import UsageError
from ...pricing.rate_limits import RateLimits
from ...pricing.schema import Model, distinct
from ...pricing.table import DEFAULT_MODELS, Pricing
from ...sources.source import DEFAULT_RULES, Rules
from .capacity import accepted_lengths
from .evaluate import limit_checks
from .load import load_of_batch, load_of_texts, model_of
from .packing import Part, Plan, pack
from .remedies import Alternatives, with_remedies
from .results import Load, ModelChecks, Preflight, Traffic

__all__ = ["PreflightOptions", "preflight_inputs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreflightOptions:
    """Requests, traffic and models of ``preflight``."""

    paths: Sequence[str]
    """Files, folders, or ``-`` for standard input; or one file of requests."""

    is_batch_file: bool = False
    """Whether the only path is a file of requests, to be sent unchanged."""

    rules: Rules = DEFAULT_RULES
    """Rules for files in folders."""

    models: Sequence[Model] = ()
    """The models; empty for the one that a file of requests names, else the variants that are still available."""

    requests: int = 1
    """Number of times everything is sent."""

    traffic: Traffic
    """Rate, usage tier and dates of the requests."""

    partial: bool = False
    """Whether parts of a request that cannot be counted are left out, instead of the whole request."""

    packs: bool = False
    """Whether to pack the files into requests, for the first model."""

    pricing: Pricing
    """The price table."""

    limits: RateLimits
    """The table of limits."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""


def preflight_inputs(options: PreflightOptions, runtime: Runtime) -> Preflight:
    """Return the checks of all limits for every model, with remedies.

    Raises:
        Gpt41calcError: an option or a path is wrong, or a vocabulary is missing.
    """
    traffic, limits, table = options.traffic, options.limits, options.pricing
    file = options.paths[0] if options.is_batch_file else None
    models = options.models
    if file is not None:
        if options.packs:
            message = "--plan divides texts, and a batch file holds requests"
            raise UsageError(message, hint=f"'gpt41calc batch {file} --split DIR' divides those")
        traffic = replace(traffic, workload=replace(traffic.workload, tier="batch"))
        named = None if models else model_of(file, table, runtime.stdin)
        models = [named] if named else models
    models, left_out = _served(models, table, traffic)
    alternatives = [_alternatives(model, table) for model in models]
    counted = distinct(model for each in alternatives for model in (*models, *each.all))
    if file is not None:
        load = load_of_batch(file, counted, options.requests, runtime.stdin, partial=options.partial)
    else:
        load = load_of_texts(options.paths, options.rules, counted, options.requests, limits, runtime)
    own = {**{model.id: model for model in counted}, **with_kind_ratio(counted, load.kinds)}
    models = [own[model.id] for model in models]
    alternatives = [each.as_counted(own) for each in alternatives]
    return Preflight(
        models=tuple(
            _evaluated(model, load, traffic, limits, each) for model, each in zip(models, alternatives, strict=True)
        ),
        load=load,
        traffic=traffic,
        limits=limits,
        pricing_checked=table.checked,
        plan=_plan(models[0], load, traffic, limits, runtime) if options.packs else None,
        left_out=tuple(left_out),
        config=options.config,
        overlay=table.overlay,
    )


def _served(models: Sequence[Model], table: Pricing, traffic: Traffic) -> tuple[Sequence[Model], Sequence[Model]]:
    """Return the models to check, by default the available variants if there are any, and those left out."""
    if models:
        return models, []
    variants = [table.find(name) for name in DEFAULT_MODELS]
    served = [model for model in variants if model.status(traffic.as_of) != "retired"]
    return (served, [model for model in variants if model not in served]) if served else (variants, [])


def _alternatives(model: Model, table: Pricing) -> Alternatives:
    """Return the models that could replace a model."""
    replacement = table.find(model.replacement) if model.replacement else None
    return Alternatives([table.find(name) for name in DEFAULT_MODELS], replacement)


def _evaluated(
    model: Model, load: Load, traffic: Traffic, limits: RateLimits, alternatives: Alternatives
) -> ModelChecks:
    """Return the checks of every limit of one model, with remedies for the broken ones."""
    return ModelChecks(
        model=model,
        limits=limits.find(model.id),
        tokens=load.tokens(model),
        limit_checks=with_remedies(
            limit_checks(model, load, traffic, limits), model, load, traffic, limits, alternatives
        ),
    )


def _plan(model: Model, load: Load, traffic: Traffic, limits: RateLimits, runtime: Runtime) -> Plan | None:
    """Return the packing of the files; None, with a warning, if no length of request is accepted."""
    found = accepted_lengths(model, limits.find(model.id), traffic.usage_tier, traffic.workload)
    if not found or found[-1].most <= 0:
        runtime.warn(f"no plan: {model.id} has no room for input beside the output, at this usage tier")
        return None
    counted = load.inputs.counted
    parts = [Part(one.path, input_tokens(one.tokens[model.counted_in], model).high) for one in counted]
    return pack(parts, found)
