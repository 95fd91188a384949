"""The command that prices training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from ...cli import resolve
from ...cli.command import Command
from ...cli.inputs import require_file_name
from ...cli.option_groups import takes_groups
from ...cli.options import Configuration, Output, Prices, Request
from ...cli.parse import parse_count
from ...cli.process import Process
from ...cli.record_files import deliver_sheets, folder_of, is_large, mention_lines, usable
from ...errors import BadNumber, ExitCode

if TYPE_CHECKING:
    from ...pricing.schema import Model
    from ...tally import Skipped
    from ...tokenizer.protocol import Tokenizer
    from .cost import Example, Training

__all__ = ["register"]

_AUTO = "auto"
_MOST_EPOCHS = 10_000


@dataclass(frozen=True, slots=True)
class Job:
    """A training job."""

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


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(cls=Command)
    @takes_groups
    def finetune(
        context: typer.Context,
        job: Job,
        prices: Prices,
        _configuration: Configuration,
        output: Output,
        file: Annotated[
            str, typer.Argument(metavar="FILE", help="Examples in the chat format, one a line; - is standard input.")
        ],
    ) -> ExitCode:
        """What training on a file of examples costs."""
        from .report import examples_sheet, training_sheet

        process: Process = context.obj
        require_file_name(output)
        found = _training(file, job, prices, process)
        sheet = training_sheet(found)
        sheets = [sheet, examples_sheet(found)] if found.examples else [sheet]
        deliver_sheets(sheets, training_sheet(found, exact=True), output, process)
        if not found.examples:
            process.warn("no example to train on")
        return mention_lines(found.skipped, process)


def _training(path: str, job: Job, prices: Prices, process: Process) -> Training:
    """Read and count the examples, and price them."""
    from ...sources.json_records import require_files
    from ...tally import STDIN_NAME
    from .cost import training

    require_files([path])
    table, day = resolve.pricing(prices), resolve.as_of(prices.as_of, process)
    models = resolve.models(Request(model=job.model), table)
    epochs = _epochs(job.epochs)
    saves = None if job.saves_tokens is None else parse_count(job.saves_tokens, "--saves-tokens")
    skipped: list[Skipped] = []
    examples = _examples(path, models, skipped, process)
    return training(
        STDIN_NAME if path == "-" else path,
        examples,
        models,
        epochs=epochs,
        saves_tokens=saves,
        on=day,
        checked=table.checked,
        skipped=skipped,
        overlay=table.overlay,
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


def _examples(path: str, models: Sequence[Model], skipped: list[Skipped], process: Process) -> dict[str, list[Example]]:
    """Return the examples as every model counts them, and keep the lines that are none."""
    from ...errors import RequestError
    from ...tally import Skipped
    from ...tokenizer.engines import tokenizer
    from .count_examples import counted_examples
    from .examples import NotAnExample

    tokenizers: dict[str, Tokenizer] = {
        model.counted_in: tokenizer(model.counted_in, short=not is_large(path)) for model in models
    }
    examples: dict[str, list[Example]] = {model.id: [] for model in models}
    for record in usable(path, process, skipped):
        try:
            counted = counted_examples(record, folder_of(path), models, tokenizers)
        except (NotAnExample, RequestError) as error:
            skipped.append(Skipped(record.place, str(error), expected=False))
            continue
        for name, example in counted.items():
            examples[name].append(example)
    return examples
