"""The ``batch`` command, which prices a file of requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from ...cli import resolve
from ...cli.command import Command
from ...cli.group import OptionGroup
from ...cli.image_options import ImageOptions, assumed_size
from ...cli.option_groups import takes_groups
from ...cli.options import (
    Calibrated,
    Comparison,
    Configuration,
    Format,
    LimitsFile,
    Output,
    Partial,
    Prices,
    Request,
    Versus,
)
from ...cli.output import chosen_format, require_file_name
from ...cli.process import Process
from ...cli.vocabulary_option import Vocabulary
from ...errors import ExitCode

if TYPE_CHECKING:
    from .options import BatchOptions
    from .plan import BatchPlan

__all__ = ["BatchRun", "Typed", "price_batch", "register"]

AS_CAPPED = "cap"
"""Value of ``--output-tokens`` that takes the output limit from each body."""

_ROWS = (".csv", ".parquet", ".tsv")
"""Endings of files that have rows in place of requests."""


class BatchRun(OptionGroup):
    """Models and output lengths for a batch."""

    model: Annotated[
        list[str] | None,
        typer.Option(
            "-m", "--model", metavar="ID", help="Run all requests with this model, not each with its own. Repeatable."
        ),
    ] = None
    output_tokens: Annotated[
        str | None,
        typer.Option(
            "--output-tokens",
            metavar="N|cap",
            help="Output tokens of each request, or its own cap if less; cap: what each body allows; p50, p90 and "
            "p99 are of the calibration. Default: 1000, or p50.",
        ),
    ] = None
    versus: Versus = None
    limits: LimitsFile = None
    split: Annotated[
        str | None,
        typer.Option("--split", metavar="DIR", help="Write files that a batch takes into the folder DIR."),
    ] = None


class Typed(OptionGroup):
    """All options of the command besides the files."""

    run: BatchRun
    images: ImageOptions
    calibrated: Calibrated
    vocabulary: Vocabulary
    prices: Prices
    configuration: Configuration
    output: Output
    partial: Partial = False


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command)
    @takes_groups
    def batch(
        context: typer.Context,
        typed: Typed,
        files: Annotated[
            list[str],
            typer.Argument(
                metavar="FILE...", help="Requests, one a line (JSONL), also .gz and .zst; - is standard input."
            ),
        ],
    ) -> ExitCode:
        """The cost of a file of requests, and the cheapest way to run it."""
        typed.vocabulary.use()
        return price_batch(files, typed, context.obj)


def price_batch(files: Sequence[str], typed: Typed, process: Process) -> ExitCode:
    """Read files of requests and print the report."""
    from .run import plan_batch

    require_file_name(typed.output)
    options = _resolved(files, typed, process)
    return _deliver(plan_batch(options, process.runtime(typed.output)), typed.output, process)


def _resolved(files: Sequence[str], typed: Typed, process: Process) -> BatchOptions:
    from ...cli.calibration import output_forecast
    from ...pricing.rate_limits import load_limits
    from .options import BatchOptions

    run, table = typed.run, resolve.pricing(typed.prices)
    on, variants = resolve.as_of(typed.prices.as_of, process), resolve.models(Request(), table)
    models = resolve.models(Request(model=run.model), table) if run.model else ()
    is_capped = run.output_tokens == AS_CAPPED
    return BatchOptions(
        paths=files,
        models=models,
        variants=variants,
        comparators=resolve.comparators(Comparison(versus=run.versus), table, models or variants, on),
        forecast=output_forecast(None if is_capped else run.output_tokens, typed.calibrated.calibration),
        from_body=is_capped,
        assumed_image=assumed_size(typed.images),
        partial=typed.partial,
        on=on,
        pricing=table,
        limits=load_limits(run.limits),
        split_folder=run.split,
        config=process.project.path if process.project else None,
    )


def _deliver(plan: BatchPlan, output: Output, process: Process) -> ExitCode:
    from ...cli.record_files import deliver_sheets, mention_lines
    from .report import batch_sheets, modes_rows

    is_whole = output.explain or chosen_format(Format, output, process) in {Format.MARKDOWN, Format.HTML}
    deliver_sheets(batch_sheets(plan, is_whole=is_whole), modes_rows(plan), output, process)
    if not plan.models and not plan.skipped:
        process.warn("no request to price")
    if plan.left_out:
        are = "request is" if plan.left_out == 1 else "requests are"
        process.warn(f"{plan.left_out:,} {are} in none of the files that were written")
    lost = mention_lines(plan.skipped, process)
    if not plan.models and any(path.lower().endswith(_ROWS) for path in plan.paths):
        process.hint("rows of a table are priced by 'gpt41calc dataset FILE --column NAME'")
    return ExitCode.INCOMPLETE if plan.left_out else lost
