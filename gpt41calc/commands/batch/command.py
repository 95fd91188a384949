"""The command that prices a file of requests."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from ...cli import resolve
from ...cli.command import Command
from ...cli.inputs import progress, require_file_name
from ...cli.option_groups import takes_groups
from ...cli.options import (
    Calibrated,
    Comparison,
    Configuration,
    Output,
    Pictures,
    Prices,
    Request,
    Vocabulary,
    assumed_size,
)
from ...cli.process import Process
from ...errors import ExitCode

if TYPE_CHECKING:
    from .run import Asked

__all__ = ["deliver_batch", "register"]

_MEGABYTE = 10**6


AS_CAPPED = "cap"
"""What ``--output-tokens`` takes besides a number."""


@dataclass(frozen=True, slots=True)
class Run:
    """With which models, and how long answers are."""

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
            help="Output tokens of each request; cap: what each body allows; p50, p90 and p99 are of the calibration. "
            "Default: 1000, or p50.",
        ),
    ] = None
    versus: Annotated[
        list[str] | None,
        typer.Option(
            "--versus",
            metavar="ID",
            help="Model to compare with. Repeatable. Default: gpt-4o, gpt-4.5-preview, claude-3-7-sonnet.",
        ),
    ] = None
    limits: Annotated[
        str | None, typer.Option("--limits", metavar="FILE", help="Lay the limits FILE (TOML) over the shipped ones.")
    ] = None
    split: Annotated[
        str | None,
        typer.Option("--split", metavar="DIR", help="Write files that a batch takes into the folder DIR."),
    ] = None


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(cls=Command)
    @takes_groups
    def batch(
        context: typer.Context,
        run: Run,
        pictures: Pictures,
        calibrated: Calibrated,
        vocabulary: Vocabulary,
        prices: Prices,
        _configuration: Configuration,
        output: Output,
        file: Annotated[str, typer.Argument(metavar="FILE", help="Requests, one a line (JSONL); - is standard input.")],
    ) -> ExitCode:
        """The cost of a file of API requests, and the cheapest way to run it."""
        vocabulary.use()
        return deliver_batch(file, run, pictures, calibrated, prices, output, context.obj)


def deliver_batch(
    file: str,
    run: Run,
    pictures: Pictures,
    calibrated: Calibrated,
    prices: Prices,
    output: Output,
    process: Process,
) -> ExitCode:
    """Read a file of requests and report on it."""
    from ...cli.record_files import deliver_sheets, folder_of, mention_lines
    from ...sources.json_records import require_files
    from ...sources.source import Source
    from ...tally import STDIN_NAME
    from .report import batch_sheets, ways_rows
    from .run import plan_batch

    require_file_name(output)
    require_files([file])
    asked = _asked(run, pictures, calibrated, prices, process)
    source = Source(STDIN_NAME, None, named=True) if file == "-" else Source(file, file, named=True)
    with progress(_megabytes(file), output, process) as observe:
        plan = plan_batch(
            source,
            folder_of(file),
            asked,
            lambda done: observe(done // _MEGABYTE),
            stdin=process.stdin,
            split=run.split,
        )
    deliver_sheets(batch_sheets(plan), ways_rows(plan), output, process)
    if not plan.models and not plan.skipped:
        process.warn("no request to price")
    if plan.left_out:
        process.warn(f"{plan.left_out:,} requests are in none of the files that were written")
    lost = mention_lines(plan.skipped, process)
    return ExitCode.INCOMPLETE if plan.left_out else lost


def _megabytes(file: str) -> int:
    try:
        return -(-os.stat(file).st_size // _MEGABYTE)
    except OSError:
        return 0


def _asked(run: Run, pictures: Pictures, calibrated: Calibrated, prices: Prices, process: Process) -> Asked:
    from ...cli.calibration import foresight
    from ...pricing.rate_limits import load_limits
    from .run import Asked

    table = resolve.pricing(prices)
    is_capped = run.output_tokens == AS_CAPPED
    return Asked(
        models=resolve.models(Request(model=run.model), table) if run.model else (),
        variants=resolve.models(Request(), table),
        comparators=resolve.comparators(Comparison(versus=run.versus), table),
        foresight=foresight(None if is_capped else run.output_tokens, calibrated.calibration),
        from_body=is_capped,
        assumed=assumed_size(pictures),
        on=resolve.as_of(prices.as_of, process),
        pricing=table,
        limits=load_limits(run.limits),
        config=process.project.path if process.project else None,
    )
