"""The ``finetune`` command, which prices training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ...cli import resolve
from ...cli.command import Command
from ...cli.group import OptionGroup
from ...cli.image_options import ImageOptions, assumed_size
from ...cli.option_groups import takes_groups
from ...cli.options import Configuration, Output, Partial, Prices, Request
from ...cli.output import require_file_name
from ...cli.parse import parse_count
from ...cli.process import Process
from ...errors import BadNumber, ExitCode

if TYPE_CHECKING:
    from .run import FinetuneOptions
    from .training import Training

__all__ = ["register"]

_AUTO = "auto"
_MOST_EPOCHS = 10_000


class Job(OptionGroup):
    """Options of a training job."""

    model: Annotated[
        list[str] | None,
        typer.Option(
            "-m", "--model", metavar="ID", help="Model to train. Repeatable. Default: the three variants of GPT-4.1."
        ),
    ] = None
    epochs: Annotated[
        str,
        typer.Option(
            "--epochs",
            metavar="N",
            help="How often each example is seen; auto: by the rule of OpenAI's cookbook.",
        ),
    ] = _AUTO
    saves_tokens: Annotated[
        str | None,
        typer.Option(
            "--saves-tokens",
            metavar="N",
            help="By how many tokens the fine-tuned model's prompts are shorter: shows when training is paid for.",
        ),
    ] = None


class Typed(OptionGroup):
    """All options of the command besides the file."""

    job: Job
    images: ImageOptions
    prices: Prices
    configuration: Configuration
    output: Output
    partial: Partial = False


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command)
    @takes_groups
    def finetune(
        context: typer.Context,
        typed: Typed,
        file: Annotated[
            str,
            typer.Argument(
                metavar="FILE", help="Examples in the chat format, or preference data, one a line; - is standard input."
            ),
        ],
    ) -> ExitCode:
        """What training on a file of examples costs."""
        from .run import price_training

        process: Process = context.obj
        require_file_name(typed.output)
        options = _resolved(file, typed, process)
        return _deliver(price_training(options, process.runtime(typed.output)), typed.output, process)


def _resolved(file: str, typed: Typed, process: Process) -> FinetuneOptions:
    from .run import FinetuneOptions

    job, table = typed.job, resolve.pricing(typed.prices)
    return FinetuneOptions(
        path=file,
        models=resolve.models(Request(model=job.model), table),
        epochs=_epochs(job.epochs),
        saves_tokens=None if job.saves_tokens is None else parse_count(job.saves_tokens, "--saves-tokens"),
        assumed_image=assumed_size(typed.images),
        partial=typed.partial,
        pricing=table,
        on=resolve.as_of(typed.prices.as_of, process),
        config=process.project.path if process.project else None,
    )


def _epochs(typed: str) -> int | None:
    if typed == _AUTO:
        return None
    try:
        number = parse_count(typed, "--epochs", least=1)
    except BadNumber as error:
        message = f"--epochs: expected auto or a whole number from 1, found '{typed:.40}'"
        raise BadNumber(message) from error
    if number > _MOST_EPOCHS:
        message = f"--epochs: expected at most {_MOST_EPOCHS:,}, found '{typed:.40}'"
        raise BadNumber(message)
    return number


def _deliver(found: Training, output: Output, process: Process) -> ExitCode:
    from ...cli.record_files import deliver_sheets, mention_lines
    from .report import examples_sheet, training_sheet

    sheet = training_sheet(found)
    sheets = [sheet, examples_sheet(found)] if found.examples else [sheet]
    deliver_sheets(sheets, training_sheet(found, exact=True), output, process)
    if not found.examples:
        process.warn("no example to train on")
    return mention_lines(found.skipped, process)
