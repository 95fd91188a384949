"""The command that prices a file of requests."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import BadNumber, ExitCode
from . import settings
from .command import Command
from .counting import progress, require_file_name
from .groups import takes_groups
from .options import Calibrated, Comparison, Configuration, Output, Prices, Request
from .process import Process

if TYPE_CHECKING:
    from ..requests.pictures import Size
    from .batching import Asked

__all__ = ["Pictures", "assumed_size", "deliver_batch", "register"]

_MEGABYTE = 10**6

_SIZE = re.compile(r"([0-9]{1,5})[x×]([0-9]{1,5})", re.ASCII)

AS_CAPPED = "cap"
"""What ``--output-tokens`` takes besides a number."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """What is done about pictures."""

    assume_image: Annotated[
        str | None,
        typer.Option(
            "--assume-image",
            metavar="WxH",
            help="Size of remote pictures, which are never fetched. Default: the size that takes the most tokens.",
        ),
    ] = None


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
        prices: Prices,
        _configuration: Configuration,
        output: Output,
        file: Annotated[str, typer.Argument(metavar="FILE", help="Requests, one a line (JSONL); - is standard input.")],
    ) -> ExitCode:
        """The cost of a file of API requests, and the cheapest way to run it."""
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
    from ..records.reading import require_files
    from ..render.batch import batch_sheets, ways_rows
    from ..sources.nouns import Source
    from ..tally import STDIN_NAME
    from .batching import plan_batch
    from .records import deliver_sheets, folder_of, mention_lines

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
    from ..pricing.limits import load_limits
    from .batching import Asked
    from .calibrating import foresight

    table = settings.pricing(prices)
    is_capped = run.output_tokens == AS_CAPPED
    return Asked(
        models=settings.models(Request(model=run.model), table) if run.model else (),
        variants=settings.models(Request(), table),
        comparators=settings.comparators(Comparison(versus=run.versus), table),
        foresight=foresight(None if is_capped else run.output_tokens, calibrated.calibration),
        from_body=is_capped,
        assumed=assumed_size(pictures),
        on=settings.as_of(prices.as_of, process),
        pricing=table,
        limits=load_limits(run.limits),
        config=process.project.path if process.project else None,
    )


def assumed_size(pictures: Pictures) -> Size | None:
    """Return the size of pictures that are not measured, if one is given.

    Raises:
        BadNumber: it is not written as WxH.
    """
    if pictures.assume_image is None:
        return None
    from ..requests.pictures import Size

    match = _SIZE.fullmatch(pictures.assume_image)
    if match is None or not int(match[1]) or not int(match[2]):
        message = f"--assume-image: expected width and height such as 1024x768, found '{pictures.assume_image:.40}'"
        raise BadNumber(message)
    return Size(int(match[1]), int(match[2]))
