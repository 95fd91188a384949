"""Estimate inputs: text, bodies of requests, pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...cli.options import Output
from ...cli.output import Renderer, deliver, verdict
from ...cli.process import Process
from ...errors import ExitCode, UsageError

if TYPE_CHECKING:
    from ...calculator.estimate import Estimate

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ...cli import resolve
from ...cli.calibration import foresight
from ...cli.inputs import count_found, find, require_file_name
from ...cli.options import Calibrated, Comparison, Inputs, Migrating, Parts, Prices, Request
from ...cli.output import renderer
from ..batch.command import Run, deliver_batch
from .detect_inputs import Content, Special, special_inputs

if TYPE_CHECKING:
    from ...pricing.schema import Model
    from ...pricing.table import Pricing
    from ...sources.source import Rules
    from ...tally import Tally

__all__ = ["deliver_estimate", "estimate_inputs"]


def estimate_inputs(
    inputs: Inputs,
    content: Content,
    request: Request,
    comparison: Comparison,
    calibrated: Calibrated,
    prices: Prices,
    parts: Parts,
    migrating: Migrating,
    output: Output,
    process: Process,
) -> ExitCode:
    """Count what was asked for, price it and report."""
    from ...calculator.estimate import estimate_tally
    from .extras import replacements, with_what_comes_after

    require_file_name(output)
    table, day = resolve.pricing(prices), resolve.as_of(prices.as_of, process)
    named, versus = resolve.models(request, table), resolve.comparators(comparison, table)
    # Before counting: imports that nobody waits for while a companion loads its vocabulary.
    write = renderer(output, process)
    rules = resolve.rules(inputs)
    found = find(inputs, rules, process)
    special = special_inputs(found, content, rules, process.stdin)
    if special.batch is not None:
        return _as_batch(special.batch, content, request, comparison, calibrated, prices, output, process)
    for hint in special.hints:
        process.hint(hint)
    models = named if request.model else _with_bodies_own(special, named, table)
    workload = resolve.workload(request, comparison.requests, calibrated=calibrated, models=models)
    after = replacements(migrating, models, table, day)
    special.foresight = foresight(request.output_tokens, calibrated.calibration)
    counts = partial(count_found, rules=rules, output=output, process=process, remembers=not inputs.no_cache)
    tally = _counted(special, [*models, *versus, *after], counts, rules)
    result = estimate_tally(
        tally,
        models,
        versus,
        workload,
        on=day,
        checked=table.checked,
        overlay=table.overlay,
        config=process.project.path if process.project else None,
    )
    result = replace(result, requests=special.seen([*models, *versus]))
    result = with_what_comes_after(resolve.broken_down(result, parts), migrating, table)
    return deliver_estimate(result, write, output, process)


def _as_batch(
    file: str,
    content: Content,
    request: Request,
    comparison: Comparison,
    calibrated: Calibrated,
    prices: Prices,
    output: Output,
    process: Process,
) -> ExitCode:
    """Price a file of requests as ``batch`` does, and say so."""
    if (request.cached_tokens, request.tier.value, comparison.requests) != ("0", "standard", "1"):
        message = f"{file} holds a request a line: --cached-tokens, --tier and --requests do not apply to it"
        raise UsageError(message, hint="gpt41calc batch shows every tier, and computes what a cache serves")
    process.hint(f"{file} holds a request a line: this is what 'gpt41calc batch' says of it")
    run = Run(model=request.model, output_tokens=request.output_tokens, versus=comparison.versus)
    return deliver_batch(file, run, content, calibrated, prices, output, process)


def _with_bodies_own(special: Special, variants: Sequence[Model], table: Pricing) -> Sequence[Model]:
    """Return the models to price: those that the bodies name, then the variants."""
    named = [table.find(name) for name in special.models]
    return list({model.id: model for model in (*named, *variants)}.values())


def _counted(special: Special, models: Sequence[Model], count_texts: Callable[..., Tally], rules: Rules) -> Tally:
    """Count what is text, and what is not."""
    from ...tally import Tally

    encodings: list[str] = [model.counted_in for model in models]
    if not (special.requests or special.held or special.skipped):
        return count_texts(special.texts, encodings)
    from ...counting.counter import Surveyor
    from ...tokenizer.engines import tokenizer

    tokenizers = {name: tokenizer(name) for name in encodings}
    surveyor = Surveyor(tokenizers, rules)
    held = [surveyor.count_text(source.name, text) for source, text in special.held]
    tally = Tally.of(*special.counted(models, tokenizers), *held, *special.skipped)
    if special.texts:
        tally += count_texts(special.texts, encodings)
    return tally


def deliver_estimate(estimate: Estimate, write: Renderer, output: Output, process: Process) -> ExitCode:
    """Write an estimate; quiet: the total cost of the first model."""
    if output.quiet:
        from ...render.json import plain_decimal

        first = estimate.models[0]
        if first.cost is None:
            message = f"{first.model.id} has {first.cost_reason}"
            raise UsageError(message, hint=f"'gpt41calc pricing show {first.model.id}' lists every price it has")
        deliver(plain_decimal(first.cost.total.value) + "\n", output, process)
    else:
        deliver(write.estimate(estimate), output, process)
    return verdict(estimate.inputs, process)
