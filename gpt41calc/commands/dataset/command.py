"""The command that prices rows."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ...cli import resolve
from ...cli.command import Command
from ...cli.dataset_options import read_template, share_of
from ...cli.group import OptionGroup
from ...cli.option_groups import takes_groups
from ...cli.options import Comparison, Configuration, LimitsFile, Models, Output, Prices, Request, Versus
from ...cli.output import require_file_name, require_no_input
from ...cli.parse import parse_count, parse_size
from ...cli.process import Process
from ...errors import ExitCode, UsageError

if TYPE_CHECKING:
    from ...dataset.measure import Aim
    from ...dataset.template import Template
    from .options import DatasetOptions
    from .run import DatasetPrice

__all__ = ["register"]


class Rows(StrEnum):
    """How rows are stored."""

    PARQUET = "parquet"
    JSONL = "jsonl"
    CSV = "csv"
    LINES = "lines"
    DOCUMENTS = "documents"


class EngineChoice(StrEnum):
    """Where rows are counted."""

    LOCAL = "local"
    SPARK = "spark"
    RAY = "ray"


class Columns(OptionGroup):
    """What a request is made of."""

    column: Annotated[
        str | None,
        typer.Option(
            "--column", metavar="NAME", help="The column whose text is sent. Default: the only one, or 'text'."
        ),
    ] = None
    template: Annotated[
        str | None,
        typer.Option(
            "--template", metavar="FILE", help="Put every row into the text of FILE, where {name} is a column's value."
        ),
    ] = None
    messages: Annotated[
        bool, typer.Option("--messages", help="The column holds requests as JSON: lists of messages, or bodies.")
    ] = False
    rows: Annotated[
        Rows | None,
        typer.Option("--rows", help="How rows are stored. Default: by the endings of file names.", show_default=False),
    ] = None
    model: Models = None
    output_tokens: Annotated[
        str,
        typer.Option(
            "--output-tokens",
            metavar="N|pN|{COLUMN}",
            help="Output tokens of each request: a number, a percentile of the rows' own lengths (p50), or the column "
            "that has them.",
        ),
    ] = "1000"
    versus: Versus = None
    limits: LimitsFile = None


class Sampling(OptionGroup):
    """How well the total is to be known."""

    precision: Annotated[
        str | None,
        typer.Option(
            "--precision",
            metavar="PERCENT",
            help="Read until the total is known to ± PERCENT (95 %). Default: 2%. Up to 1 GB every row is counted.",
        ),
    ] = None
    sample: Annotated[
        str | None,
        typer.Option("--sample", metavar="PERCENT", help="Read PERCENT of it, whatever its size, with bounds."),
    ] = None
    exact: Annotated[bool, typer.Option("--exact", help="Count every row.")] = False
    max_read: Annotated[
        str, typer.Option("--max-read", metavar="SIZE", help="Read no more than this: of what is larger, a sample.")
    ] = "20GB"
    seed: Annotated[str, typer.Option("--seed", metavar="N", help="Draw another sample.")] = "0"


class Running(OptionGroup):
    """Where rows are counted."""

    engine: Annotated[EngineChoice, typer.Option("--engine", help="Where rows are counted.")] = EngineChoice.LOCAL
    master: Annotated[
        str | None, typer.Option("--master", metavar="URL", help="Address of the Spark or Ray cluster.")
    ] = None
    workers: Annotated[
        str | None, typer.Option("--workers", metavar="N", help="Processes of this machine. Default: one a core.")
    ] = None
    checkpoint: Annotated[
        str | None,
        typer.Option("--checkpoint", metavar="DIR", help="Keep what was counted in DIR, and go on from there."),
    ] = None


class Typed(OptionGroup):
    """Everything that can be typed besides the files."""

    columns: Columns
    sampling: Sampling
    running: Running
    prices: Prices
    configuration: Configuration
    output: Output


def register(app: typer.Typer) -> None:
    """Declare the command."""

    @app.command(cls=Command)
    @takes_groups
    def dataset(
        context: typer.Context,
        typed: Typed,
        paths: Annotated[
            list[str],
            typer.Argument(
                metavar="PATH|URL...", help="Parquet, JSONL, CSV or text: files, folders, globs, s3://, gs://, hf://."
            ),
        ],
    ) -> ExitCode:
        """What the rows of a dataset cost: all, or from a sample."""
        from .run import price_dataset

        process: Process = context.obj
        require_file_name(typed.output)
        options = _resolved(paths, typed, process)
        return _deliver(price_dataset(options, process.runtime(typed.output)), typed.output, process)


def _resolved(paths: list[str], typed: Typed, process: Process) -> DatasetOptions:
    from ...pricing.rate_limits import load_limits
    from .options import DatasetOptions, answers_of

    columns, table = typed.columns, resolve.pricing(typed.prices)
    answers, percentile, column = answers_of(columns.output_tokens)
    models, on = resolve.models(Request(model=columns.model), table), resolve.as_of(typed.prices.as_of, process)
    _require_engine(typed.running)
    if columns.messages and columns.template is not None:
        raise UsageError(
            "--messages does not go with --template: what is around messages is counted by the API's rules"
        )
    return DatasetOptions(
        urls=paths,
        rows=columns.rows.value if columns.rows else None,
        column=columns.column,
        holds_requests=columns.messages,
        template=_template(columns.template, columns.column),
        output=answers,
        output_column=column,
        output_percentile=percentile,
        models=models,
        comparators=[
            other
            for other in resolve.comparators(Comparison(versus=columns.versus), table, models, on)
            if other.id not in {model.id for model in models}
        ],
        aim=_aim(typed.sampling, typed.running.engine),
        wants_sample=_wants_sample(typed.sampling),
        engine=typed.running.engine.value,
        master=typed.running.master,
        workers=None if typed.running.workers is None else parse_count(typed.running.workers, "--workers", least=1),
        checkpoint=typed.running.checkpoint,
        on=on,
        pricing=table,
        limits=load_limits(columns.limits),
        config=process.project.path if process.project else None,
    )


def _template(path: str | None, column: str | None) -> Template | None:
    if path is None:
        return None
    if column is not None:
        message = "--column does not go with --template, which names its columns itself"
        raise UsageError(message)
    return read_template(path)


def _aim(typed: Sampling, engine: EngineChoice) -> Aim:
    from ...dataset.measure import Aim

    if sum((typed.exact, typed.sample is not None, typed.precision is not None)) > 1:
        message = "--exact, --sample and --precision do not go together"
        raise UsageError(message)
    seed, most = parse_count(typed.seed, "--seed"), parse_size(typed.max_read, "--max-read")
    # A cluster is asked because all of it is to be counted.
    if typed.exact or (engine is not EngineChoice.LOCAL and typed.sample is None and typed.precision is None):
        return Aim(mode="exact", seed=seed, most_bytes=most)
    if typed.sample is not None:
        return Aim(mode="share", share=share_of(typed.sample, "--sample"), seed=seed, most_bytes=most)
    return Aim(
        mode="precision", half_width=share_of(typed.precision or "2%", "--precision"), seed=seed, most_bytes=most
    )


def _wants_sample(typed: Sampling) -> bool:
    if typed.exact:
        return False
    return typed.precision is not None or typed.max_read != Sampling.max_read or typed.seed != Sampling.seed


def _require_engine(typed: Running) -> None:
    if typed.master is not None and typed.engine is EngineChoice.LOCAL:
        message = "--master goes with --engine spark or --engine ray"
        raise UsageError(message)


def _deliver(found: DatasetPrice, output: Output, process: Process) -> ExitCode:
    from ...cli.record_files import deliver_sheets, mention_lines
    from .report import dataset_sheet, rows_sheet

    require_no_input(output.file, (part.file.url for part in found.measured.parts))
    sheet = dataset_sheet(found)
    sheets = [sheet, rows_sheet(found)] if found.measured.sums.rows else [sheet]
    deliver_sheets(sheets, dataset_sheet(found, exact=True), output, process)
    if found.is_empty:
        process.warn("no row to price")
        process.hint("rows are read as the ending of a name says, or as --rows does")
    return mention_lines(found.skipped, process)
