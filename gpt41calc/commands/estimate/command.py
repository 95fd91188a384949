"""The ``estimate`` command, the default if none is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from ...cli import resolve
from ...cli.command import Command
from ...cli.endpoint_options import CountWith, TypedEndpoints
from ...cli.group import OptionGroup
from ...cli.image_options import assumed_size
from ...cli.option_groups import takes_groups
from ...cli.options import (
    Calibrated,
    Comparison,
    Configuration,
    Inputs,
    Output,
    Parts,
    Prices,
    Request,
)
from ...cli.output import (
    Renderer,
    deliver,
    is_short_report,
    renderer,
    require_counted,
    require_file_name,
    require_no_input,
    verdict,
)
from ...cli.parse import parse_count
from ...cli.process import Process
from ...cli.vocabulary_option import Vocabulary
from ...errors import ExitCode, UsageError
from .typed import Content, Migrating

if TYPE_CHECKING:
    from ...calculator.estimate import Estimate
    from ...endpoints.ask import EndpointOptions
    from .extras import MigrationOptions
    from .options import EstimateOptions

__all__ = ["register"]


class Typed(OptionGroup):
    """All options of the command."""

    inputs: Inputs
    content: Content
    request: Request
    comparison: Comparison
    calibrated: Calibrated
    vocabulary: Vocabulary
    prices: Prices
    parts: Parts
    migrating: Migrating
    endpoints: TypedEndpoints
    configuration: Configuration
    output: Output


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command)
    @takes_groups
    def estimate(context: typer.Context, typed: Typed) -> ExitCode:
        """Tokens, context fit, cost and savings (the default)."""
        from ...calculator.estimate import Estimate
        from .run import estimate_paths

        process: Process = context.obj
        typed.vocabulary.use()
        require_file_name(typed.output)
        options = _resolved(typed, process)
        # Before counting: these imports run while workers load a vocabulary.
        write = renderer(typed.output, process)
        result = estimate_paths(options, process.runtime(typed.output, uses_cache=not typed.inputs.no_cache))
        if isinstance(result, Estimate):
            return _deliver(result, write, typed.output, process)
        return _as_batch(result.path, typed, process)


def _resolved(typed: Typed, process: Process) -> EstimateOptions:
    from ...cli.calibration import output_forecast
    from .options import EstimateOptions

    given = _given_tokens(typed)
    is_top_of_models = _is_top_of_models(typed)
    table = resolve.pricing(typed.prices)
    on = resolve.as_of(typed.prices.as_of, process)
    models = resolve.models(typed.request, table)
    return EstimateOptions(
        paths=() if given is not None else resolve.paths(typed.inputs, process, typed.content.string),
        strings=typed.content.string or (),
        input_tokens=given,
        rules=resolve.rules(typed.inputs),
        models=models,
        adds_models_of_requests=not typed.request.model,
        adds_replacements=not typed.comparison.versus,
        versus=resolve.comparators(typed.comparison, table, models, on),
        workload=resolve.workload(typed.request, typed.comparison.requests, calibrated=typed.calibrated, models=models),
        forecast=output_forecast(typed.request.output_tokens, typed.calibrated.calibration),
        pricing=table,
        on=on,
        kind=typed.content.kind,
        images=typed.content.images,
        full=typed.content.full,
        partial=typed.content.partial,
        assumed_image=assumed_size(typed.content),
        breakdown=resolve.breakdown(typed.parts.replaced(top=None) if is_top_of_models else typed.parts),
        order=typed.content.sort.value if typed.content.sort else None,
        most_models=parse_count(typed.parts.top or "", "--top", least=1) if is_top_of_models else None,
        requests_per_month=resolve.requests_per_month(typed.migrating.requests_per_month),
        migration=_migration(typed.migrating),
        endpoints=_endpoints(typed.endpoints, process),
        config=process.project.path if process.project else None,
        has_readings=not is_short_report(typed.output, process),
    )


def _is_top_of_models(typed: Typed) -> bool:
    """Return whether ``--top`` is about models: they are sorted, and there is no breakdown of the input."""
    parts = typed.parts
    return bool(typed.content.sort and parts.top is not None and parts.by is None and parts.tree is None)


def _given_tokens(typed: Typed) -> int | None:
    """Return the input tokens of a request, if they are given instead of an input to read.

    Raises:
        UsageError: there is also an input to read, or an option that needs one.
    """
    given, inputs, content, parts = typed.content.input_tokens, typed.inputs, typed.content, typed.parts
    if given is None:
        return None
    read = [
        *(inputs.paths or ()),
        *([inputs.files_from] if inputs.files_from is not None else []),
        *(content.string or ()),
    ]
    if read:
        message = f"--input-tokens takes the place of files: it does not go with {read[0]}"
        raise UsageError(message)
    top = None if _is_top_of_models(typed) else parts.top
    if (content.kind, content.images, parts.by, top, parts.tree) != (None, False, None, None, None):
        message = "--input-tokens reads nothing: it does not go with --kind, --images, --by, --top or --tree"
        raise UsageError(message)
    if typed.endpoints.count_with is CountWith.API:
        message = "--input-tokens reads nothing: there is nothing that --count-with api could ask about"
        raise UsageError(message)
    return parse_count(given, "--input-tokens")


def _endpoints(typed: TypedEndpoints, process: Process) -> EndpointOptions | None:
    """Return the settings for endpoints; None if the command line does not request them."""
    if typed.count_with is not CountWith.API:
        return None
    from ...endpoints.ask import EndpointOptions

    return EndpointOptions(
        environ=process.environ,
        max_requests=parse_count(typed.api_limit, "--api-limit", least=1),
        timeout_seconds=parse_count(typed.api_timeout, "--api-timeout", least=1),
    )


def _migration(typed: Migrating) -> MigrationOptions | None:
    """Return the settings for the migration; None if it was not requested.

    Raises:
        UsageError: reasoning tokens are given without a replacement to use them.
    """
    if not typed.migrate:
        if typed.reasoning_tokens is not None:
            message = "--reasoning-tokens only goes with --migrate"
            raise UsageError(message)
        return None
    from ...calculator.migration import DEFAULT_REASONING_TOKENS
    from .extras import MigrationOptions

    given = typed.reasoning_tokens
    return MigrationOptions(
        reasoning_tokens=DEFAULT_REASONING_TOKENS if given is None else parse_count(given, "--reasoning-tokens"),
    )


def _as_batch(file: str, typed: Typed, process: Process) -> ExitCode:
    """Price a file of requests like ``batch``, and print a note that this happened."""
    from ..batch.command import BatchRun, price_batch
    from ..batch.command import Typed as BatchTyped

    request, comparison = typed.request, typed.comparison
    if typed.endpoints.count_with is CountWith.API:
        message = f"{file} holds a request a line: --count-with api takes a file for each request"
        raise UsageError(message)
    if (request.cached_tokens, request.tier.value, comparison.requests) != ("0", "standard", "1"):
        message = f"{file} holds a request a line: --cached-tokens, --tier and --requests do not apply to it"
        raise UsageError(message, hint="gpt41calc batch shows every tier, and computes what a cache serves")
    parts = typed.parts
    if typed.migrating.migrate or (parts.by, parts.top, parts.tree) != (None, None, None):
        message = f"{file} holds a request a line: --by, --top, --tree and --migrate do not apply to it"
        raise UsageError(message)
    process.hint(f"{file} holds a request a line: this is what 'gpt41calc batch' says of it")
    as_typed = BatchTyped(
        run=BatchRun(model=request.model, output_tokens=request.output_tokens, versus=comparison.versus),
        images=typed.content,
        calibrated=typed.calibrated,
        vocabulary=typed.vocabulary,
        prices=typed.prices,
        configuration=typed.configuration,
        output=typed.output,
        partial=typed.content.partial,
    )
    return price_batch([file], as_typed, process)


def _deliver(estimate: Estimate, write: Renderer, output: Output, process: Process) -> ExitCode:
    """Write an estimate; with ``--quiet``, only the total cost of the first model."""
    require_no_input(output.file, estimate.inputs.paths)
    require_counted(estimate.inputs)
    if output.quiet:
        from ...render.json import plain_decimal

        first = estimate.models[0]
        if first.cost is None:
            message = f"{first.model.id} has {first.cost_reason}"
            raise UsageError(message, hint=f"'gpt41calc pricing show {first.model.id}' lists every price it has")
        deliver(plain_decimal(first.cost.total.value) + "\n", output, process)
    else:
        deliver(write.estimate(estimate), output, process)
    if estimate.is_given:
        return ExitCode.OK
    lost = verdict(estimate.inputs, process)
    if estimate.endpoints is None or estimate.endpoints.failure is None:
        return lost
    process.warn(estimate.endpoints.failure)
    return ExitCode.INCOMPLETE
