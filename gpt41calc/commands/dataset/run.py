"""Find, count and price the rows of a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from ...counting.cores import usable_cores
from ...counting.runtime import Runtime
from ...dataset.checkpoint import Checkpoint
from ...dataset.count_rows import Counting
from ...dataset.files import DataFile, find_files
from ...dataset.head import require_readable
from ...dataset.job import Job
from ...dataset.measure import expected_bytes, measure
from ...dataset.measured import Measured
from ...dataset.messages import counting_rule
from ...dataset.own_tokenizers import is_slow, read_in
from ...dataset.units import Part, Unreadable, divide
from ...pricing.schema import Model
from ...tally import Skipped
from .charge import Around, Output
from .options import DatasetOptions
from .price import ModelPrice, price_models, thresholds_of
from .queue import QueueTime, batch_files, queue_times

if TYPE_CHECKING:
    from ...dataset.engines import Engine

__all__ = ["DatasetPrice", "price_dataset"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetPrice:
    """What a dataset takes and costs."""

    options: DatasetOptions
    """What was asked."""

    files: int
    """How many files it has."""

    stored_bytes: int
    """How long they are."""

    measured: Measured
    """What was counted of them."""

    output: Output
    """How long answers are."""

    models: tuple[ModelPrice, ...]
    """What every model costs: those that were asked about, then the comparators."""

    around: int
    """Tokens that the template adds to every row."""

    batch_files: int
    """How many batch files it takes, at least."""

    queue: tuple[QueueTime, ...]
    """How long the batch queue of the first model takes."""

    skipped: tuple[Skipped, ...]
    """What could not be read."""

    @property
    def complete(self) -> bool:
        """Whether everything could be read."""
        return not self.skipped

    @property
    def is_empty(self) -> bool:
        """Whether everything could be read, and no row is sent."""
        return self.complete and not self.measured.sums.rows

    @property
    def as_of(self) -> date:
        """The day whose prices hold."""
        return self.options.on

    @property
    def first(self) -> ModelPrice:
        """The model that the answer is about."""
        return self.models[0]


def price_dataset(options: DatasetOptions, runtime: Runtime) -> DatasetPrice:
    """Return what a dataset takes and costs.

    Raises:
        NoSuchPath: a path does not exist.
        UsageError: a column is missing or holds no text, a store refuses, or there are too few pieces for a sample.
        MissingExtra: a package is not installed that is needed.
    """
    files = find_files(options.urls, options.rows)
    job = _job(options)
    head = require_readable(files, job)
    if job.template is None:
        job = replace(job, column=head.columns[0])
        job = _of_requests(job, options) if options.holds_requests or head.holds_requests else job
    parts, unreadable = _divided(files, job)
    around = _around(job)
    checkpoint = Checkpoint(options.checkpoint, job) if options.checkpoint else None
    try:
        with runtime.progress(expected_bytes(parts, options.aim), "bytes") as observe:
            measured = measure(
                parts,
                job,
                _engine(options),
                options.aim,
                checkpoint=checkpoint,
                observe=observe,
                tokens_around=around.tokens,
            )
    finally:
        if checkpoint:
            checkpoint.close()
    return _priced(options, files, measured, around, unreadable)


def _around(job: Job) -> Around:
    if job.template is None:
        return Around(0, 0)
    counting = Counting(job.encodings[0], template=job.template)
    return Around(counting.tokens_around, counting.tokens_before)


def _job(options: DatasetOptions) -> Job:
    models = (*options.models, *options.comparators)
    names = dict.fromkeys(name for model in models for name in read_in(model))
    return Job(
        column=options.column,
        template=options.template,
        encodings=tuple(sorted(names, key=is_slow)),  # the first has every row
        thresholds=thresholds_of(models, options.output),
        output_column=options.output_column,
        seed=options.aim.seed,
    )


def _of_requests(job: Job, options: DatasetOptions) -> Job:
    """Return the job for rows that are requests: one count for all models that count alike."""
    models = (*options.models, *options.comparators)
    alike: dict[object, Model] = {}
    for model in models:
        alike.setdefault(counting_rule(model), model)
    # What is known of a row, its price step and its length, is that of the first: in it every row is counted.
    rules = sorted(alike.values(), key=lambda model: is_slow(model.counted_in))
    if is_slow(rules[0].counted_in):
        rules.insert(0, options.pricing.find("gpt-4.1"))
    return replace(
        job,
        encodings=tuple(rule.id for rule in rules),
        rules=tuple(rules),
        thresholds=thresholds_of(models, options.output, is_own=True),
    )


def _divided(files: Sequence[DataFile], job: Job) -> tuple[list[Part], list[Skipped]]:
    parts: list[Part] = []
    unreadable: list[Skipped] = []
    for one in divide(files, job.columns):
        if isinstance(one, Unreadable):
            unreadable.append(Skipped(one.file.name, one.reason, expected=False))
        elif one.size:
            parts.append(one)
    return parts, unreadable


def _engine(options: DatasetOptions) -> Engine:
    if options.engine == "spark":
        from ...dataset.engines.spark import SparkEngine

        return SparkEngine(options.master, options.workers)
    if options.engine == "ray":
        from ...dataset.engines.ray import RayEngine

        return RayEngine(options.master, options.workers)
    from ...dataset.engines.local import LocalEngine

    return LocalEngine(options.workers or usable_cores())


def _priced(
    options: DatasetOptions,
    files: Sequence[DataFile],
    measured: Measured,
    around: Around,
    unreadable: Sequence[Skipped],
) -> DatasetPrice:
    output = options.output
    if options.output_percentile is not None:
        length = measured.percentile(options.output_percentile) or 0
        output = replace(output, tokens=length, rule=f"{output.rule}: {length:,}")
    models = price_models((*options.models, *options.comparators), measured, output, around, options.on)
    template_bytes = sum(len(literal.encode()) for literal, _ in options.template.parts) if options.template else 0
    return DatasetPrice(
        options=options,
        files=len(files),
        stored_bytes=sum(file.size for file in files),
        measured=measured,
        output=output,
        models=models,
        around=around.tokens,
        batch_files=batch_files(
            options.limits.table.batch,
            measured.requests.value,
            measured.total(lambda tally: tally.bytes).value,
            template_bytes,
        ),
        queue=queue_times(options.limits.find(models[0].model.id), models[0].tokens, measured.longest.tokens),
        skipped=(*unreadable, *measured.skipped),
    )
